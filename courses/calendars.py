"""Course dates as other calendars understand them: iCalendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from icalendar import vCalAddress, vDuration, vText, vUri
from icalendar.parser import Contentline, Parameters

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


class Entry(NamedTuple):
    """What a calendar is told of a date. Texts are as staff wrote them; `url` may be empty."""

    uid: UUID
    sequence: int
    start: dt.datetime
    end: dt.datetime
    is_cancelled: bool
    title: str
    summary: str
    note: str
    location: str
    url: str

    @property
    def description(self) -> str:
        """All there is to read, with a way to the course's page."""
        return "\n\n".join(printable(t) for t in (self.summary, self.note, self.url) if t)


def uid_for(pk: int) -> UUID:
    """Return the number under which every calendar knows the date with this primary key."""
    return uuid5(NAMESPACE_URL, f"course-date:{pk}")


def uid_of_date(run: CourseRun) -> UUID:
    """Return the number under which every calendar knows a date."""
    return uid_for(run.pk)


def sequence_of_date(run: CourseRun) -> int:
    """Return how often a date was changed."""
    return run.sequence


def calendar_of(
    runs: Iterable[CourseRun],
    *,
    now: dt.datetime | None = None,
    uid_of: Callable[[CourseRun], UUID] = uid_of_date,
    sequence_of: Callable[[CourseRun], int] = sequence_of_date,
) -> bytes:
    """Return dates as one calendar to read.

    A date's UID never changes; of two versions, the one with the higher SEQUENCE counts.
    """
    entries = (
        entry_of(run, uid_of(run), sequence_of(run), is_cancelled=run.cancelled_at is not None)
        for run in runs
    )
    return write_calendar(entries, now=now)


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
    entry = entry_of(run, uid, sequence, is_cancelled=method == Method.CANCEL)
    invited = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    people = [_person("ORGANIZER", organiser, {}), _person("ATTENDEE", guest, invited)]
    return write_calendar([entry], method=method, people=people, now=now)


def entry_of(run: CourseRun, uid: UUID, sequence: int, *, is_cancelled: bool) -> Entry:
    """Return what a calendar is told of a date."""
    return Entry(
        uid=uid,
        sequence=sequence,
        start=run.start,
        end=run.end,
        is_cancelled=is_cancelled,
        title=run.course.title,
        summary=run.course.summary,
        note=run.note,
        location=run.address_text,
        url=run.course.full_url or "",
    )


def write_calendar(
    entries: Iterable[Entry],
    *,
    name: str = "",
    method: Method | None = None,
    people: Sequence[str] = (),
    now: dt.datetime | None = None,
) -> bytes:
    """Return entries as one calendar: with a `name` one to follow, with a `method` one to send.

    `people` are the lines that name the organiser and the guests of every entry.

    Line by line, because a component of icalendar's for every one of twenty thousand dates takes
    ten seconds. Those dates have few texts among them: each is escaped and folded once.
    """
    line = cache(_line)
    stamp = _moment(now or timezone.now())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", line("PRODID", MAKER)]
    if method:
        lines.append(f"METHOD:{method}")
    if name:
        title = one_line(name)
        lines += [line("NAME", title), line("X-WR-CALNAME", title)]
        lines.append(f"REFRESH-INTERVAL;VALUE=DURATION:{vDuration(REFRESH).to_ical().decode()}")
    for entry in entries:
        lines += _event_lines(entry, stamp, line, people)
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _event_lines(
    entry: Entry, stamp: str, line: Callable[[str, str], str], people: Sequence[str]
) -> list[str]:
    """Return what is said of a date.

    Times are in UTC, so that no calendar needs to know London's rules for summer time.
    """
    lines = [
        "BEGIN:VEVENT",
        line("SUMMARY", one_line(entry.title)),
        f"DTSTART:{_moment(entry.start)}",
        f"DTEND:{_moment(entry.end)}",
        f"DTSTAMP:{stamp}",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        line("DESCRIPTION", entry.description),
        line("LOCATION", one_line(entry.location)),
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
    ]
    if entry.url:
        lines.append(line("URL", entry.url))
    return [*lines, *people, "END:VEVENT"]


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _line(name: str, text: str) -> str:
    value = vUri(text) if name == "URL" else vText(text)
    line: bytes = Contentline.from_parts(name, Parameters(), value).to_ical()
    return line.decode()


def _person(name: str, mailbox: Mailbox, roles: dict[str, str]) -> str:
    """Return the line that names an organiser or a guest."""
    parameters = Parameters(roles)
    if known_as := one_line(mailbox.name):
        parameters["CN"] = known_as
    address = vCalAddress(f"mailto:{mailbox.email}")
    line: bytes = Contentline.from_parts(name, parameters, address).to_ical()
    return line.decode()
