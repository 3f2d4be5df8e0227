from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from django.conf import settings as site_settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.template.loader import render_to_string
from django.urls import reverse

from base.keys import sign_link
from base.letters import message
from base.mail import send_later
from base.personal_data import forget_mails

from . import tokens
from .editions import Letter
from .models import Consent, Delivery, Subscriber


def confirm_path(consent: Consent) -> str:
    """Return the path at which a request is confirmed."""
    token = sign_link(consent.key, tokens.CONFIRM_SALT)
    return reverse("blog_newsletter:confirm", args=[token])


def subscriber_path(subscriber: Subscriber, name: str) -> str:
    """Return the path of a subscriber's own page: "preferences", "leave" or "erase"."""
    token = sign_link(subscriber.link_key, tokens.SUBSCRIBER_SALT)
    return reverse(f"blog_newsletter:{name}", args=[token])


def ask_to_confirm(consent: Consent) -> None:
    """Ask an address whether the request was its owner's.

    Nothing that was typed is in the mail: the form is no way to send words to strangers.
    """
    address = urljoin(site_settings.WAGTAILADMIN_BASE_URL, confirm_path(consent))
    text = render_to_string("blog_newsletter/mail/confirm.txt", {"address": address})
    why = render_to_string("blog_newsletter/mail/confirm_why.txt")
    send_later(
        "Please confirm: our newsletter",
        text.strip() + "\n",
        [consent.email],
        headers={"References": _reference(consent)},
        why=why,
    )


def _reference(consent: Consent) -> str:
    return f"<newsletter-{consent.pk}@{DNS_NAME}>"


def forget(consents: Iterable[Consent]) -> None:
    """Delete the mails about requests that are erased."""
    for consent in consents:
        forget_mails(_reference(consent))


def mail_to(reader: Subscriber, letter: Letter, delivery: Delivery) -> EmailMessage:
    """Return one reader's mail, with a link by which mail programs unsubscribe (RFC 8058).

    Its Message-ID is the same however often and wherever it is sent. No provider may follow who
    opens it or what they press.
    """
    token = sign_link(reader.link_key, tokens.SUBSCRIBER_SALT)
    own = letter.to(token)
    leave = urljoin(site_settings.WAGTAILADMIN_BASE_URL, subscriber_path(reader, "leave"))
    host = urlsplit(site_settings.WAGTAILADMIN_BASE_URL).hostname
    mail = message(
        own.subject,
        own.text,
        own.html,
        [reader.email],
        headers={
            "Message-ID": f"<{delivery.sending.key.hex}-{delivery.pk}@{host}>",
            "List-Id": f"<newsletter.{host}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    return untracked(mail, {"delivery": str(delivery.pk)})


def untracked(mail: EmailMessage, metadata: dict[str, str]) -> EmailMessage:
    """Return a mail that a provider (django-anymail) sends as it is.

    The metadata comes back with what it tells of the mail.
    """
    mail.metadata = metadata  # type: ignore[attr-defined]
    mail.track_opens = mail.track_clicks = False  # type: ignore[attr-defined]
    return mail
