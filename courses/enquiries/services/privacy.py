from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from ..models import Enquiry, EnquirySettings

MEMORY = dt.timedelta(days=30)
FIELDS = (
    "reference",
    "about",
    "organisation",
    "name",
    "email",
    "telephone",
    "people",
    "online",
    "place",
    "when",
    "budget",
    "message",
    "plan",
    "consent",
)


def export(email: str) -> list[dict[str, Any]]:
    """Return everything that is kept about one address's enquiries, oldest first."""
    enquiries = Enquiry.objects.by(email).prefetch_related("events").order_by("created_at", "pk")
    return [
        {
            "sent": enquiry.created_at,
            "status": enquiry.get_status_display(),
            **{field: getattr(enquiry, field) for field in FIELDS},
            "notes": [{"at": event.at, "text": event.text} for event in enquiry.events.all()],
        }
        for enquiry in enquiries
    ]


@transaction.atomic
def erase(email: str) -> int:
    """Erase an address's enquiries with all their notes, for good; return how many there were."""
    own = Enquiry.objects.by(email) if email.strip() else Enquiry.objects.none()
    count = own.count()
    own.delete()
    return count


@transaction.atomic
def delete_closed(settings: EnquirySettings, now: dt.datetime | None = None) -> int:
    """Delete what was booked or closed so many months ago; return how many enquiries that were."""
    before = (now or timezone.now()) - relativedelta(months=settings.keep_months)
    over = Enquiry.objects.filter(closed_at__lte=before)
    count = over.count()
    over.delete()
    return count


def forget_networks(now: dt.datetime | None = None) -> int:
    """Forget from which networks enquiries came 30 days ago."""
    before = (now or timezone.now()) - MEMORY
    old = Enquiry.objects.filter(created_at__lt=before).exclude(network="")
    return old.update(network="")
