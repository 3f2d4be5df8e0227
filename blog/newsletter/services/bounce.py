"""What mail servers and providers tell of an address: it fails, its owner complained or left."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from base.addresses import without_address

from ..models import Delivery, Subscriber, Suppression
from .leave import ISSUE_MEMORY, leave
from .locking import lock
from .suppress import suppress

# A server gives up after four to five days (RFC 5321, section 4.5.4.1): an older issue arrived.
BOUNCES_WITHIN = dt.timedelta(days=7)
LONGEST_PROBLEM = Delivery._meta.get_field("problem").max_length

logger = logging.getLogger(__name__)


def address_fails(subscriber: Subscriber, problem: str) -> None:
    """Send no more mails to an address that fails for good; the log says why, without it.

    Who left or complained stays so.
    """
    getting = Subscriber.objects.active().filter(pk=subscriber.pk)
    if getting.update(state=Subscriber.State.BOUNCED, since=timezone.now()):
        said = without_address(problem, subscriber.email)
        logger.info("The address of subscriber %s fails: %s", subscriber.pk, said)


@transaction.atomic
def bounced(
    email: str,
    delivery_pk: int | None = None,
    *,
    description: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Note that an address fails for good, and which issue came back.

    That is the delivery named, if it was theirs, or the newest that was sent these days. What
    happened before they joined (again) says nothing of today.
    """
    subscriber = _find(email)
    if subscriber is None or _joined_since(subscriber, at):
        return
    address_fails(subscriber, description)
    if delivery := _delivery(subscriber, delivery_pk, BOUNCES_WITHIN):
        problem = without_address(description, email)[:LONGEST_PROBLEM]
        sent = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENT)
        sent.update(state=Delivery.State.BOUNCED, problem=problem)


@transaction.atomic
def complained(
    email: str, delivery_pk: int | None = None, *, at: dt.datetime | None = None
) -> None:
    """Note that somebody called a mail of ours spam: no list may bring the address back.

    Only they themselves can, by asking for the newsletter again.
    """
    lock()
    subscriber = _find(email)
    if _joined_since(subscriber, at):
        return
    suppress([email], Suppression.Reason.COMPLAINED)
    if subscriber is None:
        return
    now, state = timezone.now(), Subscriber.State.COMPLAINED
    Subscriber.objects.filter(pk=subscriber.pk).exclude(state=state).update(state=state, since=now)
    if delivery := _delivery(subscriber, delivery_pk, ISSUE_MEMORY):
        Delivery.objects.filter(pk=delivery.pk, complained_at=None).update(complained_at=now)


@transaction.atomic
def unsubscribed(email: str, *, at: dt.datetime | None = None) -> None:
    """Let somebody leave who did it at the provider, by a link of theirs."""
    subscriber = _find(email)
    if subscriber and not _joined_since(subscriber, at):
        leave(subscriber)


def _find(email: str) -> Subscriber | None:
    return Subscriber.objects.select_for_update().by(email).first()


def _joined_since(subscriber: Subscriber | None, at: dt.datetime | None) -> bool:
    """Whether somebody asked for the newsletter after something happened."""
    return (
        subscriber is not None and subscriber.is_active and at is not None and at < subscriber.since
    )


def _delivery(subscriber: Subscriber, pk: int | None, within: dt.timedelta) -> Delivery | None:
    """Return which mail is meant: the one named, if it was theirs, or the newest sent lately."""
    theirs = Delivery.objects.filter(subscriber=subscriber)
    named = theirs.filter(pk=pk).first() if pk else None
    return named or theirs.sent_since(timezone.now() - within).first()
