"""Which discount a booking gets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from courses.models import CourseRun

if TYPE_CHECKING:
    from .models import Discount


def best_discount(
    discounts: Iterable[Discount], run: CourseRun, count: int, code: str, now: datetime
) -> Discount | None:
    """Return the discount that takes most off: they are not added up."""
    fitting = [each for each in discounts if each.fits(run, count=count, code=code, now=now)]
    return max(fitting, key=lambda each: (each.percent, -each.pk), default=None)
