"""What mail providers tell, in the words of django-anymail, handed on to the services."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils.timezone import is_aware

from base.addresses import one_way

from . import services

# Where in its event a provider tells a bounce for good from one that passes, and how.
# django-anymail calls both "bounced".
FOR_GOOD: dict[str, tuple[tuple[str, ...], tuple[object, ...]]] = {
    "Amazon SES": (("bounce", "bounceType"), ("Permanent",)),
    "Brevo": (("event",), ("hard_bounce", "invalid_email")),
    "MailerSend": (("data", "type"), ("hard_bounced",)),
    "Mailjet": (("hard_bounce",), (True,)),
    "Mandrill": (("event",), ("hard_bounce",)),
    "Postmark": (("Type",), ("HardBounce",)),
    "Resend": (("data", "bounce", "type"), ("Permanent",)),
    "SendGrid": (("type",), ("bounce",)),
    "SparkPost": (("msys", "message_event", "bounce_class"), ("10", "30")),
}
# The address, not the server's opinion of the mail or of its sender.
OF_THE_ADDRESS = (None, RejectReason.BOUNCED, RejectReason.INVALID)
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


@receiver(tracking)
def hear(event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Take note of one event; of addresses that we do not know, nothing comes."""
    email = _address(event.recipient)
    at, key = _moment(event.timestamp), _delivery_key(event.metadata)
    if not email:
        return
    if event.event_type == EventType.COMPLAINED:
        services.complained(email, key, at=at)
    elif event.event_type == EventType.UNSUBSCRIBED:
        services.unsubscribed(email, at=at)
    elif fails(event, esp_name):
        said = event.mta_response or event.description
        description = str(said or f"{event.event_type}: {event.reject_reason}")
        services.bounced(email, key, description=description, at=at)


def fails(event: AnymailTrackingEvent, esp_name: str) -> bool:
    """Whether an event says that an address fails for good.

    A server refused it as such ("bounced"), or the provider does not try it again after such a
    refusal ("rejected" for "bounced" or "invalid"). What is full, slow, blocked or taken for spam
    may work next month. Sources: django-anymail, Tracking sent mail status, normalised event types
    and reject reasons; for the difference that it drops, the webhooks' documentation of each
    provider.
    """
    if event.event_type == EventType.REJECTED:
        return event.reject_reason in (RejectReason.BOUNCED, RejectReason.INVALID)
    if event.event_type != EventType.BOUNCED or event.reject_reason not in OF_THE_ADDRESS:
        return False
    if esp_name not in FOR_GOOD:
        return True
    said, (path, words) = event.esp_event, FOR_GOOD[esp_name]
    for name in path:
        said = said.get(name) if isinstance(said, dict) else None
    return said in words


def _address(recipient: object) -> str | None:
    try:
        return one_way(recipient) if isinstance(recipient, str) else None
    except ValidationError:
        return None


def _moment(timestamp: object) -> dt.datetime | None:
    return timestamp if isinstance(timestamp, dt.datetime) and is_aware(timestamp) else None


def _delivery_key(metadata: object) -> int | None:
    """Return which delivery a mail was, as the sending engine wrote on it."""
    key = str(metadata.get("delivery")) if isinstance(metadata, dict) else ""
    return int(key) if KEY.fullmatch(key) else None
