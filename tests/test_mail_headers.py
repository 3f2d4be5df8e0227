"""Whatever people type, a mail has the headers that we gave it, and goes to whom we meant.

Every field that reaches a mail is given hostile values, one at a time: strangers' fields by the
public forms, those of staff as the admin's forms would take them.
"""

import email
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Site

from base.letters import message
from base.mail import send_later
from base.models import OrganisationSettings
from base.tasks import send_mail
from blog.comments.models import CommentSettings
from blog.models import BlogPage
from blog.newsletter import services as newsletter
from blog.newsletter.models import NewsletterIssuePage, Sending
from blog.newsletter.tasks import send_trial
from courses.bookings import tokens
from courses.bookings.models import BookingSettings
from courses.enquiries.models import EnquirySettings
from courses.models import CoursePage, CourseRun, Venue
from home.models import ContactPage
from tests import markup
from tests.blog.comments import visitor
from tests.blog.newsletter import joiner
from tests.courses.bookings import booker
from tests.courses.enquiries import asker
from tests.factories import (
    BlogPageFactory,
    CommentFactory,
    ContactPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    NewsletterIssuePageFactory,
    OrganisationSettingsFactory,
    SubscriberFactory,
    UserFactory,
    VenueFactory,
)
from tests.home.test_contact import answers as contact_answers
from tests.hostile_lines import INTRUDER, VALUES, in_address

pytestmark = pytest.mark.django_db

Rounds = Callable[[int, int], int]
Work = Callable[[], None]
Typed = dict[str, Any]
# Sends a form with some answers changed.
Send = Callable[[Client, Typed], HttpResponse]

OFFICE = "office@example.org"
WRITES = "We tried this on our night shift, and it helped everybody."
OURS = {OFFICE, "ada@example.org", "grace@example.org", "sam@example.org", "reader@example.org"}

