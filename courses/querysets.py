from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Min, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from base.querysets import BasePageQuerySet

if TYPE_CHECKING:
    from base.models import Topic


class PlaceQuerySet(models.QuerySet):
    """Places on dates."""

    def taken(self) -> Self:
        """Places that somebody has now."""
        return self.filter(released_at=None)


class CourseRunQuerySet(models.QuerySet):
    """Dates as visitors see them."""

    def upcoming(self, now: datetime | None = None) -> Self:
        """Dates that have not begun and take place, soonest first."""
        return self.filter(start__gt=now or timezone.now(), cancelled_at=None).order_by(
            "start", "pk"
        )

    def with_places(self) -> Self:
        """Dates with how many of their places are `taken`, in the same query."""
        from .models import Place

        taken = Place.objects.taken().filter(run=OuterRef("pk")).order_by().values("run")
        count = Subquery(taken.annotate(count=Count("pk")).values("count"))
        return self.annotate(taken=Coalesce(count, 0))

    def visible(self) -> Self:
        """Dates of courses that every visitor may read."""
        from .models import CoursePage

        return self.filter(course__in=CoursePage.objects.visible())

    def for_leaves(self) -> Self:
        """Everything that a calendar leaf shows, in one query."""
        runs = self.with_places().select_related("course", "venue")
        return runs.defer("course__body", "course__programme")


class CoursePageQuerySet(BasePageQuerySet):
    """Courses as lists show them."""

    def about(self, topic: Topic) -> Self:
        """Courses on one topic."""
        return self.filter(topics=topic)

    def soonest_first(self, now: datetime | None = None) -> Self:
        """Courses by their next date; those without one come last, by title."""
        upcoming = Q(runs__start__gt=now or timezone.now(), runs__cancelled_at=None)
        return self.annotate(next_start=Min("runs__start", filter=upcoming)).order_by(
            F("next_start").asc(nulls_last=True), "title"
        )

    def for_cards(self) -> Self:
        """Everything that a card shows, in a fixed number of queries and without the long text."""
        from .models import CourseRun

        upcoming = CourseRun.objects.upcoming().select_related("venue")
        cards = super().for_cards().defer("body", "programme", "outcomes", "audience")
        return cards.prefetch_related(
            "topics", Prefetch("runs", queryset=upcoming, to_attr="upcoming_runs")
        )
