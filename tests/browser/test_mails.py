"""One mail of every kind as mail programs show it: on a phone and a desk, by day and by night."""

import datetime as dt
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered
from playwright.sync_api import Browser, Route
from wagtail.models import Site

from base.models import User
from blog.comments import emails as comment_emails
from blog.comments.models import CommentSettings
from blog.models import BlogPage
from blog.newsletter import services as newsletter
from blog.newsletter.models import NewsletterIssuePage, Sending, Subscriber
from blog.newsletter.tasks import send_trial
from courses.bookings import emails as booking_emails
from courses.bookings import services as bookings
from courses.bookings.models import Booking, BookingSettings
from courses.enquiries import emails as enquiry_emails
from courses.enquiries.models import EnquirySettings
from courses.models import CoursePage, CourseRun, Venue
from home.models import ContactPage
from tests import markup
from tests.blog.newsletter import issues, joiner
from tests.browser.test_axe import COLOURS, RULES
from tests.browser.watch import Served
from tests.courses.bookings import booker
from tests.factories import (
    CommentFactory,
    ContactPageFactory,
    CourseRunFactory,
    EnquiryFactory,
    SubscriberFactory,
    picture,
)
from tests.home.test_contact import answers
from tests.test_mails import MAILS, named

pytestmark = pytest.mark.browser

OFFICE = "office@example.org"
LINE = "The hall has no heating that week."
# Landmarks are for what stands around a page's words; mail programs have their own.
NO_LANDMARKS = {"landmark-one-main": {"enabled": False}, "region": {"enabled": False}}
# A mail has its styles in it and its pictures elsewhere, and no robot reads a description of it.
FINDERS = [find for name, find in markup.ALL.items() if name not in ("inline", "resources", "head")]
WORD = re.compile(r"\w+")


def site() -> Site:
    return Site.objects.get(is_default_site=True)


def mails_of_bookings(user: User) -> None:
    """Somebody books, somebody waits, one gives a place back, the date is moved and called off."""
    BookingSettings.objects.update_or_create(site=site(), defaults={"office": OFFICE})
    run: CourseRun = CourseRunFactory(
        course=CoursePage.objects.live().first(), venue=Venue.objects.first(), capacity=2
    )
    people = [
        {"name": "Ada Example", "email": "ada@example.org", "access_needs": "A seat by the door"},
        {"name": "Grace Example", "email": "grace@example.org"},
    ]
    given = {
        "terms": "on",
        "organisation": "Rose House",
        "purchase_order": "PO 7",
        "wants_invoice": "on",
    }
    booker.send(Client(), run, people=people, tells_attendees="on", **given)
    booking = Booking.objects.latest("pk")
    booking_emails.remind(booking, run, bookings.settings_of(run.course))
    for person in booking.coming:
        person.certificate_key = uuid.uuid4()
    booking_emails.send_certificates(booking, run, booking.coming)
    entry = bookings.join(run.pk, bookings.Waiter("Sam", "sam@example.org"), uuid.uuid4())
    bookings.cancel(booking.pk, [booking.coming[1].pk])
    booking_emails.say_offer_lapsed(entry, is_free=False, is_passed_on=True)
    before = CourseRun.objects.get(pk=run.pk)
    run.start, run.end = run.start + dt.timedelta(days=7), run.end + dt.timedelta(days=7)
    bookings.save_date(run, LINE, user=user)
    booking_emails.tell_who_waits_of_date(entry, run, LINE, was=before)
    booking_emails.tell_who_waits_of_date(entry, run, LINE)
    bookings.cancel_date(run.pk, LINE, user=user)


def mails_of_enquiries() -> None:
    rules = EnquirySettings(site=site(), office=OFFICE)
    enquiry = EnquiryFactory(message="Many of us are new.\n\nWe work nights.", telephone="01632 96")
    enquiry_emails.acknowledge(enquiry, rules)
    enquiry_emails.tell_office(enquiry, rules)
    enquiry_emails.remind(enquiry, rules)


