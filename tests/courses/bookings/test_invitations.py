"""What mails tell the calendars of those who booked and of those who come."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from typing import Any, NamedTuple

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from icalendar import Calendar, Event

from courses.bookings import emails, services
from courses.bookings.models import Booking
from courses.models import CourseRun
from tests.factories import CourseRunFactory, UserFactory

from .booker import send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
ADA, GRACE, SAM, ELLA = (f"{name}@example.org" for name in ("ada", "grace", "sam", "ella"))
PEOPLE = [
    {"name": "Ada Example", "email": ADA},
    {"name": "Grace Example", "email": GRACE},
    {"name": "Sam Example", "email": SAM},
]


class Entry(NamedTuple):
    """What a mail asks of a calendar."""

    method: str
    event: Event


@pytest.fixture
def run() -> CourseRun:
    run: CourseRun = CourseRunFactory(capacity=9)
    return run


@pytest.fixture
def other(run: CourseRun) -> CourseRun:
    other: CourseRun = CourseRunFactory(course=run.course, in_days=40)
    return other


@pytest.fixture
def told(work: Work) -> Callable[[], dict[str, EmailMultiAlternatives]]:
    """The mails since the last look, by whom they reach: nobody gets two."""

    def look() -> dict[str, EmailMultiAlternatives]:
        mail.outbox.clear()
        work()
        addresses = [address for message in mail.outbox for address in message.to]
        assert len(set(addresses)) == len(addresses)
        return {message.to[0]: message for message in mail.outbox}

    return look


def book(client: Client, run: CourseRun, **changes: Any) -> Booking:
    answers = {"people": PEOPLE, "name": "Max Hill", "email": "max@example.org"}
    assert send(client, run, **answers | {"tells_attendees": "on"} | changes).status_code == 302
    return Booking.objects.get()


def entries(message: EmailMultiAlternatives) -> list[Entry]:
    """What stands in the files of a mail, as it travels."""
    parts = [part for part in message.message().walk() if part.get_filename()]
    return [_entry(part) for part in parts]


def _entry(part: Message) -> Entry:
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == calendar["method"]
    assert part.get_content_charset() == "utf-8"
    [event] = calendar.walk("VEVENT")
    return Entry(str(calendar["method"]), event)


def person(booking: Booking, row: int) -> int:
    return int(booking.attendees.in_order()[row].pk)


def move(client: Client, booking: Booking, to: CourseRun, *rows: int) -> None:
    answer = {"people": [person(booking, row) for row in rows], "date": to.pk}
    first, _ = [client.post(f"{emails.booking_path(booking)}move/", answer) for _ in range(2)]
    assert first.status_code == 302


def rename(client: Client, booking: Booking, row: int, **changes: str) -> None:
    typed = {
        f"person-{each.pk}-{name}": getattr(each, name)
        for each in booking.attendees.in_order()
        for name in ("name", "email", "access_needs", "dietary_needs")
    }
    for name, value in changes.items():
        typed[f"person-{person(booking, row)}-{name}"] = value
    typed["consent"] = "on"
    for _ in range(2):
        assert client.post(f"{emails.booking_path(booking)}names/", typed).status_code == 302


Told = Callable[[], dict[str, EmailMultiAlternatives]]


# An invitation


def test_a_mail_invites_whom_it_reaches_in_the_name_of_who_sends_it(
    client: Client, run: CourseRun, told: Told
) -> None:
    book(client, run)
    messages = told()
    assert set(messages) == {"max@example.org", ADA, GRACE, SAM}
    for address, message in messages.items():
        [(method, event)] = entries(message)
        assert (method, event["status"]) == ("REQUEST", "CONFIRMED")
        assert event.start == run.start
        assert event["attendee"] == f"mailto:{address}"
        assert event["attendee"].params["RSVP"] == "FALSE"
        assert event["organizer"].removeprefix("mailto:") in message.from_email
        # Where Outlook looks for it.
        body, *_ = message.message().get_payload()
        kinds = [part.get_content_type() for part in body.get_payload()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        assert body.get_payload()[-1].get_param("method") == "REQUEST"
    assert len({entries(message)[0].event["uid"] for message in messages.values()}) == 4


@pytest.mark.parametrize("name", ['Sam "Bo" Hill', "Hill; Sam: Bo, Dr", "Sam\x7fHill", "Zoë 🌻"])
def test_any_name_can_be_invited(name: str, client: Client, run: CourseRun, told: Told) -> None:
    book(client, run, people=[{"name": name, "email": GRACE}])
    [(_, event)] = entries(told()[GRACE])
    assert event["attendee"].params["CN"] == name.replace("\x7f", "")


def test_the_file_to_fetch_asks_nothing_of_a_calendar(client: Client, run: CourseRun) -> None:
    booking = book(client, run)
    answer = client.get(f"{emails.booking_path(booking)}calendar.ics")
    calendar = Calendar.from_ical(answer.content)
    assert "method" not in calendar
    [event] = calendar.walk("VEVENT")
    assert "organizer" not in event


# Changes


def test_who_is_moved_hears_of_it_and_so_does_their_calendar(
    client: Client, run: CourseRun, other: CourseRun, told: Told
) -> None:
    booking = book(client, run)
    first = told()
    move(client, booking, other, 1)
    messages = told()
    assert set(messages) == {"max@example.org", GRACE}
    [(_, before)] = entries(first[GRACE])
    [(new_method, new), (old_method, old)] = entries(messages[GRACE])
    assert (new_method, new.start) == ("REQUEST", other.start)
    assert (old_method, old.start, old["status"]) == ("CANCEL", run.start, "CANCELLED")
    assert old["uid"] == before["uid"] != new["uid"]
    assert old["sequence"] > before["sequence"]
    assert f"{other.start:%A %-d %B %Y}" in messages[GRACE].body
    assert emails.booking_path(booking) not in messages[GRACE].body
    # The other two still come on the first date: nothing of it leaves the booker's calendar.
    [(method, event)] = entries(messages["max@example.org"])
    assert (method, event.start) == ("REQUEST", other.start)


def test_what_others_do_is_not_in_somebodys_calendar(
    client: Client, run: CourseRun, other: CourseRun, told: Told
) -> None:
    booking = book(client, run)
    told()
    move(client, booking, other, 1)
    told()
    services.resend(booking.pk, Booking.objects.get().sequence, user=UserFactory())
    assert len(entries(told()["max@example.org"])) == 2
    services.cancel_date(other.pk, "", user=UserFactory())
    messages = told()
    assert set(messages) == {"max@example.org", GRACE}
    for message in messages.values():
        [(method, event)] = entries(message)
        assert (method, event.start) == ("CANCEL", other.start)


def test_who_moves_back_has_the_date_again(
    client: Client, run: CourseRun, other: CourseRun, told: Told
) -> None:
    booking = book(client, run)
    told()
    move(client, booking, other, 1)
    told()
    move(client, booking, run, 1)
    [_, (_, left)] = entries(told()[GRACE])
    assert left.start == other.start
    move(client, booking, other, 1)
    [(method, back), (_, _)] = entries(told()[GRACE])
    assert (method, back["uid"]) == ("REQUEST", left["uid"])
    assert back["sequence"] > left["sequence"]


def test_whose_place_is_given_back_hears_of_it(client: Client, run: CourseRun, told: Told) -> None:
    booking = book(client, run)
    told()
    url = f"{emails.booking_path(booking)}cancel/"
    for _ in range(2):
        client.post(url, {"people": [person(booking, 1)]})
    messages = told()
    assert set(messages) == {"max@example.org", GRACE}
    [(method, event)] = entries(messages[GRACE])
    assert (method, event.start) == ("CANCEL", run.start)
    assert "no longer has a place" in messages[GRACE].body
    assert not entries(messages["max@example.org"])
    assert "attached" not in messages["max@example.org"].body


def test_who_is_replaced_hears_of_it_and_so_does_who_comes_instead(
    client: Client, run: CourseRun, told: Told
) -> None:
    booking = book(client, run)
    first = told()
    rename(client, booking, 1, name="Ella Example", email=ELLA)
    messages = told()
    assert set(messages) == {GRACE, ELLA}
    [(method, event)] = entries(messages[GRACE])
    [(_, before)] = entries(first[GRACE])
    assert (method, event["uid"]) == ("CANCEL", before["uid"])
    assert event["sequence"] > before["sequence"]
    [(method, event)] = entries(messages[ELLA])
    assert (method, event.start) == ("REQUEST", run.start)
    assert "Dear Ella Example," in messages[ELLA].body
    assert "Ella" not in messages[GRACE].body


@pytest.mark.parametrize(
    "changes", [{"name": "Grace Hopper"}, {"dietary_needs": "No nuts"}, {}], ids=str
)
def test_another_spelling_is_no_news(
    changes: dict[str, str], client: Client, run: CourseRun, told: Told
) -> None:
    booking = book(client, run)
    told()
    rename(client, booking, 1, **changes)
    assert told() == {}


def test_nobody_but_the_booker_hears_of_anything_unless_it_was_asked_for(
    client: Client, run: CourseRun, other: CourseRun, told: Told
) -> None:
    booking = book(client, run, tells_attendees="")
    assert set(told()) == {"max@example.org"}
    move(client, booking, other, 0, 1)
    assert set(told()) == {"max@example.org"}
    rename(client, booking, 1, name="Ella Example", email=ELLA)
    assert told() == {}


def test_who_shares_a_mailbox_shares_a_mail(
    client: Client, run: CourseRun, other: CourseRun, told: Told
) -> None:
    team = "team@example.org"
    people = [{"name": name, "email": team} for name in ("Ada", "Grace")]
    booking = book(client, run, people=people)
    assert len(entries(told()[team])) == 1
    move(client, booking, other, 0)
    messages = told()
    # Grace still comes on the first date, so that it stays in the team's calendar.
    [(method, event)] = entries(messages[team])
    assert (method, event.start) == ("REQUEST", other.start)
    assert "Ada: now comes on" in messages[team].body
    assert "Grace" not in messages[team].body
