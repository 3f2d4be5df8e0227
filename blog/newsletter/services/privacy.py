"""What is kept about people, and how it goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import emails
from ..models import Consent, Delivery, Subscriber, Suppression
from .join import LINK_LIFE
from .locking import lock
from .suppress import suppress

NETWORK_MEMORY = dt.timedelta(days=30)
# For so long the evidence of a consent is kept after the mails have ended.
MEMORY = dt.timedelta(days=365)
# For so long it is known which issues somebody got; afterwards only how many people did.
DELIVERY_MEMORY = dt.timedelta(days=365)

Reason = Suppression.Reason


def export(email: str) -> list[dict[str, Any]]:
    """Return everything that is kept about one address, oldest first."""
    rows: list[dict[str, Any]] = [
        {
            "asked": consent.asked_at,
            "where": consent.where,
            "wording": consent.wording,
            "wants": consent.wishes_text,
            "name": consent.name,
            "confirmed": consent.confirmed_at,
            "imported": consent.imported_at,
            "proof": consent.proof,
        }
        for consent in Consent.objects.by(email)
    ]
    deliveries = Delivery.objects.filter(subscriber__in=Subscriber.objects.by(email))
    rows += [
        {
            "issue": delivery.sending.subject or delivery.sending.issue.title,
            "state": delivery.get_state_display(),
            "sent": delivery.finished_at,
            "left": delivery.left_at,
            "complained": delivery.complained_at,
        }
        for delivery in deliveries.select_related("sending__issue").order_by("pk")
    ]
    return rows + [
        {
            "e-mail": subscriber.email,
            "name": subscriber.name,
            "state": subscriber.get_state_display(),
            "since": subscriber.since,
            "wants": subscriber.wishes_text,
        }
        for subscriber in Subscriber.objects.by(email)
    ]


@transaction.atomic
def erase(email: str) -> int:
    """Erase an address with all evidence, and let no list bring it back.

    How many got an issue stays right; that they were among them is forgotten. Returns how many
    records there were.
    """
    if not email.strip():
        return 0
    lock()
    subscribers, consents = Subscriber.objects.by(email), Consent.objects.by(email)
    emails.forget(consents)
    # Whoever writes a subscriber and a mail of theirs locks the subscriber first.
    count = len(subscribers.select_for_update()) + consents.count()
    consents.delete()
    subscribers.delete()
    suppress([email], Reason.ERASED)
    return count


@transaction.atomic
def forget_unconfirmed(now: dt.datetime | None = None) -> int:
    """Delete requests whose link is too old to confirm them; return how many."""
    before = (now or timezone.now()) - LINK_LIFE
    count, _ = Consent.objects.by_form().unconfirmed().filter(asked_at__lt=before).delete()
    return count


@transaction.atomic
def forget_those_who_left(now: dt.datetime | None = None) -> int:
    """Reduce to a digest those whose mails ended a year ago; return how many people."""
    before = (now or timezone.now()) - MEMORY
    over = Subscriber.objects.exclude(state=Subscriber.State.ACTIVE).filter(since__lt=before)
    gone = list(over.select_for_update())
    for reason in (Reason.LEFT, Reason.BOUNCED, Reason.COMPLAINED):
        suppress([one.email for one in gone if one.state == reason], reason)
    Subscriber.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return len(gone)


def forget_networks(now: dt.datetime | None = None) -> int:
    """Forget from which networks requests came 30 days ago."""
    before = (now or timezone.now()) - NETWORK_MEMORY
    old = Consent.objects.filter(asked_at__lt=before).exclude(network="")
    return old.update(network="")


def forget_deliveries(now: dt.datetime | None = None) -> int:
    """Forget who got issues that went out a year ago; return how many mails that were."""
    before = (now or timezone.now()) - DELIVERY_MEMORY
    old = Delivery.objects.filter(finished_at__lt=before).exclude(subscriber=None)
    return old.update(subscriber=None)
