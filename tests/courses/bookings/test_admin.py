"""What the office sees of bookings: lists to look at, look up and take home."""

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from courses.bookings import services
from courses.bookings.models import Attendee, Booking, BookingSettings, Discount
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, UserFactory

from .booker import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(client: Client) -> CourseRun:
    run = CourseRunFactory(capacity=9)
    people = [{"name": "=1+1", "dietary_needs": "No nuts"}, {"name": "Grace Example"}]
    send(client, run, people=people, telephone="+44 1632 960120", organisation="@Rose House")
    return run


def login(client: Client, group: str) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


@pytest.fixture
def office(client: Client, run: CourseRun) -> Client:
    return login(client, "Moderators")


def test_the_office_sees_who_booked(office: Client, run: CourseRun) -> None:
    booking = Booking.objects.get()
    page = markup.read(office.get("/admin/bookings/").content)
    row = page.find("td", string=lambda text: text and booking.reference in text)
    assert row or booking.reference in page.get_text()
    assert "£348.00" in page.get_text()
    inspected = office.get(f"/admin/bookings/inspect/{booking.pk}/").content.decode()
    assert "Grace Example" in inspected
    assert "No nuts" in office.get("/admin/attendees/").content.decode()
    assert "2 of 9" in office.get("/admin/dates/").content.decode()


@pytest.mark.parametrize("path", ["/admin/bookings/", "/admin/attendees/", "/admin/waiting-list/"])
def test_lists_take_any_words_and_no_other_questions(path: str, office: Client) -> None:
    for words in ('"', "50% (off", "\x00", "Grace", "x" * 5_000):
        assert office.get(path, {"q": words}).status_code == 200
    for lookup in ("booking__link_key__startswith", "link_key__startswith", "key__startswith"):
        everything = office.get(path).content.count(b"<tr")
        assert office.get(path, {lookup: "0"}).content.count(b"<tr") == everything


def rows(office: Client, path: str, **query: object) -> str:
    table = markup.read(office.get(path, query).content).select_one("table.listing")
    return str(table.get_text()) if table else ""


def book(run: CourseRun, name: str, **changes: Any) -> Booking:
    order = services.Order(name, f"{name}@example.org", (services.Person(name),), **changes)
    return services.book(run.pk, order, uuid.uuid4())


def test_bookings_are_narrowed_down(office: Client, run: CourseRun) -> None:
    book(CourseRunFactory(), "Joan", wants_invoice=True)
    over = CourseRunFactory()
    book(over, "Sam")
    CourseRun.objects.filter(pk=over.pk).update(
        start=timezone.now() - dt.timedelta(days=9), end=timezone.now() - dt.timedelta(days=8)
    )
    path = "/admin/bookings/"
    assert all(name in rows(office, path) for name in ("Ada", "Joan", "Sam"))
    for query, found in (
        ({"course": run.course_id}, "Ada"),
        ({"time": "over"}, "Sam"),
        ({"invoice": "yes"}, "Joan"),
        ({"time": "coming", "invoice": "no"}, "Ada"),
    ):
        text = rows(office, path, **query)
        assert [name for name in ("Ada", "Joan", "Sam") if name in text] == [found], query
    for nonsense in ({"course": "x"}, {"course": 9**30}, {"time": "x"}, {"invoice": "\x00"}):
        assert office.get(path, nonsense).status_code == 200


def test_people_are_narrowed_down(office: Client, run: CourseRun) -> None:
    long_ago = CourseRunFactory()
    book(long_ago, "Sam")
    CourseRun.objects.filter(pk=long_ago.pk).update(
        start=timezone.now() - dt.timedelta(days=900), end=timezone.now() - dt.timedelta(days=899)
    )
    grace = Attendee.objects.get(name="Grace Example")
    services.mark_attendance(run.pk, {grace.pk: "present"}, user=UserFactory())
    path = "/admin/attendees/"
    assert "Sam" in rows(office, path, date=long_ago.pk)
    assert "Grace" not in rows(office, path, date=long_ago.pk)
    assert "Sam" not in rows(office, path, date=run.pk)
    assert "=1+1" not in rows(office, path, register="present")
    assert "Grace" not in rows(office, path, register="none")
    assert str(long_ago) not in office.get(path).content.decode()
    table = office.get(path, {"date": long_ago.pk, "export": "csv"}).getvalue().decode()
    assert [row["Name"] for row in csv.DictReader(io.StringIO(table))] == ["Sam"]
    for nonsense in ({"date": "x"}, {"date": 9**30}, {"register": "x"}, {"date": "²"}):
        assert office.get(path, nonsense).status_code == 200


def test_who_waits_is_narrowed_down(office: Client, run: CourseRun) -> None:
    CourseRun.objects.update(capacity=2)
    services.join(run.pk, services.Waiter("Joan", "joan@example.org"), uuid.uuid4())
    assert "Joan" in rows(office, "/admin/waiting-list/", date=run.pk)
    assert "Joan" not in rows(office, "/admin/waiting-list/", date=CourseRunFactory().pk)


def test_the_table_is_safe_to_open(office: Client) -> None:
    answer = office.get("/admin/bookings/", {"export": "csv"})
    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert "+44 1632 960120" in row.values()
    assert "'@Rose House" in row.values()
    people = office.get("/admin/attendees/", {"export": "csv"}).getvalue().decode()
    assert "'=1+1" in people


def test_nobody_writes_rows_by_hand(admin: Client, run: CourseRun) -> None:
    pk = Booking.objects.get().pk
    for path in ("create/", f"edit/{pk}/", f"delete/{pk}/"):
        answer = admin.post(f"/admin/bookings/{path}")
        assert answer.status_code in (302, 403, 404)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("path", ["/admin/bookings/", "/admin/attendees/", "/admin/waiting-list/"])
def test_editors_see_no_personal_data(path: str, client: Client, run: CourseRun) -> None:
    answer = login(client, "Editors").get(path, follow=True)
    assert "Grace Example" not in answer.content.decode()
    assert answer.redirect_chain or answer.status_code == 403


def test_the_office_sets_times_and_discounts(office: Client) -> None:
    url = reverse("wagtailsettings:edit", args=["courses_bookings", "bookingsettings"])
    assert office.get(url, follow=True).status_code == 200
    add = reverse("wagtailsnippets_courses_bookings_discount:add")
    typed = {"name": "Early booking", "kind": "early", "percent": "10"}
    page = office.post(add, typed)
    assert "This kind of discount needs it." in page.content.decode()
    assert office.post(add, typed | {"days_before": "30"}).status_code == 302
    assert Discount.objects.get().percent == 10


def test_the_offices_addresses_are_addresses() -> None:
    settings = BookingSettings(site=Site.objects.get(is_default_site=True), office="a@b, nonsense")
    with pytest.raises(Exception, match="is not an e-mail address"):
        settings.full_clean()
