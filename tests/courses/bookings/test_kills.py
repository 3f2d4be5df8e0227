"""Workers that are killed in the middle of their work lose no booking and double none."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from django.urls import resolve
from django_tasks_db.models import DBTaskResult

from base.keys import read_link
from courses.bookings import tokens
from courses.bookings.models import Booking
from courses.models import CourseRun
from tests.factories import CourseRunFactory
from tests.real_server import RealServer, Visitor, serving

from .booker import PEOPLE, answers, form_url

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

T = TypeVar("T")

PEOPLE_AT_ONCE = 8


@dataclass
class Load:
    """People who book one after the other until it is over, and do not give up."""

    server: RealServer
    run: CourseRun
    is_over: threading.Event = field(default_factory=threading.Event)
    # By the booker's e-mail address: where the server said that the booking is.
    acknowledged: dict[str, str] = field(default_factory=dict)
    broken: int = 0
    faults: list[str] = field(default_factory=list)

    def keep_booking(self, person: int) -> None:
        count = 0
        while not self.is_over.is_set():
            count += 1
            self.book(f"person-{person}-{count}@example.org")

    def book(self, email: str) -> None:
        visitor, path = Visitor(self.server.port), form_url(self.run)
        form = self.insist(lambda: visitor.get(path)).hidden
        typed = form | answers(PEOPLE, email=email) | {"step": "book"}
        answer = self.insist(lambda: visitor.post(path, typed))
        if answer.status == 302:
            self.acknowledged[email] = answer.location
        else:
            self.faults.append(f"{answer.status}: {answer.text[:500]}")

    def insist(self, ask: Callable[[], T]) -> T:
        """Ask again whenever the connection breaks, as a person presses the button again."""
        while True:
            try:
                return ask()
            except (OSError, http.client.HTTPException):
                self.broken += 1
                time.sleep(0.05)


def test_killed_workers_lose_and_double_nothing(
    rounds: Callable[[int, int], int], tmp_path: Path
) -> None:
    run = CourseRunFactory(capacity=30_000)
    killed = 0
    with serving(tmp_path, warm_up=form_url(run)) as server:
        load = Load(server, run)
        people = [
            threading.Thread(target=load.keep_booking, args=[person])
            for person in range(PEOPLE_AT_ONCE)
        ]
        for person in people:
            person.start()
        for _ in range(rounds(4, 30)):
            time.sleep(1)
            killed += server.kill_workers()
        load.is_over.set()
        for person in people:
            person.join()
    assert killed >= rounds(4, 30)
    assert load.broken >= rounds(4, 30)
    assert load.faults == []
    assert server.faults == []
    booked = {booking.email: booking for booking in Booking.objects.with_people()}
    assert Booking.objects.count() == len(booked) == len(load.acknowledged)
    # They booked between the kills, too, and not only in the end.
    assert len(booked) > PEOPLE_AT_ONCE + rounds(0, 60)
    for email, location in load.acknowledged.items():
        token = resolve(location.split("?")[0]).kwargs["token"]
        assert booked[email].link_key == read_link(token, tokens.BOOKING_SALT)
        assert [str(person) for person in booked[email].coming] == PEOPLE
    assert run.places.taken().count() == len(PEOPLE) * len(booked)
    mails = [task.args_kwargs["args"] for task in DBTaskResult.objects.all()]
    assert sorted(to for _, _, [to], *_ in mails) == sorted(booked)
