from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from base.querysets import BasePageQuerySet

if TYPE_CHECKING:
    from .models import NewsletterIssuePage


class SubscriberQuerySet(QuerySet):
    """Those who get the newsletter, or did."""

    def by(self, email: str) -> Self:
        """One address, however it was typed."""
        return self.filter(email=email.strip().lower())

    def active(self) -> Self:
        """Those who get it."""
        from .models import Subscriber

        return self.filter(state=Subscriber.State.ACTIVE)

    def wanting(self, interests: Iterable[str]) -> Self:
        """Those who want "news" or "dates". Who ticked Easy Read alone wants everything."""
        wanted = Q(wants_news=False, wants_dates=False)
        for interest in interests:
            wanted |= Q(**{f"wants_{interest}": True})
        return self.filter(wanted)


class ConsentQuerySet(QuerySet):
    """What people were asked."""

    def by(self, email: str) -> Self:
        """What one address was asked, however it was typed."""
        return self.filter(email=email.strip().lower())

    def since(self, moment: datetime) -> Self:
        """Requests after a moment."""
        return self.filter(asked_at__gt=moment)

    def by_form(self) -> Self:
        """What came by a form, each with a mail that asks for confirmation."""
        return self.filter(proof="")

    def unconfirmed(self) -> Self:
        """Requests that nobody confirmed."""
        return self.filter(confirmed_at=None)


class DeliveryQuerySet(QuerySet):
    """Mails of newsletters, one for each reader."""

    def due(self, now: datetime) -> Self:
        """Those to be sent now, those that wait longest first."""
        from .models import Delivery

        queued = self.filter(state=Delivery.State.QUEUED, due_at__lte=now)
        return queued.order_by("due_at")

    def stuck(self, now: datetime) -> Self:
        """Those whose worker is gone."""
        from .models import Delivery

        return self.filter(state=Delivery.State.SENDING, leased_until__lte=now)

    def unfinished(self) -> Self:
        """Those that are still to be sent, now or later."""
        from .models import Delivery

        return self.filter(state__in=[Delivery.State.QUEUED, Delivery.State.SENDING])

    def sent_since(self, moment: datetime) -> Self:
        """Those that went out after a moment, the newest first, also where they came back."""
        from .models import Delivery

        sent = [Delivery.State.SENT, Delivery.State.BOUNCED]
        return self.filter(state__in=sent, finished_at__gt=moment).order_by("-finished_at", "-pk")


class IssueQuerySet(BasePageQuerySet):
    """Issues as lists show them."""

    def published(self) -> Self:
        """Issues that every visitor may read, the newest first."""
        return self.visible().order_by("-first_published_at", "-pk")

    def newer_than(self, issue: NewsletterIssuePage) -> Self:
        """Issues that came out after this one, the next first. Of one moment, the later made."""
        same_moment = Q(first_published_at=issue.first_published_at, pk__gt=issue.pk)
        newer = self.filter(Q(first_published_at__gt=issue.first_published_at) | same_moment)
        return newer.order_by("first_published_at", "pk")

    def older_than(self, issue: NewsletterIssuePage) -> Self:
        """Issues that came out before this one, the one just before it first."""
        same_moment = Q(first_published_at=issue.first_published_at, pk__lt=issue.pk)
        older = self.filter(Q(first_published_at__lt=issue.first_published_at) | same_moment)
        return older.order_by("-first_published_at", "-pk")

    def for_cards(self) -> Self:
        """Without the long text."""
        return super().for_cards().defer("body", "easy_read")
