from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun

from .. import emails
from ..models import Booking, Notice
from .common import settings_of

FURTHEST = dt.timedelta(days=60)


def remind(now: dt.datetime | None = None) -> int:
    """Remind those who booked of their dates, and return how many.

    Each booking once for a date; once more where staff changed the date since.
    """
    now = now or timezone.now()
    count = 0
    for run in CourseRun.objects.upcoming(now).filter(start__lte=now + FURTHEST):
        settings = settings_of(run.course)
        if settings.reminder_days and run.start <= now + dt.timedelta(days=settings.reminder_days):
            count += sum(_remind(booking, run, now) for booking in _not_reminded(run))
    return count


def _not_reminded(run: CourseRun) -> list[Booking]:
    coming = Booking.objects.filter(
        attendees__place__run=run, attendees__place__released_at=None
    ).distinct()
    told = run.notices.filter(kind=Notice.Kind.COMING_UP, sequence=run.sequence)
    return list(coming.exclude(pk__in=told.values("booking")))


@transaction.atomic
def _remind(booking: Booking, run: CourseRun, now: dt.datetime) -> bool:
    _, is_new = Notice.objects.get_or_create(
        run=run, booking=booking, kind=Notice.Kind.COMING_UP, sequence=run.sequence
    )
    if is_new and not _was_just_told(booking, run, now):
        emails.remind(booking, run, settings_of(run.course))
    return is_new


def _was_just_told(booking: Booking, run: CourseRun, now: dt.datetime) -> bool:
    """Whether the date was booked, or a change of it told, within the last day."""
    yesterday = now - dt.timedelta(days=1)
    changes = booking.notices.filter(run=run, kind=Notice.Kind.CHANGED)
    return booking.created_at >= yesterday or changes.filter(sent_at__gte=yesterday).exists()
