"""Dates for calendar programmes (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable

from icalendar import Calendar, Event

from .models import CourseRun

PRODUCT = "-//Brightening Minds Training//Courses//EN"


def uid_of_date(run: CourseRun) -> uuid.UUID:
    """Return the number under which everybody's calendar knows a date."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"course-date:{run.pk}")


def sequence_of_date(run: CourseRun) -> int:
    """Return how often a date was changed."""
    return run.sequence


def calendar_of(
    runs: Iterable[CourseRun],
    *,
    cancelled: Collection[CourseRun] = (),
    uid_of: Callable[[CourseRun], uuid.UUID] = uid_of_date,
    sequence_of: Callable[[CourseRun], int] = sequence_of_date,
) -> str:
    """Return dates as an iCalendar file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    gone = {run.pk for run in cancelled}
    for run in [*runs, *cancelled]:
        event = Event()
        event.add("uid", str(uid_of(run)))
        event.add("sequence", sequence_of(run))
        event.add("dtstamp", dt.datetime.now(dt.UTC))
        event.add("dtstart", run.start.astimezone(dt.UTC))
        event.add("dtend", run.end.astimezone(dt.UTC))
        event.add("summary", run.course.title)
        is_off = run.pk in gone or run.cancelled_at
        event.add("status", "CANCELLED" if is_off else "CONFIRMED")
        event.add("location", run.address_text)
        calendar.add_component(event)
    return calendar.to_ical().decode()
