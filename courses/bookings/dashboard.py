"""What the office sees first when it signs in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from courses.models import CourseRun

from .models import WaitingListEntry

AHEAD = dt.timedelta(days=14)
MOST = 20


class ComingUpPanel(Component):
    """The dates of the next two weeks, with how full they are; nothing where there are none."""

    name = "coming_up"
    order = 50
    template_name = "courses_bookings/admin/coming_up.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the dates, and how many people wait for each."""
        now = timezone.now()
        runs = CourseRun.objects.filter(end__gt=now, start__lt=now + AHEAD, cancelled_at=None)
        found = list(runs.for_leaves().order_by("start", "pk")[:MOST])
        waiting = WaitingListEntry.objects.filter(run__in=found).per_run() if found else {}
        return {"dates": [(run, waiting.get(run.pk, 0)) for run in found]}
