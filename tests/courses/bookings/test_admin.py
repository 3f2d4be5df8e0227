"""What the office sees of bookings: lists to look at, look up and take home."""

import csv
import io

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from courses.bookings.models import Booking, BookingSettings, Discount
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
