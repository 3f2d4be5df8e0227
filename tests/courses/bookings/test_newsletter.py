"""The newsletter beside a booking: a box that is not ticked, and that is about nothing else."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from base.models import OrganisationSettings
from blog.newsletter.models import Consent
from courses.bookings.models import Booking
from tests import markup
from tests.factories import (
    CourseRunFactory,
    NewsletterIndexPageFactory,
    OrganisationSettingsFactory,
)

from .booker import form_url, send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


@pytest.fixture
def _newsletter(db: None) -> None:
    OrganisationSettings.objects.all().delete()
    OrganisationSettingsFactory(newsletter_page=NewsletterIndexPageFactory())


@pytest.mark.usefixtures("_newsletter")
def test_who_ticks_the_box_is_asked_to_confirm(client: Client, work: Work) -> None:
    run = CourseRunFactory()
    box = markup.read(client.get(form_url(run)).content).find(id="id_wants_newsletter")
    assert not box.has_attr("checked")
    check = send(client, run, step="check", wants_newsletter="on")
    assert markup.read(check.content).find("input", {"name": "wants_newsletter"})["value"] == "True"
    assert "The newsletter as well" in check.content.decode()
    assert not Consent.objects.exists()
    assert send(client, run, wants_newsletter="True").status_code == 302
    consent = Consent.objects.get()
    assert (consent.email, consent.name) == ("ada@example.org", "Ada Example")
    assert consent.where == form_url(run)
    assert consent.wording.startswith("Send me the newsletter as well. About one e-mail a month.")
    work()
    assert "Please confirm: our newsletter" in [message.subject for message in mail.outbox]


@pytest.mark.usefixtures("_newsletter")
def test_who_does_not_tick_it_hears_nothing(client: Client) -> None:
    send(client, CourseRunFactory())
    assert Booking.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.usefixtures("_newsletter")
def test_a_booking_never_fails_by_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blog.newsletter.services.join.MOST_AN_HOUR", 0)
    assert send(client, CourseRunFactory(), wants_newsletter="True").status_code == 302
    assert Booking.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.usefixtures("_newsletter")
def test_staff_ask_nobody_for_others(admin: Client) -> None:
    run = CourseRunFactory()
    page = markup.read(
        admin.get(reverse("courses_bookings:book_for_somebody", args=[run.pk])).content
    )
    assert page.find(id="id_wants_newsletter") is None


def test_without_a_newsletter_there_is_no_box(client: Client) -> None:
    run = CourseRunFactory()
    page = markup.read(client.get(form_url(run)).content)
    assert page.find(id="id_wants_newsletter") is None
    send(client, run, wants_newsletter="True")
    assert not Consent.objects.exists()
