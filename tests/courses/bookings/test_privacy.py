"""What a person may ask for about bookings, and what is forgotten by itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from courses.bookings import emails, services
from courses.bookings.models import Attendee, Booking, BookingEvent, WaitingListEntry
from courses.models import CourseRun
from tests.factories import CourseRunFactory, UserFactory

from .booker import send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
PEOPLE = [
    {"name": "Ada Example"},
    {"name": "Grace Example", "email": "grace@example.org", "access_needs": "A seat by the door"},
]


@pytest.fixture
def run(client: Client, work: Work) -> CourseRun:
    """A date to come that Ada booked for herself and for Grace, who is now called Joan."""
    run: CourseRun = CourseRunFactory(capacity=3)
    send(client, run, people=PEOPLE, organisation="Rose House", telephone="01632 960120")
    booking = Booking.objects.get()
    services.keep_notes(booking.pk, "Ada rings on Mondays", user=UserFactory())
    ada = booking.people[0]
    services.rename(booking.pk, {ada.pk: services.Person("Ada Exempel", "", "", "")})
    services.rename(booking.pk, {ada.pk: services.Person("Ada Example", "", "", "")})
    work()
    return run


@pytest.fixture
def over(run: CourseRun) -> CourseRun:
    run.start -= dt.timedelta(days=60)
    run.end -= dt.timedelta(days=60)
    run.save()
    ada = Attendee.objects.get(name="Ada Example")
    services.mark_attendance(run.pk, {ada.pk: "present"}, user=UserFactory())
    return run


def test_whoever_booked_is_handed_the_whole_booking(run: CourseRun) -> None:
    [booking] = services.export_bookings("ADA@example.org ")
    assert booking["reference"] == Booking.objects.get().reference
    assert booking["organisation"] == "Rose House"
    assert booking["notes"] == "Ada rings on Mondays"
    assert [person["name"] for person in booking["people"]] == ["Ada Example", "Grace Example"]
    assert booking["people"][1]["access_needs"] == "A seat by the door"
    assert any("Ada Exempel" in event["text"] for event in booking["history"])


def test_whoever_comes_is_handed_only_what_is_about_them(run: CourseRun) -> None:
    [booking] = services.export_bookings("grace@example.org")
    assert [person["name"] for person in booking["people"]] == ["Grace Example"]
    assert "Ada" not in str(booking)
    assert "Rose House" not in str(booking)


def test_a_booking_of_a_date_to_come_stays_and_says_why(run: CourseRun) -> None:
    for email in ("ada@example.org", "grace@example.org"):
        [reason] = services.still_needed(email)
        assert Booking.objects.get().reference in reason
        assert "Cancel it first" in reason
        assert services.erase_bookings(email) == 0
    assert Attendee.objects.filter(name="Grace Example").exists()
    booking = Booking.objects.get()
    services.cancel(booking.pk, [person.pk for person in booking.coming], user=UserFactory())
    assert services.still_needed("ada@example.org") == []
    assert services.erase_bookings("ada@example.org") == 1


def test_whoever_booked_is_taken_out_and_the_accounts_stay(over: CourseRun, client: Client) -> None:
    before = Booking.objects.get()
    link, price = emails.booking_path(before), before.price.total
    certificate = emails.certificate_address(Attendee.objects.get(name="Ada Example"))
    assert services.erase_bookings("Ada@Example.org") == 1
    booking = Booking.objects.get()
    assert (booking.name, booking.email, booking.telephone, booking.notes) == (
        "[removed]",
        "",
        "",
        "",
    )
    assert (booking.reference, booking.price.total) == (before.reference, price)
    assert booking.organisation == "Rose House"
    assert [person.name for person in booking.people] == ["[removed]", "Grace Example"]
    assert not BookingEvent.objects.filter(text__contains="Ada Example").exists()
    assert client.get(link).status_code == 404
    assert client.get("/" + certificate.split("/", 3)[3]).status_code == 404
    assert services.erase_bookings("ada@example.org") == 0
    assert services.export_bookings("ada@example.org") == []
    assert len(services.export_bookings("grace@example.org")) == 1


def test_whoever_came_is_taken_out_alone(over: CourseRun, client: Client) -> None:
    link = emails.booking_path(Booking.objects.get())
    assert services.erase_bookings("grace@example.org") == 1
    booking = Booking.objects.get()
    assert [person.name for person in booking.people] == ["Ada Example", "[removed]"]
    assert booking.people[1].access_needs == ""
    assert booking.name == "Ada Example"
    assert client.get(link).status_code == 200


def test_the_office_still_works_with_what_is_left(over: CourseRun, admin: Client) -> None:
    services.erase_bookings("ada@example.org")
    booking = Booking.objects.get()
    page = admin.get(f"/admin/bookings/inspect/{booking.pk}/")
    assert "[removed]" in page.content.decode()
    assert not services.resend(booking.pk, booking.sequence, user=UserFactory())
    assert services.send_certificates(over.pk, user=UserFactory()) == 0


def test_certificates_are_not_mailed_to_nobody(over: CourseRun, work: Work) -> None:
    grace = Attendee.objects.get(name="Grace Example")
    services.mark_attendance(over.pk, {grace.pk: "present"}, user=UserFactory())
    services.erase_bookings("ada@example.org")
    assert services.send_certificates(over.pk, user=UserFactory()) == 0
    Booking.objects.update(tells_attendees=True)
    assert services.send_certificates(over.pk, user=UserFactory()) == 1
    work()


def test_nobody_is_erased_without_an_address(over: CourseRun) -> None:
    Attendee.objects.update(email="")
    assert services.erase_bookings(" ") == 0
    assert services.erase_waiting("") == 0
    assert Booking.objects.get().name == "Ada Example"


def test_whoever_waits_is_taken_off_the_list_and_the_next_is_offered_the_place(
    run: CourseRun, work: Work
) -> None:
    CourseRun.objects.update(capacity=2)
    for name in ("sam", "joan"):
        services.join(run.pk, services.Waiter(name, f"{name}@example.org"), uuid.uuid4())
    CourseRun.objects.update(capacity=3)
    services.move_lines_on(timezone.now())
    sam, joan = WaitingListEntry.objects.order_by("joined_at")
    assert sam.has_offer()
    assert not joan.has_offer()
    [row] = services.export_waiting("Sam@example.org")
    assert row["name"] == "sam"
    assert services.erase_waiting("Sam@example.org") == 1
    assert WaitingListEntry.objects.get() == joan
    assert WaitingListEntry.objects.get().has_offer()
    assert services.erase_waiting("sam@example.org") == 0


def test_people_are_forgotten_after_so_many_years(over: CourseRun) -> None:
    year = dt.timedelta(days=366)
    assert services.forget_people(over.end + 6 * year) == 0
    assert services.forget_people(over.end + 7 * year) == 1
    assert services.forget_people(over.end + 7 * year) == 0
    booking = Booking.objects.get()
    assert {booking.name, *(person.name for person in booking.people)} == {"[removed]"}
    assert not BookingEvent.objects.filter(text__contains="Example").exists()
