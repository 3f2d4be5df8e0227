"""Certificates of attendance: who has one, how it is sent, and how anybody checks it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from courses.bookings import emails, services
from courses.bookings.certificates import certificate_pdf, number_of
from courses.bookings.models import Attendee, Booking, BookingEvent
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, UserFactory

from .booker import send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
PEOPLE = [
    {"name": "Ada Example", "email": "ada@example.org"},
    {"name": "Grace Example", "email": "grace@example.org"},
    {"name": "Sam Example"},
]


@pytest.fixture
def run(client: Client, work: Work) -> CourseRun:
    """A date that is over, with three people."""
    run: CourseRun = CourseRunFactory(
        course__title="Safeguarding adults", venue__name="The Old Hall"
    )
    send(client, run, people=PEOPLE, tells_attendees="yes", email="office@example.org")
    work()
    mail.outbox.clear()
    run.start -= dt.timedelta(days=60)
    run.end -= dt.timedelta(days=60)
    run.save()
    return run


@pytest.fixture
def office(client: Client, run: CourseRun) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def register(run: CourseRun) -> str:
    return reverse("courses_bookings_office:register", args=[run.pk])


def mark(run: CourseRun, **marks: str) -> None:
    people = {person.name.split()[0].lower(): person.pk for person in Attendee.objects.all()}
    services.mark_attendance(
        run.pk, {people[name]: value for name, value in marks.items()}, user=UserFactory()
    )


def named(name: str) -> Attendee:
    return Attendee.objects.select_related("place__run").get(name__startswith=name)


def page_of(key: uuid.UUID | None) -> str:
    return reverse("courses_bookings:certificate", args=[key])


def file_of(key: uuid.UUID | None) -> str:
    return reverse("courses_bookings:certificate_file", args=[key])


# Who has one


def test_whoever_was_present_has_one_and_nobody_else(client: Client, run: CourseRun) -> None:
    mark(run, ada="present", grace="absent")
    ada, grace, sam = (named(name) for name in ("Ada", "Grace", "Sam"))
    assert ada.has_certificate
    assert not grace.has_certificate
    assert not sam.has_certificate
    page = markup.read(client.get(page_of(ada.certificate_key)).content)
    assert "This certificate is genuine" in page.h1.get_text()
    text = " ".join(page.find("main").get_text(" ").split())
    assert "Ada Example attended Safeguarding adults" in text
    assert "The Old Hall" in text
    assert number_of(ada) in text


@pytest.mark.parametrize(
    "undo",
    [
        lambda run, ada: mark(run, ada=""),
        lambda run, ada: mark(run, ada="absent"),
        lambda run, ada: CourseRun.objects.update(cancelled_at=timezone.now()),
        lambda run, ada: CourseRun.objects.update(end=timezone.now() + dt.timedelta(hours=1)),
        lambda run, ada: services.cancel(ada.booking_id, [ada.pk], user=UserFactory()),
    ],
    ids=["mark taken back", "absent", "cancelled", "not over", "place given back"],
)
def test_one_that_holds_no_longer_is_as_unknown_as_any_other(
    undo: Callable[[CourseRun, Attendee], Any], client: Client, run: CourseRun
) -> None:
    mark(run, ada="present")
    ada = named("Ada")
    undo(run, ada)
    mine = client.get(page_of(ada.certificate_key))
    other = client.get(page_of(uuid.uuid4()))
    assert mine.status_code == other.status_code == 404
    assert body_of(mine) == body_of(other)
    assert "Ada" not in mine.content.decode()
    assert client.get(file_of(ada.certificate_key)).status_code == 404


def body_of(response: Any) -> str:
    return re.sub(r'nonce="[^"]*"', "", response.content.decode()).replace(
        response.wsgi_request.path, ""
    )


def test_a_mark_that_is_set_again_brings_the_same_one_back(run: CourseRun) -> None:
    mark(run, ada="present")
    key = named("Ada").certificate_key
    mark(run, ada="")
    mark(run, ada="present")
    assert named("Ada").certificate_key == key


def test_no_robot_finds_it_and_no_cache_keeps_it(client: Client, run: CourseRun) -> None:
    mark(run, ada="present")
    for path in (page_of(named("Ada").certificate_key), file_of(named("Ada").certificate_key)):
        answer = client.get(path)
        assert answer["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer["Cache-Control"]
        assert client.post(path).status_code == 405


# The sheet


def test_the_sheet_says_who_attended_what_and_where_to_check_it(
    client: Client, run: CourseRun
) -> None:
    mark(run, ada="present")
    ada = named("Ada")
    answer = client.get(file_of(ada.certificate_key))
    assert answer["Content-Type"] == "application/pdf"
    [page] = PdfReader(BytesIO(answer.content)).pages
    text = page.extract_text()
    for words in ("Ada Example", "Safeguarding adults", "The Old Hall", number_of(ada)):
        assert words in text
    assert f"{timezone.localtime(run.start):%-d %B %Y}" in text
    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert links == [emails.certificate_address(ada)]
    assert client.get("/" + links[0].split("/", 3)[3]).status_code == 200
    assert client.get(file_of(ada.certificate_key)).content == answer.content


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.text(min_size=1, max_size=100),
    title=st.text(st.characters(codec="utf-8"), min_size=1, max_size=255),
)
def test_any_name_and_title_make_one_page(name: str, title: str, run: CourseRun) -> None:
    ada = Attendee.objects.in_order().select_related("booking").first()
    assert ada
    ada.name, ada.certificate_key = name, uuid.uuid4()
    ada.run.course.title = title
    assert len(PdfReader(BytesIO(certificate_pdf(ada, "Brightening Minds Training"))).pages) == 1


@pytest.mark.parametrize("name", ["Zoë Ćwikła", "Ștefan Dvořák", "Ada O’Brien–Şahin"])
def test_names_are_written_with_their_own_letters(
    name: str, client: Client, run: CourseRun
) -> None:
    Attendee.objects.filter(name="Ada Example").update(name=name)
    Attendee.objects.update(attendance="present", certificate_key=None)
    ada = Attendee.objects.get(name=name)
    ada.certificate_key = uuid.uuid4()
    ada.save()
    [page] = PdfReader(BytesIO(client.get(file_of(ada.certificate_key)).content)).pages
    assert name in page.extract_text()


def test_a_name_that_the_typeface_cannot_write_stands_on_the_page(
    client: Client, run: CourseRun
) -> None:
    Attendee.objects.filter(name="Ada Example").update(
        name="王小明", attendance="present", certificate_key=uuid.uuid4()
    )
    person = Attendee.objects.get(name="王小明")
    [page] = PdfReader(BytesIO(client.get(file_of(person.certificate_key)).content)).pages
    assert person.booking.reference in page.extract_text()
    assert "王小明" in client.get(page_of(person.certificate_key)).content.decode()


# What it says stays


def said_by(client: Client, key: uuid.UUID | None) -> list[str]:
    """What the page of a certificate says, and its sheet."""
    page = markup.read(client.get(page_of(key)).content).main.get_text(" ")
    [sheet] = PdfReader(BytesIO(client.get(file_of(key)).content)).pages
    return [page, sheet.extract_text()]


def revise(run: CourseRun) -> None:
    """Let next year's course be another one."""
    course = run.course
    course.title, course.cpd_hours, course.duration_minutes = "Safeguarding, revised", 9, 45
    course.save()
    run.venue.name = "The New Hall"
    run.venue.save()


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "opened"])
def test_a_revised_course_leaves_last_years_certificates_alone(
    is_sent: bool, client: Client, run: CourseRun
) -> None:
    run.course.cpd_hours = 6
    run.course.save()
    mark(run, ada="present")
    if is_sent:
        services.send_certificates(run.pk, user=UserFactory())
    before = said_by(client, named("Ada").certificate_key)
    revise(run)
    after = said_by(client, named("Ada").certificate_key)
    assert after == before
    for text in after:
        assert "The Old Hall" in text
        assert "6 hours" in text
    mark(run, grace="present")
    for text in said_by(client, named("Grace").certificate_key):
        assert "Safeguarding, revised" in text
        assert "9 hours" in text


