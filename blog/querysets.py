from __future__ import annotations

from typing import TYPE_CHECKING, Self

from base.querysets import BasePageQuerySet

if TYPE_CHECKING:
    from base.models import Topic


class BlogPageQuerySet(BasePageQuerySet):
    """Posts as lists show them."""

    def published(self) -> Self:
        """Posts that every visitor may read, newest first."""
        return self.visible().order_by("-published_at", "-pk")

    def about(self, topic: Topic) -> Self:
        """Posts on one topic."""
        return self.filter(topics=topic)

    def for_cards(self) -> Self:
        """Everything that a card shows, in a fixed number of queries and without the long text."""
        return super().for_cards().defer("body").prefetch_related("topics")
