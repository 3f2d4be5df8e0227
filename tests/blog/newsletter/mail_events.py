"""What mail providers send, as django-anymail's own tests have it from them."""

import datetime as dt
import hashlib
import hmac
from base64 import b64encode
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

EMAIL = "ada@example.org"
SECRET = "mail-events:a-long-random-text"
SIGNING_KEY = "key-of-mailgun"
ANSWER = "550 5.1.1 <ada@example.org>: Recipient address rejected: Ada unknown"


def post(
    client: Client, provider: str, payload: Any, *, secret: str | None = SECRET
) -> HttpResponse:
    """Call the address of a provider as it does."""
    headers = {}
    if secret is not None:
        headers["authorization"] = f"Basic {b64encode(secret.encode()).decode()}"
    url = f"/mail-events/{provider}/tracking/"
    if isinstance(payload, bytes):
        return client.generic("POST", url, payload, "application/json", headers=headers)
    return client.post(url, payload, "application/json", headers=headers)


def postmark(
    kind: str = "HardBounce",
    *,
    email: object = EMAIL,
    at: dt.datetime | None = None,
    delivery: object = None,
) -> dict[str, Any]:
    complaint = kind.startswith("Spam")
    return {
        "RecordType": "SpamComplaint" if complaint else "Bounce",
        "ID": 901542550,
        "Type": kind,
        "TypeCode": 1,
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Description": "The server was unable to deliver your message.",
        "Details": f"smtp;{ANSWER}",
        "Email": email,
        "From": "office@example.org",
        "BouncedAt": (at or timezone.now()).isoformat(),
        "Inactive": True,
        "Subject": "June",
        "Metadata": {} if delivery is None else {"delivery": delivery},
    }


def postmark_left(email: str = EMAIL, *, stays: bool = False) -> dict[str, Any]:
    return {
        "RecordType": "SubscriptionChange",
        "Recipient": email,
        "ChangedAt": timezone.now().isoformat(),
        "SuppressSending": not stays,
        "SuppressionReason": None if stays else "ManualSuppression",
        "Metadata": {},
    }


def mailgun(severity: str = "permanent", *, event: str = "failed", delivery: str = "") -> Any:
    now, token = timezone.now().timestamp(), "1234567890abcdef1234567890abcdef"
    signed = hmac.new(SIGNING_KEY.encode(), f"{int(now)}{token}".encode(), hashlib.sha256)
    return {
        "signature": {
            "token": token,
            "timestamp": str(int(now)),
            "signature": signed.hexdigest(),
        },
        "event-data": {
            "event": event,
            "severity": severity,
            "reason": "bounce" if severity == "permanent" else "generic",
            "recipient": EMAIL,
            "timestamp": now,
            "user-variables": {"delivery": delivery} if delivery else {},
            "message": {"headers": {"to": EMAIL, "message-id": "20180812214658.1@example.org"}},
            "delivery-status": {"description": "", "code": 550, "message": ANSWER},
        },
    }


def sendgrid(event: str, *, email: str = EMAIL, **more: object) -> dict[str, Any]:
    return {
        "event": event,
        "email": email,
        "timestamp": timezone.now().timestamp(),
        "sg_event_id": "lC0Rc-FuQmKbnxCWxX1jRQ",
        "smtp-id": "<wrfRRvF7Q0GgwUo2CvDmEA@ismtpd0006p1sjc2.sendgrid.net>",
        "status": "5.1.1",
        "reason": ANSWER,
        **more,
    }


def brevo(event: str) -> dict[str, Any]:
    return {
        "event": event,
        "email": EMAIL,
        "ts_epoch": timezone.now().timestamp() * 1000,
        "message-id": "<201803011158.9876543210@smtp-relay.mailin.fr>",
        "reason": ANSWER,
    }


def mailjet(error: str, *, is_hard: bool) -> list[dict[str, Any]]:
    return [
        {
            "event": "bounce",
            "time": timezone.now().timestamp(),
            "MessageID": 19421777396190490,
            "email": EMAIL,
            "hard_bounce": is_hard,
            "error_related_to": "recipient",
            "error": error,
        }
    ]


def sparkpost(bounce_class: str) -> list[dict[str, Any]]:
    event = {
        "type": "bounce",
        "bounce_class": bounce_class,
        "raw_rcpt_to": EMAIL,
        "raw_reason": ANSWER,
        "timestamp": str(int(timezone.now().timestamp()) + 1),
    }
    return [{"msys": {"message_event": event}}]


def resend(kind: str) -> dict[str, Any]:
    return {
        "type": "email.bounced",
        "created_at": timezone.now().isoformat(),
        "data": {
            "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
            "to": [EMAIL],
            "bounce": {
                "type": kind,
                "subType": "General",
                "message": "The recipient's email provider sent a bounce message.",
            },
        },
    }
