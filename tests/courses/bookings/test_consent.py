"""What people agree to, and the evidence of it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from base.keys import new_key
from courses.bookings import services
from courses.bookings.models import Booking, BookingSettings
from courses.models import CourseRun
from home.models import StandardPage
from tests import markup
from tests.factories import CourseRunFactory, StandardPageFactory, UserFactory

from .booker import answers, form_url, send, token_of

pytestmark = pytest.mark.django_db

NEEDS = [{"name": "Ada Example", "access_needs": "A ramp"}, "Grace Example"]


@pytest.fixture
def terms() -> StandardPage:
    """The terms of booking, which everybody may read."""
    page: StandardPage = StandardPageFactory(title="Our terms")
    site = Site.objects.get(is_default_site=True)
    BookingSettings.objects.create(site=site, terms_page=page, keep_needs_days=1)
    return page


@pytest.fixture
def run() -> CourseRun:
    return CourseRunFactory()


@pytest.fixture
def office(client: Client) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def hidden_in(answer: HttpResponse) -> dict[str, Any]:
    """What the page would send, without what somebody has to tick."""
    inputs = markup.read(answer.content).main.select("form input[type=hidden]")
    return {tag["name"]: tag.get("value", "") for tag in inputs}


def error(answer: HttpResponse, field: str) -> str:
    page = markup.read(answer.content)
    assert page.select_one(f'.error-summary a[href="#id_{field}"]')
    return str(page.find(id=f"id_{field}_error").get_text())


# The terms


def test_terms_are_accepted_by_a_tick_of_ones_own(
    client: Client, run: CourseRun, terms: StandardPage
) -> None:
    check = send(client, run, "check")
    page = markup.read(check.content)
    box = page.find("input", {"name": "terms"})
    assert box["type"] == "checkbox"
    assert box.has_attr("required")
    assert not box.has_attr("checked")
    assert not page.find(class_="field__error")
    assert page.main.find("a", string="Our terms")["href"] == terms.url
    sent = hidden_in(check) | {"step": "book"}
    refused = client.post(form_url(run), sent)
    assert "tick that you accept them" in error(refused, "terms")
    assert markup.read(refused.content).h1.get_text() == "Check your booking"
    assert not Booking.objects.exists()
    sent = hidden_in(refused) | {"step": "book", "terms": "on"}
    assert client.post(form_url(run), sent).status_code == 302
    assert Booking.objects.get().terms_accepted_at


def test_the_service_takes_no_visitor_without_them(run: CourseRun, terms: StandardPage) -> None:
    order = services.Order("Ada", "ada@example.org", (services.Person("Ada"),))
    with pytest.raises(services.RefusedError) as refused:
        services.book(run.pk, order, new_key())
    assert list(refused.value.errors) == ["terms"]


@pytest.mark.parametrize("reason", ["none are set", "they are no longer public"])
def test_nothing_is_accepted_where_there_are_no_terms(
    reason: str, client: Client, run: CourseRun, terms: StandardPage
) -> None:
    if reason == "none are set":
        BookingSettings.objects.update(terms_page=None)
    else:
        terms.unpublish()
    assert "terms" not in str(markup.read(send(client, run, "check").content).main)
    assert send(client, run, terms="on").status_code == 302
    assert Booking.objects.get().terms_accepted_at is None


def test_staff_accept_nothing_for_others(
    office: Client, run: CourseRun, terms: StandardPage
) -> None:
    path = reverse("courses_bookings:book_for_somebody", args=[run.pk])
    typed = answers(["Ada Example"]) | {"token": token_of(office.get(path)), "terms": "on"}
    check = office.post(path, typed | {"step": "check"})
    assert "accept" not in markup.read(check.content).main.get_text()
    assert office.post(path, typed | {"step": "book"}).status_code == 302
    assert Booking.objects.get().terms_accepted_at is None


# Access and dietary needs


@pytest.mark.parametrize("step", ["check", "book"])
def test_needs_are_kept_only_with_consent(step: str, client: Client, run: CourseRun) -> None:
    refused = send(client, run, step, people=NEEDS, consent="")
    assert "Please tick this too" in error(refused, "consent")
    assert "A ramp" in refused.content.decode()
    assert not Booking.objects.exists()


def test_the_service_keeps_no_needs_without_it(run: CourseRun) -> None:
    needy = services.Person("Ada", dietary_needs="No nuts")
    order = services.Order("Ada", "ada@example.org", (needy,))
    for user in (None, UserFactory()):
        with pytest.raises(services.RefusedError) as refused:
            services.book(run.pk, order, new_key(), user=user)
        assert list(refused.value.errors) == ["consent"]


def test_consent_is_kept_in_its_words_and_handed_over(
    client: Client, run: CourseRun, terms: StandardPage
) -> None:
    before = timezone.now()
    check = send(client, run, "check", people=NEEDS)
    sent = hidden_in(check) | {"step": "book", "terms": "on"}
    assert client.post(form_url(run), sent).status_code == 302
    booking = Booking.objects.get()
    form = markup.read(client.get(form_url(run)).content)
    shown = form.find(id="id_consent").find_parent(class_="field").get_text()
    for words in booking.needs_consent.split(". "):
        assert words in shown
    assert "deletes them 1 day after the date" in booking.needs_consent
    assert before < booking.needs_consent_at < timezone.now()
    [kept] = services.export_bookings("ada@example.org")
    assert kept["needs_consent"] == booking.needs_consent
    assert kept["needs_consent_at"] == booking.needs_consent_at


def test_the_office_sees_what_was_agreed_to(office: Client, run: CourseRun) -> None:
    send(office, run, people=NEEDS)
    booking = Booking.objects.get()
    page = office.get(f"/admin/bookings/inspect/{booking.pk}/").content.decode()
    assert booking.needs_consent in page


def test_without_needs_nothing_is_agreed_to(client: Client, run: CourseRun) -> None:
    assert send(client, run).status_code == 302
    assert send(client, run, consent="on").status_code == 302
    assert set(Booking.objects.values_list("needs_consent", "needs_consent_at")) == {("", None)}


def test_going_back_ticks_nothing(client: Client, run: CourseRun) -> None:
    """Nor does adding a person: what was ticked stays so, and what was not, not."""
    check = send(client, run, "check", tells_attendees="on")
    back = markup.read(client.post(form_url(run), hidden_in(check) | {"step": "edit"}).content)
    boxes = {box["name"]: box.has_attr("checked") for box in back.select("[type=checkbox]")}
    assert boxes == {"tells_attendees": True, "wants_invoice": False, "consent": False}
    more = send(client, run, "add", people=NEEDS)
    assert markup.read(more.content).find(id="id_consent").has_attr("checked")
