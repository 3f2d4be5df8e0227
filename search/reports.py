"""What visitors search for, added up for staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from .models import SearchTally
from .promotions import promoted_words

SHOWN = 20
PERIODS = {30: "30 days", 90: "3 months", 365: "a year"}
# Words must have been searched for so often before it means something that nobody went on.
OFTEN = 3
COLUMNS = 30


@dataclass(frozen=True)
class Column:
    """One column of the chart: the days that it stands for, the searches, its height of 100."""

    first: dt.date
    last: dt.date
    searches: int
    height: int

    @property
    def top(self) -> int:
        """Where it begins, from above."""
        return 100 - self.height


class Report:
    """The searches of the last so many days, today included."""

    def __init__(self, days: int) -> None:
        self.days = days
        self.today = timezone.localdate()
        self.first = self.today - dt.timedelta(days=days - 1)
        self.tallies = SearchTally.objects.filter(day__gte=self.first)

    @property
    def totals(self) -> dict[str, int]:
        """How many searches, and how many of them found nothing that has all the words.

        Where staff chose an answer, something was found.
        """
        sums = self.tallies.aggregate(searches=Sum("searches"), clicks=Sum("clicks"))
        unanswered = self.tallies.filter(found=0).exclude(words__in=promoted_words())
        none = unanswered.aggregate(searches=Sum("searches"))
        return {
            "searches": sums["searches"] or 0,
            "clicks": sums["clicks"] or 0,
            "nothing": none["searches"] or 0,
        }

    @property
    def top(self) -> QuerySet[Any]:
        """What is searched for most."""
        return self._words()[:SHOWN]

    @property
    def without_result(self) -> QuerySet[Any]:
        """What found nothing that has all the words, on any day, and has no answer from staff."""
        nothing = self._words().filter(most_found=0)
        return nothing.exclude(words__in=promoted_words())[:SHOWN]

    @property
    def without_click(self) -> QuerySet[Any]:
        """What finds something that nobody opens."""
        return self._words().filter(most_found__gt=0, opened=0, times__gte=OFTEN)[:SHOWN]

    def _words(self) -> QuerySet[Any]:
        # `order_by()` first: a model's own order would split the groups.
        return (
            self.tallies.order_by()
            .values("words")
            .annotate(times=Sum("searches"), opened=Sum("clicks"), most_found=Max("found"))
            .order_by("-times", "words")
        )

    @property
    def chart(self) -> Sequence[Column]:
        """The searches over time, in at most thirty columns."""
        by_day = dict(
            self.tallies.order_by()
            .values("day")
            .annotate(n=Sum("searches"))
            .values_list("day", "n")
        )
        width = -(-self.days // COLUMNS)
        spans = []
        for start in range(0, self.days, width):
            first = self.first + dt.timedelta(days=start)
            days = [first + dt.timedelta(days=day) for day in range(width)]
            last = min(days[-1], self.today)
            spans.append((first, last, sum(by_day.get(day, 0) for day in days)))
        most = max((searches for _, _, searches in spans), default=0) or 1
        return [Column(*span, height=round(100 * span[2] / most)) for span in spans]