def test_one_that_was_sent_says_the_same_when_its_mark_is_set_again(
    client: Client, run: CourseRun
) -> None:
    mark(run, ada="present", grace="present")
    grace = Attendee.objects.filter(name="Grace Example")
    services.send_certificates(run.pk, user=UserFactory())
    grace.update(certificate_sent_at=None)
    revise(run)
    for again in ("", "present"):
        mark(run, ada=again, grace=again)
    assert "Safeguarding adults" in said_by(client, named("Ada").certificate_key)[0]
    assert "Safeguarding, revised" in said_by(client, named("Grace").certificate_key)[0]


def test_one_from_before_says_what_the_course_is_until_it_is_sent(
    client: Client, run: CourseRun
) -> None:
    mark(run, ada="present")
    Attendee.objects.update(attested=None)
    key = named("Ada").certificate_key
    revise(run)
    assert "Safeguarding, revised" in said_by(client, key)[0]
    assert named("Ada").attested is None
    services.send_certificates(run.pk, user=UserFactory())
    run.course.title = "Another one"
    run.course.save()
    assert "Safeguarding, revised" in said_by(client, key)[0]


def test_whoever_moves_begins_anew_in_the_register(run: CourseRun) -> None:
    mark(run, ada="present", grace="absent")
    other = CourseRunFactory(course=run.course, in_days=40)
    people = [named("Ada").pk, named("Grace").pk]
    services.move(Booking.objects.get().pk, people, other.pk, user=UserFactory())
    for name in ("Ada", "Grace"):
        person = named(name)
        assert (person.attendance, person.certificate_key, person.attested) == ("", None, None)


