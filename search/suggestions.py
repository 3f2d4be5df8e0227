"""What somebody who is still typing may mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, Sum
from django.http import HttpRequest
from wagtail.models import Page

from base.querysets import BasePageQuerySet
from base.searching import Suggestion, open_sources

from .engines import current_engine
from .models import Entry, SearchTally
from .vocabulary import Vocabulary
from .words import fold, is_stop_word, plain, words_in

SHORTEST = 2
MOST = 8
OF_A_SOURCE = 3
PAST_SEARCHES = 2
# Others' searches are suggested once so many were made, on so many days: one person's words stay
# their own.
OFTEN_ENOUGH = 5
DAYS_ENOUGH = 3
CANDIDATES = 40


def suggest(text: str, request: HttpRequest) -> list[Suggestion]:
    """Return at most eight suggestions: places of the site, what others found, titles."""
    typed = plain(text)
    if len(typed) < SHORTEST:
        return []
    suggestions = [
        *(each for source in open_sources() for each in list(source.suggest(typed))[:OF_A_SOURCE]),
        *_titles(typed, request),
    ]
    past = [Suggestion(words, "", "Search") for words in _past_searches(typed)]
    different = {fold(each.text): each for each in reversed([*suggestions, *past])}
    return list(reversed(different.values()))[:MOST]


def _titles(typed: str, request: HttpRequest) -> Iterator[Suggestion]:
    *words, beginning = typed.split()
    keys = current_engine().starting(words, beginning, CANDIDATES)
    rows = Entry.objects.filter(pk__in=keys).values_list("title", "found_as", "object_id")
    pages = BasePageQuerySet(Page).filter(pk__in=[row[2] for row in rows]).visible().in_bulk()
    best = sorted(rows, key=lambda row: (not row[0].lower().startswith(typed), len(row[0]), row[0]))
    for title, found_as, key in best:
        page = pages.get(int(key))
        if page and page.title == title:
            yield Suggestion(title, page.get_url(request), found_as)


def _past_searches(typed: str) -> Iterator[str]:
    """Return what others found, in words that everybody may still read on the site."""
    found = SearchTally.objects.filter(words__startswith=typed, found__gt=0).exclude(words=typed)
    often = (
        found.values("words")
        .annotate(times=Sum("searches"), days=Count("day"))
        .filter(times__gte=OFTEN_ENOUGH, days__gte=DAYS_ENOUGH)
        .order_by("-times", "words")
        .values_list("words", flat=True)
    )
    vocabulary = Vocabulary.current()
    known = (
        words
        for words in often[:CANDIDATES]
        if all(is_stop_word(word.text) or vocabulary.holds(word.text) for word in words_in(words))
    )
    return islice(known, PAST_SEARCHES)
