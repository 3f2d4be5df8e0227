"""Anything that people and the clock do to bookings, in any order, against a model of it.

The model is a few lists; the site has rows, locks and mails. After every step they agree.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from courses.bookings import services
from courses.bookings.models import Attendee, Booking, BookingEvent, WaitingListEntry
from courses.models import CoursePage, CourseRun, Place
from tests.factories import CoursePageFactory, CourseRunFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
CHANGES_UNTIL = dt.timedelta(days=7)
OFFER = 48 * HOUR
TOTAL = 174  # for one person, in pounds

some = st.integers(0, 999)
several = st.sampled_from([{0, 1}, {0}, {1}])


@dataclass
class Date:
    """What the model knows of a date."""

    course: int
    start: dt.datetime
    capacity: int
    is_off: bool = False
    line: list[int] = field(default_factory=list)
    offers: dict[int, dt.datetime] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    # How many may be there although the date was made smaller since.
    excess: int = 0

    @property
    def taken(self) -> int:
        return len(self.people) + len(self.offers)

    @property
    def left(self) -> int:
        return max(self.capacity - self.taken, 0)

    def is_open(self, now: dt.datetime) -> bool:
        return not self.is_off and now < self.start

    def can_change(self, now: dt.datetime) -> bool:
        """Whoever booked a date that was called off may leave it until it would have begun."""
        return now < (self.start if self.is_off else self.start - CHANGES_UNTIL)

    def offer(self, now: dt.datetime) -> None:
        while self.is_open(now) and self.left and self.line:
            self.offers[self.line.pop(0)] = min(now + OFFER, self.start)


@dataclass
class Clock:
    """The time, which stands still until a step moves it."""

    now: dt.datetime
    steps: int = 0
    seen: Counter[str] = field(default_factory=Counter)


class Bookings(RuleBasedStateMachine):
    """Two dates of one course, one of another, and everything that happens to them."""

    clock: Clock
    courses: tuple[CoursePage, ...]

    def __init__(self) -> None:
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.clock.now = dt.datetime.now(dt.UTC)
        self.dates: dict[int, Date] = {}
        for course, days, capacity in ((0, 15, 1), (0, 25, 3), (1, 25, 1)):
            run = CourseRunFactory(
                course=self.courses[course], in_days=days, online=True, capacity=capacity
            )
            self.dates[run.pk] = Date(course, run.start, capacity)
        self.bookings: dict[int, list[int]] = {}
        self.entries: dict[int, WaitingListEntry] = {}
        self.taken_offers: dict[int, int] = {}
        self.events = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    # What is there

    @property
    def now(self) -> dt.datetime:
        return self.clock.now

    def one_of(self, things: Iterable[Any], number: int) -> Any:
        listed = list(things)
        return listed[number % len(listed)]

    def date(self, number: int) -> tuple[int, Date]:
        pk = self.one_of(self.dates, number)
        return pk, self.dates[pk]

    def with_places(self) -> list[tuple[int, Date]]:
        return [item for item in self.dates.items() if item[1].is_open(self.now) and item[1].left]

    def where(self, attendee: int) -> Date | None:
        return next((date for date in self.dates.values() if attendee in date.people), None)

    def a_booking(self, number: int) -> int:
        """Most likely one whose places somebody waits for."""
        dates = {
            pk: [date for person in people if (date := self.where(person))]
            for pk, people in self.bookings.items()
        }
        living = [pk for pk in dates if dates[pk]]
        wanted = [pk for pk in living if any(date.line for date in dates[pk])]
        return int(self.one_of([*wanted, *wanted, *living, *dates], number))

    def picked(self, booking: int, rows: set[int]) -> list[int]:
        return [pk for row, pk in enumerate(self.bookings[booking]) if row in rows]

    def booked(self, booking: Booking, date: Date) -> None:
        """Note in the model that somebody booked."""
        people = [person.pk for person in booking.coming]
        self.clock.seen["booked"] += 1
        self.bookings[booking.pk] = people
        date.people.update(people)
        self.events += 1

    def refused(self, do: Callable[[], object]) -> None:
        with pytest.raises(services.RefusedError) as refusal:
            do()
        self.clock.seen[str(refusal.value)] += 1

    @initialize(count=st.integers(0, 3))
    def sell_most(self, count: int) -> None:
        for pk, date in self.dates.items():
            self.book_on(pk, date, min(date.capacity, 2))
            for name in "abc"[: 0 if date.left else count]:
                self.join_on(pk, date, name)

    # What people do

    @rule(number=some, count=st.integers(1, 2))
    def book(self, number: int, count: int) -> None:
        self.book_on(*self.one_of([*self.with_places(), *self.dates.items()], number), count)

    def book_on(self, pk: int, date: Date, count: int) -> None:
        order = services.Order(
            "Ada", "ada@example.org", tuple(services.Person(f"P{i}") for i in range(count))
        )
        key = uuid.uuid4()
        if not date.is_open(self.now) or count > date.left:
            self.refused(lambda: services.book(pk, order, key))
            return
        booking = services.book(pk, order, key)
        self.booked(booking, date)
        assert services.book(pk, order, key) == booking, "sent twice"

    @precondition(lambda self: self.bookings)
    @rule(number=some, rows=several)
    def cancel(self, number: int, rows: set[int]) -> None:
        booking = self.a_booking(number)
        picked = self.picked(booking, rows)
        leavers = {pk: date for pk in picked if (date := self.where(pk))}
        if not all(date.can_change(self.now) for date in leavers.values()):
            self.refused(lambda: services.cancel(booking, picked))
            return
        assert {person.pk for person in services.cancel(booking, picked)} == set(leavers)
        for pk, date in leavers.items():
            date.people.remove(pk)
        self.changed(leavers, "cancelled")

    @precondition(lambda self: self.bookings)
    @rule(number=some, rows=several, to=some)
    def move(self, number: int, rows: set[int], to: int) -> None:
        booking = self.a_booking(number)
        picked = self.picked(booking, rows)
        target_pk, target = self.one_of([*self.with_places(), *self.dates.items()], to)
        movers = {pk: date for pk in picked if (date := self.where(pk)) and date is not target}
        possible = (
            all(date.can_change(self.now) for date in movers.values())
            and all(date.course == target.course for date in movers.values())
            and target.is_open(self.now)
            and len(movers) <= target.left
        )
        if movers and not possible:
            self.refused(lambda: services.move(booking, picked, target_pk))
            return
        moved = services.move(booking, picked, target_pk)
        assert {person.pk for person in moved} == set(movers)
        for pk, date in movers.items():
            date.people.remove(pk)
            target.people.add(pk)
        self.changed(movers, "moved")

    def changed(self, people: dict[int, Date], what: str) -> None:
        """Note in the model that people left dates."""
        self.clock.seen[what] += len(people)
        for date in people.values():
            date.offer(self.now)
        self.events += bool(people)

    # The waiting list

    @rule(number=some, name=st.sampled_from("abcdefgh"))
    def join(self, number: int, name: str) -> None:
        full = [item for item in self.dates.items() if not item[1].left]
        self.join_on(*self.one_of([*full, *self.dates.items()], number), name)

    def join_on(self, pk: int, date: Date, name: str) -> None:
        waiter = services.Waiter(name, f"{name}@example.org")
        same = [e for e in (*date.line, *date.offers) if self.entries[e].name == name]
        if date.left or not date.is_open(self.now):
            self.refused(lambda: services.join(pk, waiter, uuid.uuid4()))
            return
        entry = services.join(pk, waiter, uuid.uuid4())
        assert [entry.pk] == (same or [entry.pk])
        if not same:
            self.entries[entry.pk] = entry
            date.line.append(entry.pk)

    @precondition(lambda self: self.entries)
    @rule(number=some)
    def leave(self, number: int) -> None:
        pk = self.one_of(self.entries, number)
        date = self.dates[self.entries[pk].run_id]
        services.leave(pk)
        if pk in date.line:
            date.line.remove(pk)
        elif date.offers.pop(pk, None):
            date.offer(self.now)

    @precondition(lambda self: any(date.offers for date in self.dates.values()))
    @rule(number=some)
    def take_an_offer(self, number: int) -> None:
        self.take(self.one_of([pk for date in self.dates.values() for pk in date.offers], number))

    @precondition(lambda self: self.entries)
    @rule(number=some)
    def take_what_may_not_be_offered(self, number: int) -> None:
        self.take(self.one_of(self.entries, number))

    def take(self, pk: int) -> None:
        entry = self.entries[pk]
        date = self.dates[entry.run_id]
        order = services.Order(entry.name, entry.email, (services.Person(entry.name),))
        take = partial(services.book, entry.run_id, order, entry.key, entry=entry)
        if pk in self.taken_offers:
            assert take().pk == self.taken_offers[pk]
        elif date.is_open(self.now) and date.offers.get(pk, self.now) > self.now:
            booking = take()
            del date.offers[pk]
            self.booked(booking, date)
            self.taken_offers[pk] = booking.pk
            self.clock.seen["took an offer"] += 1
        else:
            self.refused(take)

    # What the office and the clock do

    @rule(number=some, capacity=st.integers(1, 4))
    def resize(self, number: int, capacity: int) -> None:
        pk, date = self.date(number)
        self.save(pk, capacity=capacity)
        date.capacity = capacity
        date.excess = date.taken
        date.offer(self.now)

    @precondition(lambda self: any(date.offers for date in self.dates.values()))
    @rule(number=some)
    def call_off(self, number: int) -> None:
        """The worker's minute may come before or after somebody takes the place that was held."""
        pk, date = self.one_of([item for item in self.dates.items() if item[1].offers], number)
        self.save(pk, cancelled_at=self.now)
        date.is_off = True

    @precondition(lambda self: any(date.is_off for date in self.dates.values()))
    @rule(number=some)
    def call_on_again(self, number: int) -> None:
        pk, date = self.one_of([item for item in self.dates.items() if item[1].is_off], number)
        date.is_off = False
        date.offer(self.now)
        self.save(pk, cancelled_at=None)

    def save(self, pk: int, **changes: Any) -> None:
        run = CourseRun.objects.get(pk=pk)
        for name, value in changes.items():
            setattr(run, name, value)
        run.save()

    @rule(hours=st.sampled_from([1, 20, 50]))
    def wait(self, hours: int) -> None:
        self.clock.now += hours * HOUR

    @rule()
    def tick(self) -> None:
        """The worker's minute has come."""
        ended = 0
        for date in self.dates.values():
            if date.is_open(self.now):
                lapsed = [pk for pk, until in date.offers.items() if until <= self.now]
            else:
                lapsed = [*date.offers, *date.line]
                date.line.clear()
            self.clock.seen["lapsed"] += len(lapsed)
            for pk in lapsed:
                date.offers.pop(pk, None)
            ended += len(lapsed)
            date.offer(self.now)
        assert services.move_lines_on(self.now) == ended

    # What is always so

    @invariant()
    def rows_and_model_agree(self) -> None:
        self.clock.steps += 1
        line: dict[int, list[int]] = {pk: [] for pk in self.dates}
        offers: dict[int, dict[int, dt.datetime]] = {pk: {} for pk in self.dates}
        for entry in WaitingListEntry.objects.waiting():
            if entry.place_id is None:
                line[entry.run_id].append(entry.pk)
            else:
                offers[entry.run_id][entry.pk] = entry.offered_until
        coming = Attendee.objects.coming().values_list("place__run", "pk")
        people: dict[int, set[int]] = {pk: set() for pk in self.dates}
        for run, person in coming:
            people[run].add(person)
        assert line == {pk: date.line for pk, date in self.dates.items()}
        assert offers == {pk: date.offers for pk, date in self.dates.items()}
        assert people == {pk: date.people for pk, date in self.dates.items()}

    @invariant()
    def every_place_is_somebodys(self) -> None:
        taken = Counter(Place.objects.taken().values_list("run", flat=True))
        assert taken == Counter({pk: date.taken for pk, date in self.dates.items()})

    @invariant()
    def no_date_is_oversold(self) -> None:
        for date in self.dates.values():
            date.excess = min(date.excess, date.taken)
            assert date.taken <= max(date.capacity, date.excess)

    @invariant()
    def nobody_waits_while_a_place_is_free(self) -> None:
        for date in self.dates.values():
            assert not (date.is_open(self.now) and date.line and date.left)

    @invariant()
    def everything_is_noted_and_priced(self) -> None:
        assert BookingEvent.objects.count() == self.events
        for booking in Booking.objects.with_people().filter(pk__in=list(self.bookings)[-3:]):
            assert len({person.run.course_id for person in booking.people}) == 1
            assert booking.price.total == TOTAL * len(booking.coming)


@pytest.mark.slow
def test_whatever_happens(
    rounds: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(timezone.now())
    courses = (CoursePageFactory(), CoursePageFactory())
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    machine = type("Machine", (Bookings,), {"clock": clock, "courses": courses})
    settings = hypothesis.settings(
        max_examples=rounds(8, 250),
        stateful_step_count=50,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    run_machine(machine, settings=settings)
    assert clock.steps >= rounds(100, 10_000)
    for what in ("booked", "cancelled", "moved", "took an offer", "lapsed"):
        assert clock.seen[what] >= rounds(0, 10), clock.seen
