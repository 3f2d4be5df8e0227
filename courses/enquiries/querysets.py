from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db.models import QuerySet


class EnquiryQuerySet(QuerySet):
    """Enquiries as services and staff ask for them."""

    def unanswered(self) -> Self:
        """Those that nobody has answered, the oldest first."""
        return self.filter(status="new").order_by("created_at", "pk")

    def by(self, email: str) -> Self:
        """What one person sent, however the address was typed."""
        return self.filter(email=email.strip().lower())

    def since(self, moment: datetime) -> Self:
        """What came after a moment."""
        return self.filter(created_at__gt=moment)
