"""Sends issues, to a mail server that refuses what a test wants refused."""

import smtplib
from collections import Counter
from typing import Any
from uuid import uuid4

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from base.models import User
from blog.models import BlogPage
from blog.newsletter import services
from blog.newsletter.models import NewsletterIssuePage, Sending

EVERYBODY = Sending.Audience.EVERYBODY


class Refusing(EmailBackend):
    """Says to some addresses what a mail server would."""

    says: dict[str, Exception] = {}
    opened = 0

    def open(self) -> bool:
        type(self).opened += 1
        if fault := self.says.get("open"):
            raise fault
        return True

    def send_messages(self, messages: Any) -> int:
        if fault := self.says.get(messages[0].to[0]):
            raise fault
        sent: int = super().send_messages(messages)
        return sent


def refused(address: str, code: int, said: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({address: (code, said.encode())})


def send(issue: NewsletterIssuePage, staff: User, audience: str = EVERYBODY) -> Sending:
    return services.schedule(issue, audience, None, staff)


def greeting_and_news(post: BlogPage) -> list[dict[str, Any]]:
    """A part for everybody, and one for those who want news."""
    page = {"type": "item", "id": str(uuid4()), "value": {"page": post.pk, "words": ""}}
    news = {"heading": "News", "pages": [page], "pictures": "none", "interest": "news"}
    return [
        {"type": "paragraph", "value": "<p>For everybody.</p>"},
        {"type": "items", "value": news},
    ]


def states(sending: Sending) -> Counter[str]:
    return Counter(sending.deliveries.values_list("state", flat=True))


def reached() -> list[str]:
    return sorted(sent.to[0] for sent in mail.outbox)
