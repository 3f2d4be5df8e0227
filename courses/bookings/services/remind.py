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
    """Remind those who booked of their dates, each booking once for a date; return how many."""
    now = now or timezone.now()
    count = 0
    for run in CourseRun.objects.upcoming(now).filter(start__lte=now + FURTHEST):
        settings = settings_of(run.course)
        if settings.reminder_days and run.start <= now + dt.timedelta(days=settings.reminder_days):
            count += sum(_remind(booking, run) for booking in _not_reminded(run))
    return count


def _not_reminded(run: CourseRun) -> list[Booking]:
    coming = Booking.objects.filter(
        attendees__place__run=run, attendees__place__released_at=None
    ).distinct()
    told = Notice.objects.filter(run=run, kind=Notice.Kind.COMING_UP)
    return list(coming.exclude(pk__in=told.values("booking")))


@transaction.atomic
def _remind(booking: Booking, run: CourseRun) -> bool:
    _, is_new = Notice.objects.get_or_create(
        run=run, booking=booking, kind=Notice.Kind.COMING_UP, sequence=0
    )
    # Who has booked within the last day has just been told.
    if is_new and booking.created_at < timezone.now() - dt.timedelta(days=1):
        emails.remind(booking, run, settings_of(run.course))
    return is_new
