"""Manage my booking: by its link, up to the deadline, and never twice."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from courses import services as places
from courses.bookings import emails, services
from courses.bookings.models import Booking, BookingEvent
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, UserFactory, make_private

from .booker import PEOPLE, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CourseRun:
    return CourseRunFactory(capacity=12)


@pytest.fixture
def booking(client: Client, run: CourseRun) -> Booking:
    send(client, run)
    return Booking.objects.get()


def path(booking: Booking, what: str = "") -> str:
    return emails.booking_path(booking) + (f"{what}/" if what else "")


def pks(booking: Booking, *numbers: int) -> list[int]:
    people = list(booking.attendees.in_order())
    return [people[number].pk for number in numbers]


def test_looking_changes_nothing(
    client: Client, booking: Booking, django_assert_num_queries: Any
) -> None:
    before = Booking.objects.values().get()
    events = BookingEvent.objects.count()
    for what in ("", "names", "move", "cancel"):
        assert client.get(path(booking, what)).status_code == 200
    answer = client.get(emails.booking_path(booking) + "calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert Booking.objects.values().get() == before
    assert BookingEvent.objects.count() == events


def test_names_and_needs_change(client: Client, booking: Booking) -> None:
    url = path(booking, "names")
    page = markup.read(client.get(url).content)
    typed = {
        field["name"]: field.get("value", field.get_text())
        for field in page.main.find_all(["input", "textarea"])
        if field["name"].startswith("person-")
    }
    first, second, _ = booking.coming
    typed[f"person-{first.pk}-name"] = "Ella Example"
    typed[f"person-{second.pk}-dietary_needs"] = "No nuts"
    page = markup.read(client.post(url, typed).content)
    assert "Please tick this too" in page.find(id="id_consent_error").get_text()
    assert page.find("input", {"name": f"person-{second.pk}-dietary_needs"})["value"] == "No nuts"
    assert Booking.objects.get().coming[1].dietary_needs == ""
    typed["consent"] = "on"
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    after = Booking.objects.get()
    assert [str(person) for person in after.coming] == ["Ella Example", *PEOPLE[1:]]
    assert after.coming[1].dietary_needs == "No nuts"
    assert after.needs_consent_at
    assert "or speak for people who agree" in after.needs_consent
    assert BookingEvent.objects.filter(text__contains="is now").count() == 1
    del typed["consent"]
    typed[f"person-{first.pk}-email"] = "ella@example.org"
    assert client.post(url, typed).status_code == 302, "what was agreed to is not asked again"
    typed[f"person-{first.pk}-name"] = ""
    page = markup.read(client.post(url, typed).content)
    assert "Please write who comes." in page.get_text()


def test_one_moves_to_another_date(client: Client, booking: Booking, run: CourseRun) -> None:
    other = CourseRunFactory(course=run.course, in_days=40)
    answer = {"people": pks(booking, 1), "date": other.pk}
    for _ in range(2):
        assert client.post(path(booking, "move"), answer).status_code == 302
    after = Booking.objects.get()
    assert [person.run.pk for person in after.coming] == [run.pk, other.pk, run.pk]
    assert run.places.taken().count() == 2
    assert other.places.taken().count() == 1
    assert after.sequence == 1


def test_one_cancels(client: Client, booking: Booking, run: CourseRun, work: Any) -> None:
    work()
    mail.outbox.clear()
    for _ in range(2):
        answer = client.post(path(booking, "cancel"), {"people": pks(booking, 0)})
    after = Booking.objects.get()
    assert [str(person) for person in after.coming] == PEOPLE[1:]
    assert run.places.taken().count() == 2
    assert after.price.total == 348
    work()
    [message] = mail.outbox
    assert "Ada Example no longer comes." in message.body
    # The second click finds nobody to give back, and says so on the form.
    assert answer.status_code in (200, 302)


def test_the_last_one_cancels(client: Client, booking: Booking, run: CourseRun, work: Any) -> None:
    client.post(path(booking, "cancel"), {"people": pks(booking, 0, 1, 2)})
    assert run.places.taken().count() == 0
    page = markup.read(client.get(path(booking)).content)
    assert "Nobody is left" in page.get_text()
    work()
    [(_, content, _)] = mail.outbox[-1].attachments
    assert "STATUS:CANCELLED" in content


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_after_the_deadline(what: str, client: Client, booking: Booking, run: CourseRun) -> None:
    other = CourseRunFactory(course=run.course, in_days=40)
    CourseRun.objects.filter(pk=run.pk).update(
        start=timezone.now() + dt.timedelta(days=6), end=timezone.now() + dt.timedelta(days=7)
    )
    page = markup.read(client.get(path(booking, what)).content)
    assert "no longer" in page.main.get_text()
    assert not page.main.find("form")
    people = pks(booking, 0)
    calls = {
        "move": lambda: services.move(booking.pk, people, other.pk),
        "cancel": lambda: services.cancel(booking.pk, people),
    }
    with pytest.raises(services.RefusedError):
        calls[what]()
    assert run.places.taken().count() == 3


def test_after_a_change_by_staff_it_can_be_changed_until_it_begins(
    client: Client, booking: Booking, run: CourseRun, work: Any
) -> None:
    other = CourseRunFactory(course=run.course, in_days=40)
    run.start = timezone.now() + dt.timedelta(days=4)
    run.end = run.start + dt.timedelta(hours=3)
    run.booking_closes_at = timezone.now()
    services.save_date(run, "The hall is closed.", user=UserFactory())
    work()
    message = mail.outbox[-1].body
    starts = timezone.localtime(run.start)
    until = f"until {starts:%A %-d %B %Y}, {starts:%-I:%M}{starts:%p}".lower()
    assert until in message.lower()
    assert until.split(" ")[-1] in client.get(path(booking)).content.decode()
    move = {"people": pks(booking, 0), "date": other.pk}
    assert client.post(path(booking, "move"), move).status_code == 302
    assert client.post(path(booking, "cancel"), {"people": pks(booking, 1)}).status_code == 302
    assert run.places.taken().count() == 1


def test_who_books_after_that_change_has_the_usual_deadline(
    client: Client, booking: Booking, run: CourseRun
) -> None:
    run.start = timezone.now() + dt.timedelta(days=4)
    run.end = run.start + dt.timedelta(hours=3)
    services.save_date(run, "", user=UserFactory())
    send(client, run, people=["Ella"], email="ella@example.org")
    late = Booking.objects.get(email="ella@example.org")
    assert "can no longer be moved" in client.get(path(late, "move")).content.decode()
    assert not markup.read(client.get(path(late, "cancel")).content).main.find("form")


@pytest.mark.parametrize(("in_days", "is_promised"), [(28, True), (4, False)])
def test_a_confirmation_says_until_when_or_promises_nothing(
    in_days: int, is_promised: bool, client: Client, work: Any
) -> None:
    run = CourseRunFactory(in_days=in_days)
    send(client, run, people=["Ella"])
    work()
    message = mail.outbox[-1].body
    assert ("move or cancel" in message) == is_promised
    deadline = f"until {run.start - dt.timedelta(days=7):%A %-d %B %Y}, 9:30am"
    assert (deadline in message) == is_promised
    assert "Change names and needs" in message


@pytest.mark.parametrize("reason", ["full", "cancelled", "another course", "private"])
def test_where_nobody_can_move(
    reason: str, client: Client, booking: Booking, run: CourseRun
) -> None:
    other = CourseRunFactory(course=run.course, in_days=40, capacity=1)
    match reason:
        case "full":
            places.take_places(places.lock(other.pk)[other.pk], 1)
        case "cancelled":
            CourseRun.objects.filter(pk=other.pk).update(cancelled_at=timezone.now())
        case "another course":
            other = CourseRunFactory(in_days=40)
        case _:
            make_private(run.course)
    with pytest.raises(services.RefusedError):
        services.move(booking.pk, pks(booking, 0), other.pk)
    assert run.places.taken().count() == 3


# The link


def test_a_wrong_link_and_an_old_one_look_the_same(client: Client, booking: Booking) -> None:
    old = path(booking)
    services.renew_link(booking.pk)
    new = path(Booking.objects.get())
    unknown = "/courses/bookings/b/0123456789abcdef0123456789abcdef:nonsense/"
    answers = [client.get(url) for url in (old, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert client.get(new).status_code == 200
    assert client.get(new)["Referrer-Policy"] == "same-origin"
