"""How often links of an issue are pressed, if the site's owner wants to know; never by whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from wagtail.models import Site

from ..editions import TOKEN, Letter
from ..models import NewsletterSettings, Sending, SentLink

HREF = re.compile(r'href="(?P<address>https?://[^"]+)"')


def counts_clicks() -> bool:
    """Whether presses are counted in issues that are sent from now on."""
    return NewsletterSettings.for_site(Site.objects.get(is_default_site=True)).counts_clicks


def lead_over_us(sending: Sending, letters: Mapping[str, Letter]) -> dict[str, Letter]:
    """Return the letters with links whose presses are counted; the reader's own stay as they are.

    Plain text keeps the addresses themselves, which people read there.
    """
    ways: dict[str, str] = {}

    def lead(link: re.Match[str]) -> str:
        address = unescape(link["address"])
        if TOKEN in address:
            return link[0]
        if address not in ways:
            made = SentLink.objects.create(sending=sending, address=address)
            path = reverse("blog_newsletter:go", args=[made.pk])
            ways[address] = urljoin(settings.WAGTAILADMIN_BASE_URL, path)
        return f'href="{escape(ways[address])}"'

    return {
        key: letter._replace(html=HREF.sub(lead, letter.html)) for key, letter in letters.items()
    }


def press(pk: int) -> str | None:
    """Count a press, and return where it leads; None where there is no such link."""
    SentLink.objects.filter(pk=pk).update(presses=F("presses") + 1)
    return SentLink.objects.filter(pk=pk).values_list("address", flat=True).first()
