"""What somebody does who would like the newsletter: ask, and confirm."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from base.addresses import mailbox_of
from base.limits import Limit, is_too_much

from .. import emails
from ..models import Consent, Subscriber
from .locking import lock
from .suppress import lift

# So many requests, each with one mail, from one network or for one address in so long a time.
# Forms like this one are used to flood mailboxes of strangers: an address gets three mails a day,
# whoever asks, and six a week.
LIMITS = [
    Limit(dt.timedelta(hours=1), network=20, email=3),
    Limit(dt.timedelta(days=1), network=60, email=3),
    Limit(dt.timedelta(days=7), network=200, email=6),
]
# However many networks and addresses robots have.
MOST_AN_HOUR = 500
# The same request again within this time is a second click or a refresh.
SAME_REQUEST = dt.timedelta(minutes=10)
LINK_LIFE = dt.timedelta(days=7)

TOO_MANY = (
    "We cannot send this now. Please look in your junk or spam folder for an earlier e-mail from "
    "us, or ask again tomorrow."
)


class RefusedError(Exception):
    """Too much was asked for: the words say what a person can do."""


@dataclass(frozen=True)
class Request:
    """What a visitor asks for: where, and under which words."""

    email: str
    wishes: dict[str, bool]
    where: str
    wording: str
    name: str = ""


@transaction.atomic
def ask(request: Request, network: str) -> None:
    """Keep a request and queue the mail that asks for confirmation.

    The same happens whether the address gets the newsletter or not, so that nobody learns it.
    `network` is where the form came from (`base.network`). Raises RefusedError.
    """
    lock()
    now = timezone.now()
    requests = Consent.objects.by_form()
    same = requests.by(request.email).since(now - SAME_REQUEST).unconfirmed()
    if same.filter(name=request.name, **request.wishes).exists():
        return
    mailbox = mailbox_of(request.email)
    is_flood = requests.since(now - dt.timedelta(hours=1)).count() >= MOST_AN_HOUR
    if is_flood or is_too_much(
        LIMITS, requests, email=mailbox, email_field="mailbox", network=network
    ):
        raise RefusedError(TOO_MANY)
    consent = Consent.objects.create(
        email=request.email,
        mailbox=mailbox,
        name=request.name,
        where=request.where,
        wording=request.wording,
        network=network,
        **request.wishes,
    )
    emails.ask_to_confirm(consent)


@transaction.atomic
def confirm(key: uuid.UUID) -> Subscriber | None:
    """Let a request count, and return who gets the newsletter now; None where it is too old.

    Done again it changes nothing: somebody who has left since is not brought back.
    """
    lock()
    consent = Consent.objects.filter(key=key).first()
    if consent is None or consent.subscriber:
        return consent.subscriber if consent else None
    if not can_confirm(consent):
        return None
    now = timezone.now()
    subscriber = Subscriber.objects.select_for_update().by(consent.email).first()
    if subscriber is None:
        subscriber = Subscriber(email=consent.email, since=now)
    elif not subscriber.is_active:
        subscriber.state, subscriber.since = Subscriber.State.ACTIVE, now
    subscriber.name = consent.name or subscriber.name
    for wish, is_wanted in consent.wishes.items():
        setattr(subscriber, wish, is_wanted)
    subscriber.save()
    consent.subscriber, consent.confirmed_at = subscriber, now
    consent.save(update_fields=["subscriber", "confirmed_at"])
    # An earlier wish of the same person must not come back by an older link.
    earlier = Consent.objects.by(consent.email).by_form().unconfirmed()
    earlier.filter(asked_at__lt=consent.asked_at).delete()
    lift(consent.email)
    return subscriber


def can_confirm(consent: Consent | None) -> bool:
    """Whether the link of a request still works, and was not used yet."""
    return (
        consent is not None
        and consent.subscriber is None
        and consent.asked_at >= timezone.now() - LINK_LIFE
    )
