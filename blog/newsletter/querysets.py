from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db.models import QuerySet


class SubscriberQuerySet(QuerySet):
    """Those who get the newsletter, or did."""

    def by(self, email: str) -> Self:
        """One address, however it was typed."""
        return self.filter(email=email.strip().lower())


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
