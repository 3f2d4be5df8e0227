"""Staff change or cancel a date that people have booked, and keep its register."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from courses import services as places
from courses.bookings import services
from courses.bookings.models import Attendee, Booking, WaitingListEntry
from courses.models import CourseRun
from tests import markup
from tests.factories import CoursePageFactory, CourseRunFactory, UserFactory, VenueFactory

from .booker import send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
PEOPLE = [
    {"name": "Ada Example", "email": "ada@example.org"},
    {"name": "Grace Example", "email": "grace@example.org", "access_needs": "A seat by the door"},
]


@pytest.fixture
def run(client: Client, work: Work) -> CourseRun:
    run: CourseRun = CourseRunFactory(capacity=9, venue__name="The Old Hall")
    send(client, run, people=PEOPLE, tells_attendees="yes", telephone="+44 1632 960120")
    work()
    mail.outbox.clear()
    return run


@pytest.fixture
def office(client: Client, run: CourseRun) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def edit(run: CourseRun) -> str:
    return reverse("dates_modeladmin_edit", args=[run.pk])


def typed(run: CourseRun, **changes: Any) -> dict[str, Any]:
    def said(moment: dt.datetime | None) -> str:
        return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""

    return {
        "course": run.course_id,
        "start": said(run.start),
        "end": said(run.end),
        "venue": run.venue_id or "",
        "capacity": run.capacity,
        "booking_opens_at": "",
        "booking_closes_at": "",
        "note": run.note,
    } | changes


def later(run: CourseRun) -> dict[str, str]:
    start, end = (timezone.localtime(at) + dt.timedelta(days=7) for at in (run.start, run.end))
    return {"start": f"{start:%d/%m/%Y %H:%M}", "end": f"{end:%d/%m/%Y %H:%M}"}


def events(message: Any) -> list[Any]:
    [(_, text, _)] = [each for each in message.attachments if each[0].endswith(".ics")]
    return list(Calendar.from_ical(text).walk("VEVENT"))


# Another time or place


def test_staff_see_who_will_be_told_before_anything_is_saved(
    office: Client, run: CourseRun, work: Work
) -> None:
    page = markup.read(office.post(edit(run), typed(run, **later(run), note="New")).content)
    assert "Nothing is saved yet" in page.get_text()
    assert "ada@example.org" in page.find(class_="office-told").get_text()
    assert "grace@example.org" in page.find(class_="office-told").get_text()
    before = CourseRun.objects.get()
    assert (before.start, before.note) == (run.start, run.note)
    work()
    assert not mail.outbox


def test_they_are_told_once_with_the_line_and_a_newer_calendar_file(
    office: Client, run: CourseRun, work: Work
) -> None:
    [first] = events_of_booking()
    page = markup.read(office.post(edit(run), typed(run, **later(run), note="New")).content)
    form = page.find("form", method="post")
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    answer = hidden | {"line": "The roof leaks. We are sorry."}
    for _ in range(2):
        assert office.post(edit(run), answer).status_code == 302
    work()
    moved = CourseRun.objects.get()
    assert moved.start == run.start + dt.timedelta(days=7)
    assert moved.note == "New"
    assert sorted(message.to[0] for message in mail.outbox) == [
        "ada@example.org",
        "grace@example.org",
    ]
    for message in mail.outbox:
        assert "The roof leaks. We are sorry." in message.body
        assert run.when_text in message.body
        [event] = events(message)
        assert (event["uid"] == first["uid"]) == (message.to == ["ada@example.org"])
        assert event["sequence"] > first["sequence"]
        assert event.start == moved.start
        assert event["status"] == "CONFIRMED"


def events_of_booking() -> list[Any]:
    from courses.bookings.invitations import calendar_file

    text = calendar_file(Booking.objects.get()).content
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_another_venue_is_told_of_too(office: Client, run: CourseRun) -> None:
    page = office.post(edit(run), typed(run, venue=VenueFactory(name="The New Hall").pk))
    assert "The New Hall" in page.content.decode()
    assert CourseRun.objects.get().venue == run.venue


@pytest.mark.parametrize("change", [{"note": "Bring lunch"}, {"capacity": 12}], ids=str)
def test_other_changes_are_saved_at_once_and_nobody_is_told(
    change: dict[str, Any], office: Client, run: CourseRun, work: Work
) -> None:
    assert office.post(edit(run), typed(run, **change)).status_code == 302
    work()
    assert not mail.outbox
    [(name, value)] = change.items()
    assert getattr(CourseRun.objects.get(), name) == value


def test_a_date_that_nobody_booked_is_saved_at_once(office: Client) -> None:
    free: CourseRun = CourseRunFactory()
    assert office.post(edit(free), typed(free, **later(free))).status_code == 302
    assert CourseRun.objects.get(pk=free.pk).start == free.start + dt.timedelta(days=7)


def test_what_staff_changed_is_kept_with_their_name(office: Client, run: CourseRun) -> None:
    office.post(edit(run), typed(run, capacity=12))
    office.post(edit(run), typed(run, capacity=12, **later(run), line=""))
    page = markup.read(office.get(f"/admin/dates/{run.pk}/register/").content)
    log = page.find(class_="register__log").get_text()
    assert "Places: 9, now 12" in log
    assert f"Was {run.when_text}" in log
    assert "by " in log


# Those who wait


@pytest.fixture
def full(run: CourseRun, work: Work) -> CourseRun:
    """The date, full, with two people who wait; one of them has a place on it as well."""
    CourseRun.objects.update(capacity=2)
    for name, email in (("Sam", "sam@example.org"), ("Ada's friend", "Ada@example.org")):
        services.join(run.pk, services.Waiter(name, email), uuid.uuid4())
    work()
    mail.outbox.clear()
    return CourseRun.objects.get()


def test_who_waits_is_told_of_another_time_once(
    office: Client, full: CourseRun, work: Work
) -> None:
    answer = typed(full, **later(full))
    page = markup.read(office.post(edit(full), answer).content)
    assert "sam@example.org" in page.find(class_="office-told").get_text()
    for _ in range(2):
        assert office.post(edit(full), answer | {"line": "Snow."}).status_code == 302
    work()
    told = {message.to[0]: message for message in mail.outbox}
    assert sorted(message.to[0] for message in mail.outbox) == sorted(told)
    assert set(told) == {"ada@example.org", "grace@example.org", "sam@example.org"}
    said = told["sam@example.org"].body
    moved = CourseRun.objects.get()
    for words in ("Snow.", "waiting list", f"{moved.start:%-d %B %Y}", full.when_text):
        assert words in said
    link = said[said.index("/courses/bookings/waiting/") :].split()[0]
    assert "You are first in line" in office.get(link).content.decode()


def test_staff_are_asked_for_a_line_where_people_only_wait(
    office: Client, full: CourseRun, work: Work
) -> None:
    services.cancel(Booking.objects.get().pk, Attendee.objects.values_list("pk", flat=True))
    work()
    mail.outbox.clear()
    answer = typed(full, **later(full))
    assert "Nothing is saved yet" in office.post(edit(full), answer).content.decode()
    office.post(edit(full), answer | {"line": ""})
    work()
    told = {message.to[0]: message.body for message in mail.outbox}
    assert set(told) == {"sam@example.org", "Ada@example.org"}
    assert "We still hold a place for you until" in told["sam@example.org"]


def test_who_waits_and_comes_as_well_is_told_once_that_it_is_cancelled(
    office: Client, full: CourseRun, work: Work
) -> None:
    office.post(f"/admin/dates/{full.pk}/cancel/", {"line": ""})
    work()
    told = sorted(message.to[0].lower() for message in mail.outbox)
    assert told == ["ada@example.org", "grace@example.org", "sam@example.org"]


# Another course


@pytest.mark.parametrize("who", ["comes", "came", "waits"])
def test_a_date_stays_with_the_course_that_people_booked(
    who: str, office: Client, run: CourseRun
) -> None:
    if who == "waits":
        run = CourseRunFactory(capacity=1)
        places.take_places(run, 1)
        services.join(run.pk, services.Waiter("Sam", "sam@example.org"), uuid.uuid4())
    elif who == "came":
        services.cancel(Booking.objects.get().pk, Attendee.objects.values_list("pk", flat=True))
    other = CoursePageFactory()
    answer = office.post(edit(run), typed(run, course=other.pk, note="Bring lunch", **later(run)))
    page = markup.read(answer.content)
    assert answer.context["form"].errors.keys() == {"course"}
    assert "stays with its course" in page.find(class_="error-message").get_text()
    assert page.find("input", {"name": "note"})["value"] == "Bring lunch"
    after = CourseRun.objects.get(pk=run.pk)
    assert (after.course_id, after.start) == (run.course_id, run.start)


def test_a_date_that_nobody_booked_changes_its_course(office: Client) -> None:
    free: CourseRun = CourseRunFactory()
    other = CoursePageFactory()
    assert office.post(edit(free), typed(free, course=other.pk)).status_code == 302
    assert CourseRun.objects.get(pk=free.pk).course_id == other.pk


# Reminders


def test_a_postponed_date_is_reminded_of_again(run: CourseRun, work: Work) -> None:
    def remind_before(moment: dt.datetime) -> list[str]:
        mail.outbox.clear()
        services.remind(moment - dt.timedelta(days=2))
        services.remind(moment - dt.timedelta(days=1))
        work()
        return sorted(m.to[0] for m in mail.outbox if m.subject.startswith("Soon"))

    everybody = ["ada@example.org", "grace@example.org"]
    assert remind_before(run.start) == everybody
    run.start, run.end = (at + dt.timedelta(days=7) for at in (run.start, run.end))
    services.save_date(run, "", user=UserFactory())
    assert remind_before(run.start) == everybody


def test_who_was_just_told_of_a_change_is_not_reminded_at_once(run: CourseRun, work: Work) -> None:
    Booking.objects.update(created_at=timezone.now() - dt.timedelta(days=30))
    run.start, run.end = (at - dt.timedelta(days=26) for at in (run.start, run.end))
    services.save_date(run, "", user=UserFactory())
    services.remind()
    work()
    assert [m.subject for m in mail.outbox if m.subject.startswith("Soon")] == []
    assert len(mail.outbox) == 2


# Cancelling


def test_cancelling_tells_everybody_once_and_ends_the_waiting(
    office: Client, run: CourseRun, work: Work
) -> None:
    CourseRun.objects.update(capacity=2)
    services.join(run.pk, services.Waiter("Sam", "sam@example.org"), uuid.uuid4())
    work()
    mail.outbox.clear()
    url = f"/admin/dates/{run.pk}/cancel/"
    page = office.get(url).content.decode()
    for address in ("ada@example.org", "grace@example.org", "sam@example.org"):
        assert address in page
    assert CourseRun.objects.get().cancelled_at is None, "a GET changes nothing"
    for _ in range(2):
        assert office.post(url, {"line": "Too few people."}).status_code == 302
    work()
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == ["ada@example.org", "grace@example.org", "sam@example.org"]
    assert all("Too few people." in message.body for message in mail.outbox)
    files = [message for message in mail.outbox if message.attachments]
    assert [events(message)[0]["status"] for message in files] == ["CANCELLED", "CANCELLED"]
    assert WaitingListEntry.objects.get().outcome == WaitingListEntry.Outcome.OVER
    assert len(Booking.objects.get().coming) == 2
    assert "Cancelled" in office.get("/admin/dates/").content.decode()


def test_after_that_people_move_to_another_date_by_themselves(run: CourseRun) -> None:
    other = CourseRunFactory(course=run.course, in_days=60)
    services.cancel_date(run.pk, "", user=UserFactory())
    booking = Booking.objects.get()
    CourseRun.objects.filter(pk=run.pk).update(
        start=timezone.now() + dt.timedelta(hours=3), end=timezone.now() + dt.timedelta(hours=6)
    )
    services.move(booking.pk, [person.pk for person in booking.coming], other.pk)
    assert other.places.taken().count() == 2


def test_who_may_not_change_dates_may_not_cancel_them(client: Client, run: CourseRun) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    for path in ("cancel", "register"):
        url = f"/admin/dates/{run.pk}/{path}/"
        for answer in (client.get(url), client.post(url)):
            assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert CourseRun.objects.get().cancelled_at is None


@pytest.mark.parametrize("pk", [0, 404, 10**30])
def test_unknown_dates_are_not_found(pk: int, office: Client) -> None:
    for path in ("cancel", "register"):
        assert office.get(f"/admin/dates/{pk}/{path}/").status_code == 404


def test_a_booked_date_is_not_deleted(office: Client, run: CourseRun) -> None:
    answer = office.post(reverse("dates_modeladmin_delete", args=[run.pk]))
    assert answer.status_code == 200
    assert "delete" in answer.content.decode()
    assert CourseRun.objects.exists()


# The register


def test_the_register_names_who_comes_and_what_they_need(office: Client, run: CourseRun) -> None:
    page = markup.read(office.get(f"/admin/dates/{run.pk}/register/").content)
    people = page.find(class_="register__people").get_text()
    assert people.index("Ada Example") < people.index("Grace Example")
    assert "A seat by the door" in people
    assert "+44 1632 960120" in people
    assert page.find("a", href=f"/admin/attendees/?date={run.pk}&export=xlsx")


def test_marks_are_kept_and_sending_them_twice_is_the_same(office: Client, run: CourseRun) -> None:
    ada, grace = Attendee.objects.order_by("name")
    marks = {f"mark-{ada.pk}": "present", f"mark-{grace.pk}": "absent"}
    url = f"/admin/dates/{run.pk}/register/"
    for _ in range(2):
        assert office.post(url, marks).status_code == 302
    assert dict(Attendee.objects.values_list("name", "attendance")) == {
        "Ada Example": "present",
        "Grace Example": "absent",
    }
    page = markup.read(office.get(url).content)
    assert "1 present, 1 absent" in page.find(class_="register").get_text()
    assert page.find("input", {"name": f"mark-{ada.pk}", "value": "present"}).has_attr("checked")
    assert page.get_text().count("Register saved") == 1
    office.post(url, register_typed(office, run) | {f"mark-{ada.pk}": ""})
    assert Attendee.objects.get(pk=ada.pk).attendance == ""


def register_typed(office: Client, run: CourseRun) -> dict[str, str]:
    """What a browser sends when somebody opens the register and changes nothing."""
    page = markup.read(office.get(f"/admin/dates/{run.pk}/register/").content)
    people = page.find(class_="register__people")
    return {
        field["name"]: field.get("value", "")
        for field in people.find_all("input")
        if field["type"] == "hidden" or field.has_attr("checked")
    }


def test_saving_an_older_page_takes_back_nothing(office: Client, run: CourseRun) -> None:
    ada, grace = Attendee.objects.order_by("name")
    url = f"/admin/dates/{run.pk}/register/"
    mine, hers = register_typed(office, run), register_typed(office, run)
    office.post(url, mine | {f"mark-{ada.pk}": "present"})
    for _ in range(2):
        office.post(url, hers | {f"mark-{grace.pk}": "absent"})
    assert dict(Attendee.objects.values_list("name", "attendance")) == {
        "Ada Example": "present",
        "Grace Example": "absent",
    }
    # A change that was meant counts, whatever happened meanwhile.
    office.post(url, hers | {f"mark-{ada.pk}": "absent"})
    assert Attendee.objects.get(pk=ada.pk).attendance == "absent"


def test_nonsense_marks_nobody(office: Client, run: CourseRun) -> None:
    elsewhere = CourseRunFactory(course=run.course, in_days=60)
    pk = Attendee.objects.first().pk
    office.post(f"/admin/dates/{elsewhere.pk}/register/", {f"mark-{pk}": "present"})
    nonsense = {f"mark-{pk}": "late", "mark-x": "present", f"mark-{10**30}": "present"}
    assert office.post(f"/admin/dates/{run.pk}/register/", nonsense).status_code == 302
    assert not Attendee.objects.exclude(attendance="").exists()
