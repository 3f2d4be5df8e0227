"""Courses whose price depends: nobody books them for nothing, and staff agree on one."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from base.keys import new_key
from base.models import OrganisationSettings
from courses.bookings import emails, services, tokens
from courses.bookings.models import Booking, BookingEvent, Discount, WaitingListEntry
from courses.models import CourseRun
from tests import markup
from tests.factories import ContactPageFactory, CoursePageFactory, CourseRunFactory, UserFactory

from .booker import answers, form_url, send, token_of

pytestmark = pytest.mark.django_db

ASK = "Please ask us for it before you book."


@pytest.fixture
def run() -> CourseRun:
    """A date of a course whose price depends."""
    return CourseRunFactory(course=CoursePageFactory(price=None), capacity=3)


@pytest.fixture
def office(client: Client) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def book(office: Client, run: CourseRun, step: str = "book", **changes: Any) -> HttpResponse:
    path = reverse("courses_bookings:book_for_somebody", args=[run.pk])
    people = changes.pop("people", ["Ada Example", "Grace Example"])
    typed = answers(people, **changes) | {"step": step, "token": token_of(office.get(path))}
    return office.post(path, typed)


def summary_of(answer: HttpResponse) -> str:
    return str(markup.read(answer.content).find(class_="error-summary").get_text())


def wait_url(run: CourseRun) -> str:
    return reverse("courses_bookings:wait", args=[run.pk])


def test_visitors_are_asked_to_ask(client: Client, run: CourseRun) -> None:
    contact = ContactPageFactory()
    site = Site.objects.get(is_default_site=True)
    OrganisationSettings.objects.update_or_create(site=site, defaults={"contact_page": contact})
    for url in (form_url(run), wait_url(run)):
        page = markup.read(client.get(url).content)
        assert page.find("h2", string="Ask us for the price")
        assert page.main.find("a", string="Ask to book")["href"].startswith(contact.url)
        assert not page.main.find("form")


@pytest.mark.parametrize("step", ["check", "book"])
def test_visitors_who_send_the_form_all_the_same_get_no_price(
    step: str, client: Client, run: CourseRun
) -> None:
    answer = send(client, run, step, token=tokens.sign_form(run.pk), agreed_price="1")
    assert ASK in summary_of(answer)
    page = markup.read(answer.content)
    assert page.find("input", {"name": "people-2-name"})["value"] == "Sam Example"
    assert not page.find(class_="booking-price")
    assert not Booking.objects.exists()


def test_nobody_waits_for_what_has_no_price(client: Client, run: CourseRun) -> None:
    CourseRun.objects.update(capacity=1)
    order = services.Order(
        "Sam", "s@example.org", (services.Person("Sam"),), agreed_price=Decimal(9)
    )
    services.book(run.pk, order, new_key(), user=UserFactory())
    typed = {"name": "Ada", "email": "ada@example.org", "token": tokens.sign_form(run.pk)}
    assert ASK in summary_of(client.post(wait_url(run), typed))
    assert not WaitingListEntry.objects.exists()


def test_a_place_that_was_held_has_to_have_a_price_too(client: Client) -> None:
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada"])
    entry = services.join(run.pk, services.Waiter("Grace", "g@example.org"), new_key())
    booking = Booking.objects.get()
    services.cancel(booking.pk, [person.pk for person in booking.coming])
    run.course.price = None
    run.course.save()
    take = emails.waiting_path(entry) + "take/"
    assert "Ask us for the price" in client.get(take).content.decode()
    assert ASK in summary_of(client.post(take, answers(["Grace"]) | {"step": "book"}))
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("step", ["check", "book"])
def test_staff_say_what_was_agreed_on(step: str, office: Client, run: CourseRun) -> None:
    answer = book(office, run, step)
    assert "Please write the price that you agreed on" in summary_of(answer)
    assert markup.read(answer.content).find(id="id_agreed_price_error")
    for nonsense in ("£80", "-1", "NaN", "1e9", "80.001"):
        assert "Agreed price" in summary_of(book(office, run, step, agreed_price=nonsense))
    assert not Booking.objects.exists()


def test_what_was_agreed_on_is_what_is_to_be_paid(office: Client, run: CourseRun) -> None:
    page = markup.read(book(office, run, "check", agreed_price="82.50").content)
    assert "To pay £198" in page.find(class_="booking-price").get_text(" ", strip=True)
    hidden = {tag["name"]: tag.get("value", "") for tag in page.main.select("form input[name]")}
    path = reverse("courses_bookings:book_for_somebody", args=[run.pk])
    again = markup.read(office.post(path, hidden | {"step": "edit"}).content)
    assert again.find("input", {"name": "agreed_price"})["value"] == "82.50"
    for _ in range(2):
        assert office.post(path, hidden | {"step": "book"}).status_code == 302
    booking = Booking.objects.get()
    assert booking.price.total == Decimal("198.00")
    assert "at £82.50 each as agreed" in BookingEvent.objects.get(booking=booking).text


def test_nothing_is_nothing_only_where_somebody_says_so(office: Client, run: CourseRun) -> None:
    assert book(office, run, agreed_price="0").status_code == 302
    assert Booking.objects.get().price.lines == [("To pay", "Nothing")]


def test_a_course_with_a_price_may_be_agreed_on_for_less(office: Client) -> None:
    Discount.objects.create(name="Groups", kind="group", percent=50, people_from=2)
    Discount.objects.create(name="Friends", kind="voucher", percent=10, code="FRIEND")
    run = CourseRunFactory()
    page = office.get(reverse("courses_bookings:book_for_somebody", args=[run.pk]))
    assert "£145 plus VAT" in markup.read(page.content).find(id="id_agreed_price_helptext").text
    book(office, run, agreed_price="100")
    assert Booking.objects.get().price.total == Decimal(240)
    refused = book(office, run, agreed_price="100", voucher="FRIEND")
    assert "Nothing is taken off a price" in summary_of(refused)
    Booking.objects.all().delete()
    book(office, run, agreed_price="")
    assert Booking.objects.get().price.total == Decimal(174)


def test_visitors_agree_on_nothing(client: Client) -> None:
    run = CourseRunFactory()
    assert "agreed_price" not in client.get(form_url(run)).content.decode()
    send(client, run, people=["Ada"], agreed_price="1")
    assert Booking.objects.get().price.total == Decimal(174)
