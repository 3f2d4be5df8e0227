from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db.models import CharField, Count, Max, Min, Q
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from base.querysets import BasePageQuerySet

if TYPE_CHECKING:
    from base.models import PersonPage, Topic

    from .models import BlogPage

DECEMBER = 12


class BlogPageQuerySet(BasePageQuerySet):
    """Posts as lists show them."""

    def published(self) -> Self:
        """Posts that every visitor may read, newest first."""
        return self.visible().order_by("-published_at", "-pk")

    def about(self, topic: Topic) -> Self:
        """Posts on one topic."""
        return self.filter(topics=topic)

    def by(self, person: PersonPage) -> Self:
        """Posts that a person wrote, alone or with others."""
        return self.filter(authors__person=person)

    def published_in(self, year: int, month: int | None = None) -> Self:
        """Posts of a year, or of one of its months, by the clock in London."""
        first, last = month or 1, month or DECEMBER
        following = (year + 1, 1) if last == DECEMBER else (year, last + 1)
        return self.filter(
            published_at__gte=timezone.make_aware(datetime(year, first, 1)),  # noqa: DTZ001
            published_at__lt=timezone.make_aware(datetime(*following, 1)),  # noqa: DTZ001
        )

    def newer_than(self, post: BlogPage) -> Self:
        """Posts published after this one, the next first. Of one moment, the later made."""
        same_moment = Q(published_at=post.listing_date, pk__gt=post.pk)
        newer = self.filter(Q(published_at__gt=post.listing_date) | same_moment)
        return newer.order_by("published_at", "pk")

    def older_than(self, post: BlogPage) -> Self:
        """Posts published before this one, the one just before it first."""
        same_moment = Q(published_at=post.listing_date, pk__lt=post.pk)
        older = self.filter(Q(published_at__lt=post.listing_date) | same_moment)
        return older.order_by("-published_at", "-pk")

    def with_shared_topics(self, post: BlogPage) -> Self:
        """Let every post know how many topics it shares with this one (`shared`)."""
        return self.annotate(shared=Count("topics", filter=Q(topics__in=post.topic_list)))

    def related_to(self, post: BlogPage) -> Self:
        """Posts that share topics with this one: those that share most first, then the newest."""
        # By the key alone: SQLite would group by every column, the long text too.
        related = self.exclude(pk=post.pk).filter(topics__in=post.topic_list).values("pk")
        return related.annotate(shared=Count("topics")).order_by("-shared", "-published_at", "-pk")

    def months(self) -> list[date]:
        """Return the first day of every month with posts by the clock in London, the latest first.

        The database groups by the month in UTC, which no function of Python has to work out. Such
        a month touches two of London's at most: those of its first and of its last post.
        """
        month = Substr(Cast("published_at", CharField()), 1, len("2026-01"))
        dated = self.filter(published_at__isnull=False).order_by().annotate(utc_month=month)
        ends = dated.values("utc_month").annotate(
            first=Min("published_at"), last=Max("published_at")
        )
        days = {timezone.localdate(end[key]) for end in ends for key in ("first", "last")}
        return sorted({day.replace(day=1) for day in days}, reverse=True)

    def for_cards(self) -> Self:
        """Everything that a card shows, in a fixed number of queries and without the long text."""
        return super().for_cards().defer("body").prefetch_related("topics")

    def for_feed(self) -> Self:
        """Everything that a feed tells, with the whole text."""
        return super().for_cards().prefetch_related("topics", "superseded_by")
