"""An answer as it is shown: addresses, kinds, and where to go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as PaginatorPage
from django.db.models import Q
from django.http import HttpRequest
from django.utils.http import urlencode
from wagtail.models import Page, get_page_models

from base.models.organisation import OrganisationSettings
from base.models.page import BasePage
from base.querysets import BasePageQuerySet
from base.searching import Suggestion

from . import excerpts
from .results import Result, results_of
from .services import DATES, Answer, Request

# In the order in which they are offered; others follow.
KINDS = ("Courses", "News", "People", "Pages", "Documents")


@dataclass(frozen=True)
class Links:
    """Addresses of the same search, seen in another way."""

    request: Request

    def address(self, **changes: Any) -> str:
        """Return the address of the search with changes."""
        asked = replace(self.request, **changes)
        said = {
            "q": asked.text,
            "type": asked.found_as,
            "sort": "date" if asked.newest_first else "",
            "exact": "1" if asked.exactly else "",
            "words": "1" if asked.words_only else "",
        }
        return f"?{urlencode({name: value for name, value in said.items() if value})}"

    @property
    def here(self) -> str:
        """The address itself, for the links to its other pages."""
        return f"{self.address()[1:]}&"

    @property
    def best_first(self) -> str:
        """Sorted by how well they answer."""
        return self.address(newest_first=False)

    @property
    def newest_first(self) -> str:
        """Sorted by date."""
        return self.address(newest_first=True)

    @property
    def exactly(self) -> str:
        """Without corrections."""
        return self.address(exactly=True)

    @property
    def words_only(self) -> str:
        """The words as words."""
        return self.address(words_only=True, found_as="")


def show(answer: Answer, page: PaginatorPage) -> tuple[list[Result], list[Result]]:
    """Return a page of answers as they are shown, and what is near to them."""
    ways = excerpts.asked(answer.query.groups)
    near = [score.entry.pk for score in answer.related]
    shown = results_of([*(score.entry.pk for score in page), *near], ways)
    return (
        [result for key, result in shown.items() if key not in near],
        [result for key, result in shown.items() if key in near],
    )


def kinds(answer: Answer) -> list[tuple[str, int, str, bool]]:
    """Return the kinds that were found: name, count, address, and whether it is shown."""
    links = Links(answer.request)
    chosen = answer.request.found_as
    found = [(name, answer.counts[name]) for name in KINDS if answer.counts.get(name)]
    found += [item for item in answer.counts.items() if item[0] not in KINDS]
    if dates := dates_of(answer):
        found.insert(1, (DATES, len(dates)))
    return [
        ("Everything", answer.total, links.address(found_as=""), not chosen),
        *((name, count, links.address(found_as=name), name == chosen) for name, count in found),
    ]


def chips(answer: Answer) -> list[tuple[str, str]]:
    """Return what was read out of the words, each with the address that takes it back."""
    links = Links(answer.request)
    return [(chip.label, links.address(text=chip.text_without)) for chip in answer.chips]


def dates_of(answer: Answer) -> list[int]:
    """Return the keys of the dates to come of the courses that were found, soonest first."""
    return [
        key for source in answer.sources for key in source.dates(answer.courses, answer.meanings)
    ]


def leaves(answer: Answer, page: PaginatorPage) -> list[Any]:
    """Return a page of these dates as they are shown."""
    keys = list(page)
    return [leaf for source in answer.sources for leaf in source.leaves(keys)]


def nearest(answer: Answer) -> list[Result]:
    """Return pages that say something of what was asked, however little, as they are shown."""
    keys = [score.entry.pk for score in answer.nearest]
    return list(results_of(keys, excerpts.asked(answer.query.groups)).values())


def topics(answer: Answer) -> list[Suggestion]:
    """Return what most pages are about, for whom nothing was found."""
    return [topic for source in answer.sources for topic in source.topics()]


def next_dates(answer: Answer) -> list[Any]:
    """Return the next dates as they are shown."""
    return [leaf for source in answer.sources for leaf in source.leaves(source.next_dates())]


def ways_on(request: HttpRequest) -> list[tuple[str, str]]:
    """Return where to look without words and, at last, where to ask: what it is, and its address.

    All of these are pages that every visitor may read.
    """
    models = [model for model in get_page_models() if issubclass(model, BasePage) and model.offers]
    contact = OrganisationSettings.for_request(request).contact_page_id
    wanted = Q(content_type__in=ContentType.objects.get_for_models(*models).values())
    pages = BasePageQuerySet(Page).filter(wanted | Q(pk=contact)).visible().order_by("path")
    ways = [
        (words, f"{page.get_url(request)}{below}")
        for page in pages
        if page.specific_class in models
        for words, below in page.specific_class.offers.items()
    ]
    asked = [
        ("Ask us: somebody answers", page.get_url(request)) for page in pages if page.pk == contact
    ]
    return ways + asked