HEADERS = {
    *("from", "to", "reply-to", "subject", "date", "message-id", "references"),
    *("mime-version", "content-type", "content-transfer-encoding"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post"),
}
PART_HEADERS = {
    *("mime-version", "content-type", "content-transfer-encoding", "content-disposition")
}
PARTS = {
    *("multipart/mixed", "multipart/alternative"),
    *("text/plain", "text/html", "text/calendar"),
}
# Turns the words that follow it round, or begins a line.
SPOOFING = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Robot(Client):
    """Sends what no browser would: whatever bytes there are, halves of characters among them."""

    def post(self, path: str, data: Any = None, **extra: Any) -> Any:
        content = urlencode(data, doseq=True, errors="surrogatepass")
        return super().post(path, content, "application/x-www-form-urlencoded", **extra)


@contextmanager
def undone() -> Iterator[None]:
    """Forgets what was sent, so that no limit keeps the next value from its mail."""
    mail.outbox.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# What a mail has to be


def one_of_each(names: Iterable[str], known: set[str]) -> bool:
    lower = [name.lower() for name in names]
    return len(set(lower)) == len(lower) and set(lower) <= known


def read(header: str) -> str:
    """A header as people read it."""
    unfolded = re.sub(r"\r\n(?=[ \t])", "", header)
    return str(make_header(decode_header(unfolded)))


def check(sent: EmailMessage, *, may_be_typed: bool) -> None:
    """Read a mail as it goes over the wire. `may_be_typed` says that somebody gave its address."""
    parsed = email.message_from_bytes(sent.message().as_bytes(linesep="\r\n"))
    assert one_of_each(parsed.keys(), HEADERS), parsed.items()
    for part in parsed.walk():
        assert part.defects == []
        assert part.get_content_type() in PARTS
        assert part is parsed or one_of_each(part.keys(), PART_HEADERS), part.items()
    assert not SPOOFING.search(read(parsed["Subject"])), parsed["Subject"]
    for name in ("From", "To", "Reply-To"):
        for known_as, address in getaddresses([parsed.get(name, "")]):
            assert not SPOOFING.search(read(known_as)), known_as
            assert address.isascii(), address
            assert address.isprintable(), address
    [recipient] = sent.recipients()
    assert [address for _, address in getaddresses([parsed["To"]])] == [recipient]
    assert recipient in OURS or (may_be_typed and recipient != INTRUDER)
    for _, address in getaddresses([parsed["From"], parsed.get("Reply-To", "")]):
        assert address != INTRUDER


def delivered(work: Work, *, may_be_typed: bool) -> int:
    """How many mails go out, each as it should be. None may be stuck in the queue."""
    work()
    queued = DBTaskResult.objects.filter(task_path=send_mail.module_path)
    assert not queued.exclude(status=TaskResultStatus.SUCCESSFUL).exists()
    for sent in mail.outbox:
        check(sent, may_be_typed=may_be_typed)
    return len(mail.outbox)


# What strangers type


def site() -> Site:
    return Site.objects.get(is_default_site=True)


def booking() -> Send:
    BookingSettings.objects.create(site=site(), office=OFFICE)
    run = CourseRunFactory(capacity=9)
    given = {"tells_attendees": "on", "wants_invoice": "on", "consent": "on"}
    people = [{"name": "Grace Example", "email": "grace@example.org"}]
    return lambda client, typed: booker.send(
        client, run, people=people, token=tokens.sign_form(run.pk), **given | typed
    )


def waiting() -> Send:
    run = CourseRunFactory(capacity=1)
    booker.send(Client(), run, people=["Ada Example"])
    url = reverse("courses_bookings:wait", args=[run.pk])
    return lambda client, typed: client.post(
        url, booker.ADA | {"token": tokens.sign_form(run.pk)} | typed
    )


def enquiry() -> Send:
    EnquirySettings.objects.create(site=site(), office=OFFICE)
    return lambda client, typed: asker.send(client, **typed)


def contact() -> Send:
    page = ContactPageFactory(to_address=OFFICE)
    return lambda client, typed: client.post(page.url, contact_answers(**typed))


def comment() -> Send:
    CommentSettings.objects.create(site=site(), moderators=OFFICE)
    post = BlogPageFactory()
    return lambda client, typed: visitor.send(client, post, **typed)


def report() -> Send:
    CommentSettings.objects.create(site=site(), moderators=OFFICE)
    url = reverse("blog_comments:report", args=[CommentFactory().pk])
    return lambda client, typed: client.post(url, {"key": uuid.uuid4(), "nothing": ""} | typed)


def joining() -> Send:
    return lambda client, typed: joiner.join(client, **typed)


DOORS: dict[Callable[[], Send], list[str]] = {
    booking: [
        *("name", "email", "telephone", "organisation", "purchase_order"),
        *("people-0-name", "people-0-email", "people-0-access_needs", "people-0-dietary_needs"),
    ],
    waiting: ["name", "email", "telephone"],
    enquiry: [
        *("organisation", "name", "email", "telephone", "place", "when", "budget", "message"),
    ],
    contact: ["your_name", "your_e_mail", "course", "message"],
    comment: ["name", "email", "text"],
    report: ["reason"],
    joining: ["email", "name", "where"],
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("door", "field"),
    [
        pytest.param(door, field, id=f"{door.__name__}-{field}")
        for door, fields in DOORS.items()
        for field in fields
    ],
)
def test_no_stranger_adds_a_header(
    door: Callable[[], Send], field: str, work: Work, rounds: Rounds
) -> None:
    send, robot = door(), Robot()
    work()
    is_address = "mail" in field
    values = VALUES[: rounds(6, len(VALUES))]
    taken = 0
    for number, value in enumerate(values):
        typed = in_address(number, value) if is_address else value
        with undone():
            response = send(robot, {field: typed})
            if response.status_code == 302:
                assert delivered(work, may_be_typed=is_address), typed
                taken += 1
            else:
                assert response.status_code == 200
                told = markup.read(response.content).find(attrs={"name": field})
                assert told["aria-invalid"] == "true", typed
    assert is_address or taken


# What staff type


def ask_first(page: ContactPage) -> HttpResponse:
    return Client().post(page.url, contact_answers())


def book(run: CourseRun) -> HttpResponse:
    people = [{"name": "Grace Example", "email": "grace@example.org"}]
    return booker.send(Client(), run, people=people, tells_attendees="on")


def book_at(venue: Venue) -> HttpResponse:
    return book(CourseRunFactory(venue=venue))


def book_course(course: CoursePage) -> HttpResponse:
    return book(CourseRunFactory(course=course))


def comment_on(post: BlogPage) -> HttpResponse:
    CommentSettings.objects.create(site=site(), moderators=OFFICE)
    return visitor.send(Client(), post)


def send_issue(issue: NewsletterIssuePage) -> None:
    SubscriberFactory(email="reader@example.org")
    newsletter.schedule(issue, Sending.Audience.EVERYBODY, None, UserFactory())
    send_trial.enqueue(issue.pk, OFFICE)


def join_of(organisation: OrganisationSettings) -> HttpResponse:
    return joiner.join(Client())


def office_contact() -> ContactPage:
    page: ContactPage = ContactPageFactory(to_address=OFFICE)
    return page


# What makes a thing that staff write about, what sends mails about it, and what they write.
DESKS: list[tuple[Callable[[], Any], Callable[[Any], object], list[str]]] = [
    (CoursePageFactory, book_course, ["title", "what_to_bring"]),
    (CourseRunFactory, book, ["note"]),
    (VenueFactory, book_at, ["name", "address", "postcode", "town", "directions"]),
    (BlogPageFactory, comment_on, ["title"]),
    (NewsletterIssuePageFactory, send_issue, ["title", "subject", "intro"]),
    (
        OrganisationSettingsFactory,
        join_of,
        ["organisation_name", "phone", "email", "address", "company_name"],
    ),
    (office_contact, ask_first, ["title", "subject", "from_address", "to_address"]),
]


def is_taken(thing: Any, field: str, value: str) -> bool:
    """Whether the admin's form takes a value, as it comes over the wire, and keeps it."""
    typed = value.encode("utf-8", "replace").decode()
    others = {each.name for each in thing._meta.get_fields()} - {field}
    try:
        setattr(thing, field, thing._meta.get_field(field).formfield().clean(typed))
        thing.clean_fields(exclude=others)
        thing.save()
    except ValidationError:
        return False
    thing.refresh_from_db()
    return True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "act", "field"),
    [
        pytest.param(make, act, field, id=f"{act.__name__}-{field}")
        for make, act, fields in DESKS
        for field in fields
    ],
)
def test_nothing_that_staff_write_is_a_header(
    make: Callable[[], Any],
    act: Callable[[Any], object],
    field: str,
    work: Work,
    rounds: Rounds,
) -> None:
    OrganisationSettings.objects.all().delete()
    thing = make()
    work()
    is_address = field in ("email", "from_address", "to_address")
    values = VALUES[: rounds(6, len(VALUES))]
    taken = 0
    for number, value in enumerate(values):
        typed = in_address(number, value) if is_address else value
        with undone():
            if is_taken(thing, field, typed):
                act(thing)
                assert delivered(work, may_be_typed=is_address), typed
                taken += 1
        thing.refresh_from_db()
    assert is_address or taken


