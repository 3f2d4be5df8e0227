"""How much one address and one network may take, and for whom that is no hindrance."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.bookings import emails, services
from courses.bookings.models import Booking, WaitingListEntry
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, UserFactory

from .booker import answers, form_url, send, token_of

pytestmark = pytest.mark.django_db

Work = Callable[[], None]

TEAM = [f"Guest {number}" for number in range(20)]


def refusal(answer: HttpResponse) -> str:
    """What the page says is wrong; nothing where it was taken."""
    summary = markup.read(answer.content).find(class_="error-summary")
    return str(summary.get_text()) if summary else ""


def test_one_network_does_not_empty_a_date(client: Client, work: Work) -> None:
    run = CourseRunFactory(capacity=60)
    people = [{"name": name, "email": f"guest-{row}@example.org"} for row, name in enumerate(TEAM)]
    given = [
        send(client, run, people=people, email=f"p{number}@example.org", tells_attendees="on")
        for number in range(3)
    ]
    assert [answer.status_code for answer in given] == [302, 302, 200]
    assert "send them again in an hour, or telephone us" in refusal(given[2])
    page = markup.read(given[2].content)
    assert page.find("input", {"name": "people-19-name"})["value"] == "Guest 19"
    assert run.places.taken().count() == 40
    work()
    assert {message.to[0] for message in mail.outbox} & {"p2@example.org"} == set()
    assert send(client, run, people=["Joan"], email="joan@example.org").status_code == 302
    elsewhere = send(client, run, people=TEAM[:19], email="max@example.org", ip="192.0.2.7")
    assert elsewhere.status_code == 302


def test_one_address_does_not_either_from_wherever(client: Client) -> None:
    run = CourseRunFactory(capacity=60)
    given = [send(client, run, people=TEAM, ip=f"10.{number}.0.1") for number in range(3)]
    assert [answer.status_code for answer in given] == [302, 302, 200]
    again = send(client, run, people=["Ada"], ip="10.9.0.1", email="ADA@Example.org")
    assert "in an hour" in refusal(again)


def test_a_training_manager_books_five_times_in_a_morning(client: Client) -> None:
    for _ in range(5):
        assert send(client, CourseRunFactory(), people=TEAM[:8]).status_code == 302
    assert Booking.objects.count() == 5


def test_after_an_hour_there_is_more(client: Client) -> None:
    run = CourseRunFactory(capacity=60)
    for _ in range(2):
        send(client, run, people=TEAM)
    Booking.objects.update(created_at=timezone.now() - dt.timedelta(minutes=61))
    assert send(client, run, people=TEAM).status_code == 302


def test_the_same_form_again_is_no_more(client: Client) -> None:
    run = CourseRunFactory(capacity=60)
    token = token_of(client.get(form_url(run)))
    for _ in range(3):
        assert send(client, run, people=TEAM, token=token).status_code == 302
    assert run.places.taken().count() == 20


def test_the_office_books_as_much_as_it_is_asked_for(client: Client) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    run = CourseRunFactory(capacity=81)
    path = reverse("courses_bookings:book_for_somebody", args=[run.pk])
    for _ in range(4):
        token = token_of(client.get(path))
        typed = answers(TEAM) | {"step": "book", "token": token}
        assert client.post(path, typed).status_code == 302
    assert set(Booking.objects.values_list("network", flat=True)) == {""}
    assert send(client, run, people=["Ada"]).status_code == 302, "nor does that count for others"


def wait(client: Client, run: CourseRun, name: str, ip: str, **changes: Any) -> HttpResponse:
    path = reverse("courses_bookings:wait", args=[run.pk])
    typed = {"name": name, "email": f"{name}@example.org", "token": token_of(client.get(path))}
    return client.post(path, typed | changes, REMOTE_ADDR=ip)


def test_a_waiting_list_is_not_filled_by_one(client: Client) -> None:
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada"])
    for number in range(20):
        assert wait(client, run, f"p{number}", "192.0.2.7").status_code == 302
    assert "in an hour" in refusal(wait(client, run, "last", "192.0.2.99"))
    for number in range(10):
        wait(client, run, f"q{number}", f"10.{number}.0.1", email="q@example.org")
    last = wait(client, run, "Max", "10.99.0.1", email="Q@example.org")
    assert "in an hour" in refusal(last)
    page = markup.read(last.content)
    assert page.find("input", {"name": "name"})["value"] == "Max"
    assert WaitingListEntry.objects.count() == 30


def test_a_place_that_is_held_is_taken_whatever_was_booked_nearby(client: Client) -> None:
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada"])
    wait(client, run, "grace", "127.0.0.1")
    booking = Booking.objects.get()
    services.cancel(booking.pk, [person.pk for person in booking.coming])
    for number in range(2):
        send(client, CourseRunFactory(capacity=60), people=TEAM, email=f"p{number}@example.org")
    send(client, CourseRunFactory(capacity=60), people=TEAM[:9], email="max@example.org")
    take = emails.waiting_path(WaitingListEntry.objects.get()) + "take/"
    assert client.post(take, answers(["Grace"]) | {"step": "book"}).status_code == 302


def test_no_link_waits_for_a_place(client: Client) -> None:
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada"])
    answer = wait(client, run, "Win at https://spam.example", "127.0.0.1", email="a@example.org")
    assert "without an address of the web" in refusal(answer)
    assert not WaitingListEntry.objects.exists()


def test_networks_are_forgotten_after_thirty_days(client: Client) -> None:
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada"])
    wait(client, run, "grace", "127.0.0.1")
    kept = [each.network for each in (Booking.objects.get(), WaitingListEntry.objects.get())]
    assert len(kept[0]) == 64
    assert kept[0] == kept[1]
    assert services.forget_networks() == 0
    assert services.forget_networks(timezone.now() + dt.timedelta(days=31)) == 2
    assert Booking.objects.get().network == WaitingListEntry.objects.get().network == ""
