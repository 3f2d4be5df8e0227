"""Which people come to which date of which course. Asks neither the database nor the clock.

Everybody in a role takes all of its courses. A course goes to the soonest date that has places for
all of them; where none has, they are split over the soonest dates. Nobody is asked to be in two
places at once: a date is left out while it overlaps with one that somebody in the same role has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from courses.prices import NOTHING, Price


@dataclass(frozen=True)
class Need:
    """So many people in one role, and the keys of the courses that they need."""

    role: str
    people: int
    courses: frozenset[int]


@dataclass(frozen=True)
class Date:
    """A date to come with places that can be booked."""

    start: datetime
    end: datetime
    left: int
    when: str = ""
    where: str = ""

    def overlaps(self, other: Date) -> bool:
        """Whether nobody can be at both."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Course:
    """A course on offer; without a price, people ask for it."""

    key: int
    title: str
    price: Decimal | None
    vat: str
    in_house: bool
    dates: tuple[Date, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Seats:
    """So many people on one date, and what their places cost: one booking, one invoice."""

    date: Date
    people: int
    price: Price | None


@dataclass(frozen=True)
class Step:
    """One course of the plan: who needs it, and on which dates they have places."""

    course: Course
    needs: tuple[Need, ...]
    seats: tuple[Seats, ...]
    in_house_from: int

    @property
    def people(self) -> int:
        """How many people need the course."""
        return sum(need.people for need in self.needs)

    @property
    def short(self) -> int:
        """How many of them no date has places for."""
        return self.people - sum(seats.people for seats in self.seats)

    @property
    def suggests_in_house(self) -> bool:
        """Whether a day of one's own suits better: a large group, or too few places."""
        return self.course.in_house and (self.people >= self.in_house_from or self.short > 0)

    @property
    def who(self) -> str:
        """Who needs it: "6 × Support worker, 2 × Team leader"."""
        return ", ".join(f"{need.people} × {need.role}" for need in self.needs)


@dataclass(frozen=True)
class Plan:
    """The courses that a team needs."""

    needs: tuple[Need, ...]
    steps: tuple[Step, ...]

    @property
    def people(self) -> int:
        """How many people are in the team."""
        return sum(need.people for need in self.needs)

    @property
    def team(self) -> str:
        """Who is in it."""
        return ", ".join(f"{need.people} × {need.role}" for need in self.needs)

    @property
    def prices(self) -> list[Price]:
        """What each of the bookings costs, where a price is known."""
        return [
            seats.price for step in self.steps for seats in step.seats if seats.price is not None
        ]

    @property
    def net(self) -> Decimal:
        """All places before value added tax."""
        return sum((price.net for price in self.prices), NOTHING)

    @property
    def tax(self) -> Decimal:
        """The value added tax on them."""
        return sum((price.tax for price in self.prices), NOTHING)

    @property
    def total(self) -> Decimal:
        """What the places cost together."""
        return self.net + self.tax

    @property
    def short(self) -> int:
        """How many places are missing, over all courses."""
        return sum(step.short for step in self.steps)

    @property
    def unpriced(self) -> list[Course]:
        """The courses whose price has to be asked for; the sum leaves them out."""
        return [step.course for step in self.steps if step.course.price is None]


def plan(needs: Iterable[Need], courses: Iterable[Course], in_house_from: int) -> Plan:
    """Return the courses that a team needs, those with the soonest dates first."""
    team = tuple(need for need in needs if need.people > 0)
    busy: dict[str, list[Date]] = {need.role: [] for need in team}
    steps = []
    for course in sorted(courses, key=_soonest):
        own = tuple(need for need in team if course.key in need.courses)
        if not own:
            continue
        taken = [date for need in own for date in busy[need.role]]
        free = [date for date in course.dates if not any(date.overlaps(one) for one in taken)]
        seats = _seat(sum(need.people for need in own), course, free)
        for need in own:
            busy[need.role] += [seat.date for seat in seats]
        steps.append(Step(course, own, tuple(seats), in_house_from))
    return Plan(team, tuple(steps))


def _soonest(course: Course) -> tuple[bool, float, str, int]:
    first = min((date.start.timestamp() for date in course.dates), default=0.0)
    return (not course.dates, first, course.title, course.key)


def _seat(people: int, course: Course, dates: Sequence[Date]) -> list[Seats]:
    dates = sorted((date for date in dates if date.left > 0), key=lambda date: date.start)
    large = next((date for date in dates if date.left >= people), None)
    seats: list[Seats] = []
    for date in [large] if large else dates:
        if count := min(people, date.left):
            price = None if course.price is None else Price(course.price, course.vat, count)
            seats.append(Seats(date, count, price))
            people -= count
    return seats
