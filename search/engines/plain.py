from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from wagtail.models import Page
from wagtail.search.query import MATCH_NONE, Or, Phrase, PlainText, SearchQuery

from search.models import Entry
from search.query import Group
from search.vocabulary import Stems, Vocabulary

from .interface import MOST_SCORED, POOL, Found, Scope


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
        counted: bool = True,
    ) -> Found:
        """Look up as Wagtail does; count among the most promising."""
        ways = ([_way(stems, vocabulary) for stems in group.looked_up] for group in groups)
        parts = [part for part in map(_any, ways) if part is not MATCH_NONE]
        if not parts:
            return Found({}, [])
        query = parts[0]
        for part in parts[1:]:
            query = query | part if any_of else query & part
        keys = [str(page.pk) for page in Page.objects.search(query)[:MOST_SCORED]]
        columns = ("pk", "found_as", "object_id", "content_type_id", "dated_at")
        rows = list(Entry.objects.of_pages(keys).values_list(*columns))
        if scope.only is not None:
            only = set(scope.only)
            rows = [row for row in rows if (row[3], int(row[2])) in only]
        counts = Counter(row[1] for row in rows)
        place = {key: number for number, key in enumerate(keys)}
        chosen = [row for row in rows if scope.found_as in ("", row[1])]
        chosen.sort(key=lambda row: place[row[2]])
        if scope.newest_first:
            chosen.sort(key=lambda row: row[4].timestamp() if row[4] else 0, reverse=True)
        return Found(counts, [row[0] for row in chosen[:POOL]])

    def count(
        self, groups: Sequence[Group], vocabulary: Vocabulary, *, scope: Scope
    ) -> Mapping[str, int]:
        """Count among the most promising."""
        return self.find(groups, vocabulary, scope=scope).counts

    def starting(self, words: Sequence[str], beginning: str, limit: int) -> Sequence[int]:
        """Look up as Wagtail completes."""
        pages = Page.objects.autocomplete(" ".join([*words, beginning]))[:limit]
        keys = [str(page.pk) for page in pages]
        return list(Entry.objects.of_pages(keys).values_list("pk", flat=True))


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
