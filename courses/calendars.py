"""Course dates as other calendars understand them: iCalendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from icalendar import Calendar, Event

from base.text import one_line, printable

from .models import CourseRun

MEDIA_TYPE = "text/calendar; charset=utf-8"
MAKER = "-//Brightening Minds Training//Courses//EN"
# How often a calendar that follows a feed should look again.
REFRESH = dt.timedelta(hours=6)


def uid_of_date(run: CourseRun) -> UUID:
    """Return the number under which every calendar knows a date."""
    return uuid5(NAMESPACE_URL, f"course-date:{run.pk}")


def sequence_of_date(run: CourseRun) -> int:
    """Return how often a date was changed."""
    return run.sequence


def calendar_of(
    runs: Iterable[CourseRun],
    *,
    cancelled: Collection[CourseRun] = (),
    name: str = "",
    method: str = "",
    now: dt.datetime | None = None,
    uid_of: Callable[[CourseRun], UUID] = uid_of_date,
    sequence_of: Callable[[CourseRun], int] = sequence_of_date,
) -> bytes:
    """Return dates as one calendar: with a `name` one to follow, with a `method` one to send.

    A mail that tells of a date has the method REQUEST, one that takes it back CANCEL (RFC 5546).
    Dates in `cancelled` do not take place for whoever reads this calendar. A date's UID never
    changes; of two versions, the one with the higher SEQUENCE counts.
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("name", one_line(name))
        calendar.add("x-wr-calname", one_line(name))
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    gone = {run.pk for run in cancelled}
    for run in [*runs, *cancelled]:
        event = event_of(run, now=now)
        event.add("uid", str(uid_of(run)))
        event.add("sequence", sequence_of(run))
        is_off = run.pk in gone or run.cancelled_at
        event.add("status", "CANCELLED" if is_off else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


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
