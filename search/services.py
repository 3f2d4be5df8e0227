import re
import unicodedata
from typing import Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Page

from base.querysets import BasePageQuerySet

MAX_CHARACTERS = 200
MAX_WORDS = 12
WORD = re.compile(r"[^\W_]+")
OPEN, CLOSE = SafeString("<mark>"), SafeString("</mark>")


def words_of(query: str) -> list[str]:
    """Return what can be looked up in whatever somebody typed: its words, at most twelve.

    The databases' search engines read quotation marks, brackets and other signs as commands and
    fail on those that make no sense to them, so only letters and digits pass.
    """
    text = unicodedata.normalize("NFKC", query[:MAX_CHARACTERS])
    return WORD.findall(text)[:MAX_WORDS]


def find_pages(query: str) -> Any:
    """Return the live, public pages that hold every word of the query, the best first.

    The result can be sliced and counted like a queryset; its pages are of their own types.
    """
    words = words_of(query)
    # The search engine takes conditions on indexed fields only: what may be seen is a list of keys.
    pages = Page.objects.filter(pk__in=BasePageQuerySet(Page).visible().values("pk")).specific()
    if not words:
        return pages.none()
    return pages.search(" ".join(words), operator="and")


def excerpt(page: Any, query: str) -> SafeString:
    """Return what the page says about itself in a list, with the words of the query marked."""
    return _mark(page.listing_summary, words_of(query))


def _mark(text: str, words: list[str]) -> SafeString:
    if not words:
        return conditional_escape(text)
    # The group makes every second part a match.
    parts = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return format_html_join(
        "",
        "{}{}{}",
        ((OPEN, part, CLOSE) if i % 2 else ("", part, "") for i, part in enumerate(parts)),
    )
