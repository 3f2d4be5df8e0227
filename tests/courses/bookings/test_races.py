"""Many people at the same moment, through the real server, on a real database.

A place is sold once, a form books once, and a waiting list is a line.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from courses.bookings import services
from courses.bookings.models import Booking, WaitingListEntry
from courses.models import CourseRun, Place
from tests import databases
from tests.factories import CourseRunFactory
from tests.real_server import Answer, RealServer, Visitor, at_once, serving

from .booker import answers, form_url

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

Rounds = Callable[[int, int], int]

PLACES = 20


@pytest.fixture
def server(real_database: None, tmp_path: Path) -> Iterator[RealServer]:
    with serving(tmp_path) as server:
        yield server


def guests(count: int, table: int = 0) -> list[dict[str, str]]:
    """Return people of whom nobody is at two tables: the same would join too many lists."""
    return [
        {"name": f"Guest {number}", "email": f"guest-{number}-{table}@example.org"}
        for number in range(count)
    ]


def send_all(server: RealServer, path: str, everybody: Sequence[dict[str, Any]]) -> list[Answer]:
    """Let everybody open a form first, and then send it at the same moment."""
    visitors = [Visitor(server.port) for _ in everybody]
    forms = [visitor.get(path).hidden for visitor in visitors]
    sent = [
        (visitor, form | typed)
        for visitor, form, typed in zip(visitors, forms, everybody, strict=True)
    ]
    return at_once(lambda each: each[0].post(path, each[1]), sent)


def book_all(server: RealServer, run: CourseRun, people: Sequence[dict[str, str]]) -> list[Answer]:
    typed = [answers([each["name"]], **each) | {"step": "book"} for each in people]
    return send_all(server, form_url(run), typed)


def by_status(given: Sequence[Answer]) -> dict[int, int]:
    statuses = [answer.status for answer in given]
    return {status: statuses.count(status) for status in sorted(set(statuses))}


def test_no_place_is_sold_twice(server: RealServer, rounds: Rounds) -> None:
    """Then those who were refused get in line, and the line stays one."""
    for number in range(rounds(1, 20)):
        people = guests(rounds(50, 200), number)
        run = CourseRunFactory(capacity=PLACES)
        given = book_all(server, run, people)
        assert by_status(given) == {200: len(people) - PLACES, 302: PLACES}
        assert run.places.taken().count() == PLACES
        booked = Booking.objects.filter(attendees__place__run=run).distinct()
        assert booked.count() == PLACES
        wait = reverse("courses_bookings:wait", args=[run.pk])
        refused = []
        for person, answer in zip(people, given, strict=True):
            if answer.status == 302:
                assert booked.filter(email=person["email"]).count() == 1
            else:
                assert "The last place has just gone." in answer.text
                assert f'href="{wait}"' in answer.text
                refused.append(person)
        get_in_line(server, run, refused)
        move_up(run)
    assert server.faults == []


def get_in_line(server: RealServer, run: CourseRun, people: list[dict[str, str]]) -> None:
    """Let everybody join twice at the same moment, and then one more."""
    path = reverse("courses_bookings:wait", args=[run.pk])
    given = send_all(server, path, people * 2)
    assert by_status(given) == {302: 2 * len(people)}
    # Who joined twice was told the same, and stands in line once.
    assert {answer.location for answer in given} == {f"{path}done/"}
    line = list(WaitingListEntry.objects.waiting().filter(run=run))
    assert sorted(entry.email for entry in line) == sorted(person["email"] for person in people)
    assert [entry.pk for entry in line] == sorted(entry.pk for entry in line)
    send_all(server, path, [{"name": "Last", "email": f"last-{run.pk}@example.org"}])
    assert WaitingListEntry.objects.waiting().filter(run=run).last().name == "Last"


def move_up(run: CourseRun) -> None:
    """Give places back one after the other: each goes to whoever has waited longest."""
    line = list(WaitingListEntry.objects.waiting().filter(run=run))
    for number, booking in enumerate(Booking.objects.filter(attendees__place__run=run), start=1):
        services.cancel(booking.pk, [person.pk for person in booking.coming])
        offered = WaitingListEntry.objects.waiting().filter(run=run).exclude(place=None)
        assert list(offered) == line[:number]
    assert run.places.taken().count() == PLACES


def test_the_control_without_the_lock_oversells(rounds: Rounds, tmp_path: Path) -> None:
    """Shows that the test above would see a lock that holds nothing."""
    with serving(tmp_path, app="tests.courses.bookings.unlocked") as server:
        # Whether two of them meet is chance: one of a few rounds shows it.
        for _ in range(5):
            run = CourseRunFactory(capacity=PLACES)
            given = book_all(server, run, guests(rounds(50, 200)))
            if databases.is_sqlite() or run.places.taken().count() > PLACES:
                break
    if databases.is_sqlite():
        # One writer at a time, come what may: without the lock they fail instead.
        assert by_status(given).get(500, 0) > 0
        assert any("database is locked" in fault for fault in server.faults)
    else:
        assert run.places.taken().count() > PLACES


CLICKS = 50


def test_one_form_sent_by_many_clicks_books_once(
    server: RealServer, work: Callable[[], None], rounds: Rounds
) -> None:
    run = CourseRunFactory(capacity=PLACES)
    for number in range(1, rounds(1, 10) + 1):
        visitor = Visitor(server.port)
        form = visitor.get(form_url(run)).hidden
        typed = form | answers(["Ada Example", "Grace Example"]) | {"step": "book"}
        tabs = [replace(visitor, cookies=dict(visitor.cookies)) for _ in range(CLICKS)]
        given = at_once(partial(Visitor.post, path=form_url(run), typed=typed), tabs)
        assert len(set(given)) == 1, by_status(given)
        assert given[0].status == 302
        assert re.match(r"/courses/bookings/b/[\w:-]+/\?new=1$", given[0].location)
        assert Booking.objects.count() == number
        assert Place.objects.taken().count() == 2 * number
        mail.outbox.clear()
        work()
        assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    assert server.faults == []
