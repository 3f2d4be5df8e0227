"""Until when those who booked change their booking by themselves. One rule for pages and mails."""

from __future__ import annotations

import datetime as dt

from courses.models import CourseRun

from .models import Booking, BookingSettings


def change_deadline(booking: Booking, run: CourseRun, settings: BookingSettings) -> dt.datetime:
    """Return until when the booker may move or give back places on a date.

    Where staff changed or cancelled the date since it was booked, until it begins.
    """
    if run.cancelled_at or run.pk in booking.changed_runs:
        return run.start
    deadline = run.start - dt.timedelta(days=settings.change_days)
    return min(deadline, run.booking_closes_at or deadline)


def can_change(
    booking: Booking, run: CourseRun, settings: BookingSettings, now: dt.datetime
) -> bool:
    """Whether the booker may still move or give back places on a date."""
    return now < change_deadline(booking, run, settings)
