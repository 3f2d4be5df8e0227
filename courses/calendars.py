"""Course dates as other calendars understand them: iCalendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from base.text import one_line, printable

from .models import CourseRun

MEDIA_TYPE = "text/calendar; charset=utf-8"
MAKER = "-//Brightening Minds Training//Courses//EN"
# How often a calendar that follows a feed should look again.
REFRESH = dt.timedelta(hours=6)


class Method(StrEnum):
    """What a calendar that comes by mail asks of whoever gets it (RFC 5546, section 3.2)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Mailbox(NamedTuple):
    """Who sends an invitation, or who gets one."""

    name: str
    email: str


def uid_of_date(run: CourseRun) -> UUID:
    """Return the number under which every calendar knows a date."""
    return uuid5(NAMESPACE_URL, f"course-date:{run.pk}")


def sequence_of_date(run: CourseRun) -> int:
    """Return how often a date was changed."""
    return run.sequence


def calendar_of(
    runs: Iterable[CourseRun],
    *,
    name: str = "",
    now: dt.datetime | None = None,
    uid_of: Callable[[CourseRun], UUID] = uid_of_date,
    sequence_of: Callable[[CourseRun], int] = sequence_of_date,
) -> bytes:
    """Return dates as one calendar to read; with a `name`, one to follow.

    A date's UID never changes; of two versions, the one with the higher SEQUENCE counts.
    """
    calendar = _calendar()
    if name:
        calendar.add("name", one_line(name))
        calendar.add("x-wr-calname", one_line(name))
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for run in runs:
        event = event_of(run, now=now)
        _add_version(event, uid_of(run), sequence_of(run), is_off=bool(run.cancelled_at))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def invitation_to(
    run: CourseRun,
    method: Method,
    *,
    organiser: Mailbox,
    guest: Mailbox,
    uid: UUID,
    sequence: int,
    now: dt.datetime | None = None,
) -> bytes:
    """Return a date as one calendar to send: REQUEST puts it into the guest's, CANCEL takes it out.

    Calendars obey it only if it comes from the organiser's own address (RFC 6047, section 3).
    Nobody is asked to answer: the place is booked already.
    """
    event = event_of(run, now=now)
    _add_version(event, uid, sequence, is_off=method == Method.CANCEL)
    event.add("organizer", _address(organiser))
    event.add(
        "attendee",
        _address(guest),
        parameters={"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"},
    )
    calendar = _calendar()
    calendar.add("method", method.value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    return calendar


def _add_version(event: Event, uid: UUID, sequence: int, *, is_off: bool) -> None:
    event.add("uid", str(uid))
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.email}")
    # The one control character that a line of text may hold, and a parameter may not.
    if name := one_line(mailbox.name).replace("\x7f", ""):
        address.params["CN"] = name
    return address


def event_of(run: CourseRun, *, now: dt.datetime | None = None) -> Event:
    """Return what is the same for everybody of a date, as an event.

    Times are in UTC, so that no calendar needs to know London's rules for summer time.
    """
    event = Event()
    event.add("dtstamp", (now or timezone.now()).astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", run.start.astimezone(dt.UTC))
    event.add("dtend", run.end.astimezone(dt.UTC))
    event.add("summary", one_line(run.course.title))
    event.add("location", one_line(run.address_text))
    texts = [run.course.summary, run.note, run.course.full_url]
    event.add("description", "\n\n".join(printable(text) for text in texts if text))
    if run.course.full_url:
        event.add("url", run.course.full_url)
    return event
