from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from blog.models import BlogPage

    from .models import Comment


class CommentQuerySet(QuerySet["Comment"]):
    """Comments as visitors and moderators ask for them."""

    def approved(self) -> Self:
        """What visitors may read."""
        return self.filter(state="approved")

    def waiting(self) -> Self:
        """What nobody has decided about."""
        return self.filter(state="waiting")

    def reported(self) -> Self:
        """What a reader asked us to look at again."""
        unsettled = self.filter(reports__isnull=False, reports__settled_by=None).values("pk")
        return self.approved().filter(pk__in=unsettled)

    def suspected(self) -> Self:
        """What the site itself took for spam, and nobody has looked at since."""
        return self.filter(state="spam", suspected=True)

    def marked_as_spam(self) -> Self:
        """What staff took for spam."""
        return self.filter(state="spam", suspected=False)

    def on(self, page: BlogPage) -> Self:
        """What a post's page shows: approved comments, and the places of those with replies."""
        answered = self.model._default_manager.filter(parent=OuterRef("pk"), state="approved")
        own_page = self.filter(page=page)
        shown = own_page.filter(Q(state="approved") | Exists(answered))
        return shown.order_by("created_at", "pk").defer("email", "network", "consent")

    def listening_to(self, parent: Comment) -> Self:
        """Those in a thread whose writers want to hear of replies."""
        thread = self.approved().filter(Q(pk=parent.pk) | Q(parent=parent))
        return thread.filter(wants_replies=True).order_by("created_at", "pk")

    def by(self, email: str) -> Self:
        """What one person wrote, however the address was typed."""
        return self.filter(email=email.strip().lower())

    def since(self, moment: dt.datetime) -> Self:
        """What came after a moment."""
        return self.filter(created_at__gt=moment)

    def with_words(self, words: str) -> Self:
        """What holds the words in its text or its writer's name or address."""
        words = words.replace("\x00", "").strip()
        found = Q(text__icontains=words) | Q(name__icontains=words) | Q(email__icontains=words)
        return self.filter(found) if words else self