# Sending


def test_staff_send_them_from_the_register_each_once(
    office: Client, run: CourseRun, work: Work
) -> None:
    mark(run, ada="present", grace="present", sam="absent")
    page = markup.read(office.get(register(run)).content)
    assert "Send 2 certificates" in page.find("button", {"name": "certificates"}).get_text()
    for _ in range(2):
        assert office.post(register(run), {"certificates": "send"}).status_code == 302
    work()
    told = {message.to[0]: message.body for message in mail.outbox}
    assert sorted(told) == ["ada@example.org", "grace@example.org", "office@example.org"]
    assert len(mail.outbox) == 3
    addresses = {name: emails.certificate_address(named(name)) for name in ("Ada", "Grace")}
    assert all(address in told["office@example.org"] for address in addresses.values())
    assert addresses["Ada"] in told["ada@example.org"]
    assert addresses["Grace"] not in told["ada@example.org"]
    text = markup.read(office.get(register(run)).content).get_text()
    assert "Everybody who was present has been sent theirs" in text
    assert BookingEvent.objects.filter(text="Certificates sent: 2").count() == 1


def test_whoever_is_marked_later_gets_theirs_alone(
    office: Client, run: CourseRun, work: Work
) -> None:
    mark(run, ada="present", grace="present")
    services.send_certificates(run.pk, user=UserFactory())
    mark(run, sam="present")
    work()
    mail.outbox.clear()
    assert services.send_certificates(run.pk, user=UserFactory()) == 1
    work()
    [message] = mail.outbox
    assert message.to == ["office@example.org"]
    assert emails.certificate_address(named("Sam")) in message.body
    assert emails.certificate_address(named("Ada")) not in message.body


def test_nobody_is_written_to_where_that_was_not_asked_for(run: CourseRun, work: Work) -> None:
    Booking.objects.update(tells_attendees=False)
    mark(run, ada="present", grace="present")
    services.send_certificates(run.pk, user=UserFactory())
    work()
    assert [message.to for message in mail.outbox] == [["office@example.org"]]


def test_none_is_sent_before_the_date_is_over(office: Client, run: CourseRun, work: Work) -> None:
    mark(run, ada="present")
    CourseRun.objects.update(end=timezone.now() + dt.timedelta(hours=1))
    page = markup.read(office.get(register(run)).content)
    assert "once the date is over" in page.get_text()
    assert page.find("button", {"name": "certificates"}) is None
    office.post(register(run), {"certificates": "send"})
    work()
    assert not mail.outbox


def test_the_booking_leads_to_them(client: Client, run: CourseRun) -> None:
    mark(run, ada="present")
    page = markup.read(client.get(emails.booking_path(Booking.objects.get())).content)
    [link] = page.find_all("a", href=re.compile("/certificate/"))
    assert link["href"] == page_of(named("Ada").certificate_key)
