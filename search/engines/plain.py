from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_

from wagtail.models import Page
from wagtail.search.query import MATCH_NONE, Or, Phrase, PlainText, SearchQuery

from search.models import Entry
from search.query import Group
from search.vocabulary import Stems, Vocabulary

from .interface import MOST_SCORED, POOL, Scope


class PlainEngine:
    """Whatever backend Wagtail is set to use, asked in the way that all of them understand.

    It looks up pages; documents are found where the index is in the database.
    """

    def find(
        self,
        groups: Sequence[Group],
        vocabulary: Vocabulary,
        *,
        scope: Scope,
        any_of: bool = False,
    ) -> Sequence[int]:
        """Look up as Wagtail does."""
        entries = [
            entry
            for entry in _entries(groups, vocabulary, scope, any_of=any_of)
            if scope.found_as in ("", entry.found_as)
        ]
        if scope.newest_first:
            entries.sort(key=_moment, reverse=True)
        return [entry.pk for entry in entries[:POOL]]

    def count(
        self, groups: Sequence[Group], vocabulary: Vocabulary, *, scope: Scope
    ) -> Mapping[str, int]:
        """Count among the most promising."""
        return Counter(entry.found_as for entry in _entries(groups, vocabulary, scope))

    def starting(self, words: Sequence[str], beginning: str, limit: int) -> Sequence[int]:
        """Look up as Wagtail completes."""
        pages = Page.objects.autocomplete(" ".join([*words, beginning]))[:limit]
        keys = [str(page.pk) for page in pages]
        return list(Entry.objects.of_pages(keys).values_list("pk", flat=True))


def _entries(
    groups: Sequence[Group], vocabulary: Vocabulary, scope: Scope, *, any_of: bool = False
) -> list[Entry]:
    """Return the entries among the chosen pages, the most promising first."""
    ways = ([_way(stems, vocabulary) for stems in group.looked_up] for group in groups)
    parts = [part for part in map(_any, ways) if part is not MATCH_NONE]
    if not parts:
        return []
    query = reduce(or_ if any_of else and_, parts)
    keys = [str(page.pk) for page in Page.objects.search(query)[:MOST_SCORED]]
    columns = ("found_as", "object_id", "content_type_id", "dated_at")
    by_key = {entry.object_id: entry for entry in Entry.objects.of_pages(keys).only(*columns)}
    entries = [by_key[key] for key in keys if key in by_key]
    if scope.only is None:
        return entries
    return [e for e in entries if (e.content_type_id, int(e.object_id)) in scope.only]


def _moment(entry: Entry) -> float:
    return entry.dated_at.timestamp() if entry.dated_at else 0


def _way(stems: Stems, vocabulary: Vocabulary) -> SearchQuery:
    forms = [list(vocabulary.forms_of(stem)) for stem in stems]
    if not all(forms):
        return MATCH_NONE
    if len(forms) > 1:
        return Phrase(" ".join(words[0] for words in forms))
    return _any([PlainText(word) for word in forms[0]])


def _any(queries: Sequence[SearchQuery]) -> SearchQuery:
    said = [query for query in queries if query is not MATCH_NONE]
    return Or(said) if len(said) > 1 else said[0] if said else MATCH_NONE
