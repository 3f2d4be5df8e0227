"""Pictures for messages and social media, drawn for pages that have none of their own.

Drawn when somebody asks, and kept in the cache: nothing is stored, so nothing is left behind when a
page goes. The address holds a digest of the words, so that a new title has a new address.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.urls import reverse

from .drawing import SIZE, can_draw, draw

if TYPE_CHECKING:
    from base.models import BasePage

__all__ = ["SIZE", "address_of", "digest_of", "picture_of"]

A_DAY = 24 * 3600  # seconds


def digest_of(page: BasePage) -> str:
    """Return what the picture of a page is known by."""
    return hashlib.sha256(f"{page.kind}\n{page.title}".encode()).hexdigest()[:16]


def address_of(page: BasePage) -> str:
    """Return the path of a page's picture; none before it is saved, or where its title cannot be
    written."""
    if not (page.pk and page.draws_social_picture and can_draw(page.title)):
        return ""
    return reverse("social_picture", args=[page.pk, digest_of(page)])


def picture_of(page: BasePage, organisation: str) -> bytes:
    """Return a page's picture as PNG, 1,200 by 630 pixels (Open Graph's customary size)."""
    key = f"social:{digest_of(page)}:{hashlib.sha256(organisation.encode()).hexdigest()[:8]}"
    picture: bytes | None = cache.get(key)
    if picture is None:
        picture = draw(page.kind, page.title, organisation)
        cache.set(key, picture, A_DAY)
    return picture
