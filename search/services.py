import re
from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Page, get_page_models

from base.models.page import BasePage, as_their_types
from base.querysets import BasePageQuerySet
from base.search_backend import words_of

OPEN, CLOSE = SafeString("<mark>"), SafeString("</mark>")


def find_pages(query: str) -> Any:
    """Return the live, public pages that hold every word of the query, the best first.

    The result can be sliced and counted like a queryset.
    """
    # The search engine takes conditions on indexed fields only: what may be seen is a list of keys.
    pages = Page.objects.filter(pk__in=BasePageQuerySet(Page).visible().values("pk"))
    return pages.search(query, operator="and")


def as_their_own(pages: Iterable[Page]) -> list[Any]:
    """Return found pages in the same order, each as its own type, in one query."""
    order = [page.pk for page in pages]
    types = [model for model in get_page_models() if issubclass(model, BasePage)]
    found = as_their_types(BasePageQuerySet(Page).filter(pk__in=order), types)
    return sorted(found, key=lambda page: order.index(page.pk))


def excerpt(page: Any, query: str) -> SafeString:
    """Return what the page says about itself in a list, with the words of the query marked."""
    return _mark(page.listing_summary, words_of(query))


def _mark(text: str, words: list[str]) -> SafeString:
    if not words:
        return conditional_escape(text)
    # Only where a word begins. The group makes every second part a match.
    parts = re.split(rf"\b({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return format_html_join(
        "",
        "{}{}{}",
        ((OPEN, part, CLOSE) if i % 2 else ("", part, "") for i, part in enumerate(parts)),
    )