def mails_of_comments() -> None:
    rules = CommentSettings(site=site(), moderators=OFFICE)
    comment = CommentFactory(page=BlogPage.objects.live().first(), wants_replies=True)
    comment_emails.tell_moderators(comment, rules)
    comment_emails.tell_moderators_of_report(comment, "It names my mother.", rules)
    reply = CommentFactory(page=comment.page, parent=comment, text="So did we.\n\nAnd you?")
    comment_emails.tell_thread.enqueue(reply.pk)


def mails_of_the_newsletter(user: User) -> None:
    Subscriber.objects.all().delete()
    Sending.objects.all().delete()
    joiner.join(Client(), email="new@example.org")
    issue = NewsletterIssuePage.objects.exclude(easy_read=[]).live().first()
    issue.body = [*issue.body.raw_data, issues.picture("The garden of the hall in May")]
    issue.save_revision().publish()
    SubscriberFactory(email="usual@example.org")
    SubscriberFactory(email="easy@example.org", wants_easy_read=True)
    newsletter.schedule(issue, Sending.Audience.EVERYBODY, None, user)
    send_trial.enqueue(issue.pk, OFFICE)


def mails_of_forms() -> None:
    page: ContactPage = ContactPageFactory(to_address=OFFICE)
    Client().post(page.url, answers(ways=["Room", "Online"]))


class Sent(list[EmailMultiAlternatives]):
    """The mails of the site, and the templates that they are made of."""

    templates: set[str] = set()

    def note(self, template: Template, **_: Any) -> None:
        self.templates = self.templates | {str(template.name)}


@pytest.fixture(scope="module")
def sent(served: Served) -> Sent:
    """A mail of every kind, with the words of the demo's site."""
    sent = Sent()
    call_command("run_worker", batch=True)
    mail.outbox.clear()
    template_rendered.connect(sent.note)
    mails_of_bookings(served.staff)
    mails_of_enquiries()
    mails_of_comments()
    mails_of_the_newsletter(served.staff)
    mails_of_forms()
    call_command("run_worker", batch=True)
    template_rendered.disconnect(sent.note)
    sent.extend(mail.outbox)
    return sent


def html_of(message: EmailMultiAlternatives) -> str:
    [html] = [str(body) for body, kind in message.alternatives if kind == "text/html"]
    return html


def words_of(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))


def shown(page: BeautifulSoup) -> str:
    """What a letter says where it is shown; what stands for a mailbox's list is not in it."""
    for hidden in page.find_all(class_="preview"):
        hidden.decompose()
    return str(page.body.get_text(" "))


def test_there_is_one_of_every_kind(sent: Sent) -> None:
    assert {named(path) for path in MAILS} - sent.templates == set()


def test_the_plain_text_says_the_same(sent: Sent) -> None:
    missing = [
        (message.subject, words_of(shown(markup.read(html_of(message)))) - words_of(message.body))
        for message in sent
    ]
    assert [(subject, words) for subject, words in missing if words] == []


def test_every_mail_is_valid_html(sent: Sent) -> None:
    faults = [
        (message.subject, fault)
        for message in sent
        for find in FINDERS
        for fault in find(markup.read(html_of(message)))
        # How high a newsletter's picture is depends on how wide the screen is.
        if "without its size" not in fault
    ]
    assert faults == []


@pytest.mark.parametrize("width", [360, 600])
@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", COLOURS)])
def test_every_mail_fits_and_can_be_read(
    width: int, scheme: Any, rules: dict[str, list[str]], sent: Sent, browser: Browser
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    asked: set[str] = set()

    def answer(route: Route) -> None:
        asked.add(route.request.url)
        route.fulfill(body=picture(), content_type="image/png")

    context.route("**/*", answer)
    page = context.new_page()
    faults: list[tuple[str, str]] = []
    for message in sent:
        page.set_content(html_of(message), wait_until="load")
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        faults += [(message.subject, f"{beyond} pixels too wide")] if beyond > 0 else []
        faults += [
            (message.subject, f"{rule['id']}: {node['html'][:200]}")
            for rule in Axe()
            .run(page, options=rules | {"rules": NO_LANDMARKS})
            .response["violations"]
            for node in rule["nodes"]
        ]
    context.close()
    assert faults == []
    ours = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
    assert asked
    for address in map(urlsplit, asked):
        assert address.netloc == ours
        assert address.path.startswith((settings.MEDIA_URL, settings.STATIC_URL))
