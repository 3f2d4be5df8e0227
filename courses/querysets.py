from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone

from base.querysets import BasePageQuerySet

if TYPE_CHECKING:
    from .models import CoursePage

LONG_TEXTS = ("body", "programme", "outcomes", "audience", "day")
MOST_ALIKE_FIRST = ("-shared", F("next_start").asc(nulls_last=True), "title")


class PlaceQuerySet(models.QuerySet):
    """Places on dates."""

    def taken(self) -> Self:
        """Places that somebody has now."""
        return self.filter(released_at=None)

    def changed_since(self, moment: datetime) -> Self:
        """Places that were taken or given back at that moment or later."""
        return self.filter(Q(taken_at__gte=moment) | Q(released_at__gte=moment))


class CreditQuerySet(models.QuerySet):
    """Who helped to make a course, as far as they agree to be named."""

    def shown(self, today: date | None = None) -> Self:
        """Credits whose consent stands today: given, not taken back, not run out."""
        today = today or timezone.localdate()
        return self.filter(consented_on__lte=today, shown_until__gte=today, withdrawn_on=None)


class CareCertificateStandardQuerySet(models.QuerySet):
    """The Care Certificate's standards, in several editions."""

    def of_courses(self) -> Self:
        """The standards of the newest edition that courses name."""
        named = self.model._default_manager.filter(coursepage__isnull=False).order_by("-edition")
        return self.filter(edition=Subquery(named.values("edition")[:1]))


class CourseRunQuerySet(models.QuerySet):
    """Dates as visitors see them."""

    def shown(self, now: datetime | None = None) -> Self:
        """Dates that are not over, soonest first; cancelled ones until they would have begun."""
        now = now or timezone.now()
        takes_place = Q(cancelled_at=None, end__gt=now)
        return self.filter(Q(start__gt=now) | takes_place).order_by("start", "pk")

    def upcoming(self, now: datetime | None = None) -> Self:
        """Dates that have not begun and take place, soonest first."""
        to_come = self.filter(start__gt=now or timezone.now(), cancelled_at=None)
        return to_come.order_by("start", "pk")

    def with_places(self) -> Self:
        """Dates with how many of their places are `taken`, in the same query."""
        from .models import Place

        taken = Place.objects.taken().filter(run=OuterRef("pk")).order_by().values("run")
        count = Subquery(taken.annotate(count=Count("pk")).values("count"))
        return self.annotate(taken=Coalesce(count, 0))

    def with_bookability(self, now: datetime) -> Self:
        """Dates that know, as 1 or 0, whether they are to come and whether somebody can book.

        `is_upcoming` and `is_bookable`: `courses.states.state_of` in the database's words, for
        thousands of dates at once.
        """
        is_upcoming = Q(start__gt=now, cancelled_at=None)
        is_open = (Q(booking_opens_at=None) | Q(booking_opens_at__lte=now)) & (
            Q(booking_closes_at=None) | Q(booking_closes_at__gt=now)
        )
        has_places = Q(taken__lt=F("capacity"))
        return self.with_places().annotate(
            is_upcoming=_as_number(is_upcoming),
            is_bookable=_as_number(is_upcoming & is_open & has_places),
        )

    def bookable(self) -> Self:
        """Those that somebody can book, of dates that know it (`with_bookability`)."""
        return self.filter(is_bookable=1)

    def with_places_changed_since(self, moment: datetime) -> Self:
        """Dates of which a place was taken or given back at that moment or later."""
        from .models import Place

        return self.filter(pk__in=Place.objects.changed_since(moment).values("run"))

    def visible(self) -> Self:
        """Dates of courses that every visitor may read."""
        from .models import CoursePage

        return self.filter(course__in=CoursePage.objects.visible())

    def for_leaves(self) -> Self:
        """Everything that a calendar leaf shows, in one query."""
        runs = self.with_places().select_related("course", "venue")
        return runs.defer(*(f"course__{name}" for name in LONG_TEXTS))


def _as_number(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def next_start() -> Subquery:
    """Return when a page's course is next given, as an expression."""
    from .models import CourseRun

    upcoming = CourseRun.objects.upcoming().filter(course=OuterRef("pk"))
    return Subquery(upcoming.values("start")[:1])


def shared_with(course: CoursePage) -> CombinedExpression:
    """Return how many topics and standards a page has in common with a course."""
    counts = []
    for name, shared in (
        ("topics", course.topic_list),
        ("care_certificate_standards", course.standard_list),
    ):
        field = course._meta.get_field(name)
        chosen = {f"{field.m2m_reverse_field_name()}__in": [item.pk for item in shared]}
        links = field.remote_field.through.objects.filter(coursepage=OuterRef("pk"), **chosen)
        count = links.order_by().values("coursepage").annotate(count=Count("pk")).values("count")
        counts.append(Coalesce(Subquery(count), 0))
    return counts[0] + counts[1]


def dates_for_cards(dates: CourseRunQuerySet | None = None) -> Prefetch:
    """Return what fetches the dates to come of courses, or those of `dates`, with their places."""
    from .models import CourseRun

    dates = CourseRun.objects.all() if dates is None else dates
    upcoming = dates.upcoming().with_places().select_related("venue")
    return Prefetch("runs", queryset=upcoming, to_attr="upcoming_runs")


class CoursePageQuerySet(BasePageQuerySet):
    """Courses as lists show them."""

    def with_next_start(self) -> Self:
        """Courses with when each is next given, in the same query."""
        return self.annotate(next_start=next_start())

    def like(self, course: CoursePage) -> Self:
        """Other courses that share topics or standards, those that share most first."""
        others = self.exclude(pk=course.pk).annotate(shared=shared_with(course))
        return others.filter(shared__gt=0).with_next_start().order_by(*MOST_ALIKE_FIRST)

    def for_cards(self, dates: CourseRunQuerySet | None = None) -> Self:
        """Everything that a card shows, in a fixed number of queries and without the long text.

        The date on a card is the soonest to come, or the soonest of `dates`.
        """
        cards = super().for_cards().defer(*LONG_TEXTS)
        return cards.prefetch_related("topics", dates_for_cards(dates))