@pytest.mark.slow
def test_a_line_to_those_concerned_is_no_header(admin: Client, work: Work, rounds: Rounds) -> None:
    run = CourseRunFactory(capacity=9)
    book(run)
    work()
    robot = Robot()
    robot.cookies = admin.cookies
    for value in VALUES[: rounds(6, len(VALUES))]:
        with undone():
            answer = robot.post(f"/admin/dates/{run.pk}/cancel/", {"line": value})
            assert answer.status_code == 302
            assert delivered(work, may_be_typed=False) == 2


# What would let one through


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("One\r\nBcc: all@example.org", "One Bcc: all@example.org"),
        ("A \u202efdp.exe\x7f", "A fdp.exe"),
        ("=?utf-8?q?=E2=80=AE?=", "= ?utf-8?q?=E2=80=AE?="),
    ],
)
def test_a_subject_is_one_line_and_says_what_is_written(typed: str, shown: str, work: Work) -> None:
    send_later(typed, "Hello", [OFFICE])
    work()
    mail.outbox.append(message(typed, "Hello", "<p>Hello</p>", [OFFICE]))
    for sent in mail.outbox:
        parsed = email.message_from_bytes(sent.message().as_bytes())
        assert read(parsed["Subject"]) == shown


@pytest.mark.parametrize("door", [booking, enquiry, joining, contact])
def test_an_address_that_would_be_read_as_another_is_refused(door: Callable[[], Send]) -> None:
    field = "your_e_mail" if door is contact else "email"
    answer = door()(Client(), {field: "=?utf-8?q?all?=@example.org"})
    assert "cannot write to such an address" in answer.content.decode()
