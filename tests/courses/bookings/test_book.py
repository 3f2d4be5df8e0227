"""From the date to the booking: the form, the price, the mail."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from wagtail.models import Site

from courses.bookings import tokens
from courses.bookings.models import Booking, BookingSettings
from tests import markup
from tests.factories import CoursePageFactory, CourseRunFactory, make_private

from .booker import ADA, PEOPLE, form_url, send, token_of

pytestmark = pytest.mark.django_db


def test_three_people_are_booked(client: Client, work: Any) -> None:
    run = CourseRunFactory(capacity=3)
    answer = send(client, run, organisation="Rose House", purchase_order="PO-7")
    assert answer.status_code == 302
    booking = Booking.objects.get()
    assert [person.name for person in booking.coming] == PEOPLE
    assert run.places.taken().count() == 3
    page = markup.read(client.get(answer.url).content)
    assert booking.reference in page.h1.find_next("p").get_text()
    assert page.h1.get_text() == "Thank you. It is booked"
    assert "£522" in page.get_text()
    work()
    [message] = mail.outbox
    assert message.to == [ADA["email"]]
    assert booking.reference in message.subject
    for words in (*PEOPLE, run.venue.postcode, "To pay: £522"):
        assert words in message.body
    [html] = [part for part, kind in message.alternatives if kind == "text/html"]
    assert markup.read(html.encode()).find("a", class_="button")["href"] in message.body
    [(name, content, kind)] = message.attachments
    assert (name, kind) == (f"course-{run.start:%Y-%m-%d}.ics", "text/calendar; method=REQUEST")
    assert "BEGIN:VEVENT" in content


def test_the_price_is_shown_before_anything_is_booked(client: Client) -> None:
    run = CourseRunFactory()
    answer = send(client, run, "check", people=["Ada Example", "Grace Example"])
    page = markup.read(answer.content)
    assert page.h1.get_text() == "Check your booking"
    lines = [line.get_text(" ", strip=True) for line in page.find(class_="booking-price")("div")]
    assert lines == ["2 × £145 £290", "VAT at 20 per cent £58", "To pay £348"]
    assert not Booking.objects.exists()
    assert page.find("input", {"name": "people-1-name"})["value"] == "Grace Example"


def test_who_books_for_themselves_writes_their_name_once(client: Client) -> None:
    run = CourseRunFactory()
    send(client, run, people=[{"access_needs": "Step-free, please"}])
    [person] = Booking.objects.get().coming
    assert (person.name, person.email) == (ADA["name"], ADA["email"])
    assert person.access_needs == "Step-free, please"


def test_one_more_person_and_one_less_lose_nothing(client: Client) -> None:
    run = CourseRunFactory()
    page = markup.read(send(client, run, "add", organisation="Rose House").content)
    rows = page.find_all("input", {"name": re.compile(r"people-\d+-name")})
    assert [row.get("value", "") for row in rows] == [*PEOPLE, ""]
    assert page.find("input", {"name": "organisation"})["value"] == "Rose House"
    assert not page.find(class_="error-summary")
    page = markup.read(send(client, run, "remove-2").content)
    rows = page.find_all("input", {"name": re.compile(r"people-\d+-name")})
    assert [row["value"] for row in rows] == [PEOPLE[0], PEOPLE[2]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Please write your name."),
        ({"email": ""}, "Please write your e-mail address."),
        ({"email": "ada@"}, "no complete e-mail address"),
        ({"people": ["Ada", ""]}, "Please write who comes."),
        ({"people": [{"name": "Ada", "email": "x"}]}, "no complete e-mail address"),
        ({"people": ["A"] * 21}, "at most 20"),
        ({"voucher": "NO-SUCH"}, "unknown, used up"),
        ({"people": ["x" * 101]}, "100"),
        ({"name": "Win at https://spam.example"}, "without an address of the web"),
        ({"people": ["Ada", "Win at spam.com/now"]}, "without an address of the web"),
        ({"organisation": "WWW.spam.example"}, "without an address of the web"),
        ({"purchase_order": "ftp://spam.example"}, "without an address of the web"),
    ],
)
@pytest.mark.parametrize("step", ["check", "book"])
def test_what_does_not_fit_is_said_beside_the_field(
    step: str, changes: dict[str, Any], words: str, client: Client
) -> None:
    run = CourseRunFactory()
    answer = send(client, run, step, **({"organisation": "Rose House"} | changes))
    page = markup.read(answer.content)
    assert answer.status_code == 200
    assert words in page.find(class_="error-summary").get_text()
    kept = {"organisation": "Rose House"} | changes
    assert page.find("input", {"name": "organisation"})["value"] == kept["organisation"]
    assert not Booking.objects.exists()
    for link in page.find(class_="error-summary")("a"):
        assert page.find(id=link["href"].removeprefix("#"))


def test_more_people_than_places(client: Client) -> None:
    run = CourseRunFactory(capacity=2)
    page = markup.read(send(client, run).content)
    assert "Only 2 places are left" in page.find(class_="error-summary").get_text()
    assert not Booking.objects.exists()
    assert not run.places.exists()


def test_a_price_that_changed_is_shown_again(client: Client) -> None:
    run = CourseRunFactory()
    page = markup.read(send(client, run, total="1.00").content)
    assert "price has changed" in page.find(class_="error-summary").get_text()
    assert send(client, run, total="522.00").status_code == 302


@pytest.mark.parametrize("total", ["sNaN", "NaN", "-Infinity", "£522", ""])
def test_a_total_that_is_no_number_is_compared_with_nothing(total: str, client: Client) -> None:
    assert send(client, CourseRunFactory(), total=total).status_code == 302
    assert Booking.objects.get().price.total == Decimal(522)


def test_a_total_beyond_all_prices_is_another_price(client: Client) -> None:
    page = markup.read(send(client, CourseRunFactory(), total="1e999999999999").content)
    assert "price has changed" in page.find(class_="error-summary").get_text()


@pytest.mark.parametrize("price", [None, Decimal(0)])
def test_a_course_that_is_free_or_asks_for_the_price(price: Decimal | None, client: Client) -> None:
    run = CourseRunFactory(course=CoursePageFactory(price=price))
    answer = send(client, run, people=["Ada"], token=tokens.sign_form(run.pk))
    assert answer.status_code == (200 if price is None else 302)
    assert Booking.objects.exists() == (price is not None)


# Sent twice


def test_the_same_form_twice_books_once(client: Client, work: Any) -> None:
    run = CourseRunFactory(capacity=3)
    token = token_of(client.get(form_url(run)))
    answers = [send(client, run, token=token) for _ in range(3)]
    assert len({answer.url for answer in answers}) == 1
    assert Booking.objects.count() == 1
    work()
    assert len(mail.outbox) == 1


def test_the_same_form_with_other_words_asks_first(client: Client) -> None:
    run = CourseRunFactory()
    token = token_of(client.get(form_url(run)))
    send(client, run, token=token)
    again = send(client, run, token=token, people=["Ella Example"])
    summary = markup.read(again.content).find(class_="error-summary").get_text()
    assert Booking.objects.get().reference in summary
    assert send(client, run, token=token_of(again), people=["Ella Example"]).status_code == 302
    assert Booking.objects.count() == 2


@pytest.mark.parametrize("token", ["", "nonsense", "another date"])
def test_a_form_that_is_not_ours_books_nothing_and_loses_nothing(
    token: str, client: Client
) -> None:
    run = CourseRunFactory()
    if token == "another date":
        token = token_of(client.get(form_url(CourseRunFactory())))
    answer = client.post(form_url(run), {"token": token} | {"step": "book"})
    assert answer.status_code == 200
    answer = send(client, run, token=token or "x")
    assert "Your words are still here" in answer.content.decode()
    assert not Booking.objects.exists()
    assert send(client, run, token=token_of(answer)).status_code == 302


def test_a_robot_books_nothing(client: Client) -> None:
    run = CourseRunFactory()
    assert send(client, run, nothing="https://example.org/").status_code == 302
    assert not Booking.objects.exists()


# Who may see the form


def test_dates_that_nobody_may_book_have_no_form(client: Client) -> None:
    for course in (CoursePageFactory(live=False), make_private(CoursePageFactory())):
        assert client.get(form_url(CourseRunFactory(course=course))).status_code == 404
    assert client.get("/courses/bookings/book/99999999999999999999999999/").status_code == 404


def test_the_form_is_kept_by_nobody(client: Client) -> None:
    answer = client.get(form_url(CourseRunFactory()))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_office_hears_of_it_when_it_gave_an_address(client: Client, work: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    BookingSettings.objects.create(site=site, office="office@example.org")
    run = CourseRunFactory()
    people = [{"name": "Grace", "email": "grace@example.org"}, {"name": "Ada", **ADA}]
    send(client, run, people=people, tells_attendees="on")
    work()
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {"ada@example.org", "grace@example.org", "office@example.org"}
    assert "/bookings/b/" not in told["grace@example.org"].body
    assert "£" not in told["grace@example.org"].body
