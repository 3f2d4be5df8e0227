"""A booking's dates for calendars: a file to fetch, and invitations that go with mails."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from email.utils import parseaddr
from operator import itemgetter

from django.conf import settings
from django.utils import timezone

from base.mail import Attachment
from courses.calendars import Mailbox, Method, calendar_of, invitation_to
from courses.models import CourseRun

from .models import Booking


def calendar_file(booking: Booking) -> Attachment:
    """Return the booking's dates for a calendar, to fetch by hand."""
    calendar = calendar_of(
        booking.runs,
        uid_of=lambda run: _uid(booking, booking.email, run),
        sequence_of=lambda run: _sequence(booking, run),
    )
    return Attachment("course.ics", calendar.decode(), "text/calendar")


def invitations(
    booking: Booking, guest: Mailbox, runs: Iterable[CourseRun], *, left: Iterable[CourseRun] = ()
) -> list[Attachment]:
    """Return dates for a guest's calendar; those that they left or that are off, as cancelled.

    A file each: a calendar that is sent holds one date and one method (RFC 5546, section 3.2).
    """
    dates = [*((run, bool(run.cancelled_at)) for run in runs), *((run, True) for run in left)]
    return [
        _invitation(booking, guest, run, Method.CANCEL if is_off else Method.REQUEST)
        for run, is_off in sorted(dates, key=itemgetter(1))
    ]


def _invitation(booking: Booking, guest: Mailbox, run: CourseRun, method: Method) -> Attachment:
    calendar = invitation_to(
        run,
        method,
        organiser=Mailbox(*parseaddr(settings.DEFAULT_FROM_EMAIL)),
        guest=guest,
        uid=_uid(booking, guest.email, run),
        sequence=_sequence(booking, run),
    )
    kind = "cancelled" if method == Method.CANCEL else "course"
    name = f"{kind}-{timezone.localdate(run.start):%Y-%m-%d}.ics"
    return Attachment(name, calendar.decode(), f"text/calendar; method={method}")


def _uid(booking: Booking, email: str, run: CourseRun) -> uuid.UUID:
    """Return the number under which a mailbox's calendar knows a date, so that news replace it."""
    is_booker = email.lower() == booking.email.lower()
    return uuid.uuid5(booking.key, str(run.pk) if is_booker else f"{email.lower()}:{run.pk}")


def _sequence(booking: Booking, run: CourseRun) -> int:
    """Return a number that grows with every change of either (RFC 5545, section 3.8.7.4)."""
    return booking.sequence + run.sequence
