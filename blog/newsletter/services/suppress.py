"""Addresses that no list may bring back, as digests."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from ..models import Suppression

SALT = "blog.newsletter.suppression"


def _digest(email: str, secret: str) -> str:
    text = email.strip().lower()
    return salted_hmac(SALT, text, secret=secret, algorithm="sha256").hexdigest()


def _digests(email: str) -> list[str]:
    """Return the digests of an address under today's secret key and earlier ones."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_digest(email, secret) for secret in secrets]


def suppress(emails: Iterable[str], reason: Suppression.Reason) -> None:
    """Let no list bring these addresses back."""
    Suppression.objects.bulk_create(
        [Suppression(digest=_digests(email)[0], reason=reason) for email in emails],
        ignore_conflicts=True,
    )


def suppressed_among(emails: Iterable[str]) -> set[str]:
    """Return those addresses that no list may bring back."""
    by_digest = {digest: email for email in emails for digest in _digests(email)}
    found = Suppression.objects.filter(digest__in=by_digest).values_list("digest", flat=True)
    return {by_digest[digest] for digest in found}


def lift(email: str) -> None:
    """Forget that an address was suppressed: its owner has asked for the newsletter again."""
    Suppression.objects.filter(digest__in=_digests(email)).delete()
