"""What can be done with a date now. One rule, asked by everything that shows or sells a date."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .models import CourseRun

# From so many places on, a date is said to be nearly full.
FEW = 3


class RunState(models.TextChoices):
    """What a date is to somebody who would like to come."""

    TO_BE_ANNOUNCED = "to_be_announced", "To be announced"
    OPEN = "open", "Booking open"
    FEW_PLACES = "few_places", "Few places left"
    FULL = "full", "Full, with a waiting list"
    CLOSED = "closed", "Booking closed"
    IN_PROGRESS = "in_progress", "In progress"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def takes_bookings(self) -> bool:
        """Whether somebody can book a place."""
        return self in (RunState.OPEN, RunState.FEW_PLACES)

    @property
    def is_to_come(self) -> bool:
        """Whether the date has not begun and takes place."""
        return self not in (RunState.IN_PROGRESS, RunState.FINISHED, RunState.CANCELLED)


def state_of(run: CourseRun, *, taken: int, now: datetime) -> RunState:
    """Return the state of a date of which so many places are taken, at a moment."""
    if run.cancelled_at:
        return RunState.CANCELLED
    if now >= run.end:
        return RunState.FINISHED
    if now >= run.start:
        return RunState.IN_PROGRESS
    if run.booking_closes_at and now >= run.booking_closes_at:
        return RunState.CLOSED
    if run.booking_opens_at and now < run.booking_opens_at:
        return RunState.TO_BE_ANNOUNCED
    left = run.capacity - taken
    if left <= 0:
        return RunState.FULL
    return RunState.FEW_PLACES if left <= FEW else RunState.OPEN
