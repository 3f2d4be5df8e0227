"""What somebody does who would like the newsletter: ask, and confirm."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from base.limits import Limit, is_too_much

from .. import emails
from ..models import Consent, NewsletterSettings, Subscriber
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
    "We have written to this address, or to people near you, several times already. Please look "
    "among your unwanted mail, or ask again tomorrow."
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
def ask(request: Request, network: str, settings: NewsletterSettings) -> None:
    """Keep a request and queue the mail that asks for confirmation.

    The same happens whether the address gets the newsletter or not, so that nobody learns it.
    `network` is where the form came from (`base.network`). Raises RefusedError.
    """
    lock(settings)
    now = timezone.now()
    requests = Consent.objects.by_form()
    same = requests.by(request.email).since(now - SAME_REQUEST).unconfirmed()
    if same.filter(**request.wishes).exists():
        return
    is_flood = requests.since(now - dt.timedelta(hours=1)).count() >= MOST_AN_HOUR
    if is_flood or is_too_much(LIMITS, requests, email=request.email, network=network):
        raise RefusedError(TOO_MANY)
    consent = Consent.objects.create(
        email=request.email,
        name=request.name,
        where=request.where,
        wording=request.wording,
        network=network,
        **request.wishes,
    )
    emails.ask_to_confirm(consent)


def lock(settings: NewsletterSettings) -> None:
    """Let visitors in one at a time, so that what was counted still holds when they are done."""
    NewsletterSettings.objects.select_for_update().get(pk=settings.pk)


@transaction.atomic
def confirm(key: uuid.UUID) -> Subscriber | None:
    """Let a request count, and return who gets the newsletter now; None where it is too old.

    Done again it changes nothing: somebody who has left since is not brought back.
    """
    consent = Consent.objects.select_for_update().filter(key=key).first()
    if consent is None or consent.subscriber:
        return consent.subscriber if consent else None
    if not can_confirm(consent):
        return None
    now = timezone.now()
    subscriber, is_new = Subscriber.objects.get_or_create(
        email=consent.email, defaults={"name": consent.name, "since": now, **consent.wishes}
    )
    if not is_new:
        _welcome_back(subscriber, consent, now)
    consent.subscriber, consent.confirmed_at = subscriber, now
    consent.save(update_fields=["subscriber", "confirmed_at"])
    lift(consent.email)
    return subscriber


def _welcome_back(subscriber: Subscriber, consent: Consent, now: dt.datetime) -> None:
    subscriber.name = consent.name or subscriber.name
    for wish, is_wanted in consent.wishes.items():
        setattr(subscriber, wish, is_wanted)
    if not subscriber.is_active:
        subscriber.state, subscriber.since = Subscriber.State.ACTIVE, now
    subscriber.save()


def can_confirm(consent: Consent | None) -> bool:
    """Whether the link of a request still works, and was not used yet."""
    return (
        consent is not None
        and consent.subscriber is None
        and consent.asked_at >= timezone.now() - LINK_LIFE
    )
