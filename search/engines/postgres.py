from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.query import Group
from search.vocabulary import Stems, Vocabulary

from .interface import MOST_SCORED
from .sql import SqlEngine

# What `search_words` indexes (migration 0004).
VECTOR = "(i.title || i.body)"
INDEXED = "to_tsquery('english', %s)"
SIMPLE = "to_tsquery('simple', %s)"
JOINED = """
    wagtailsearch_indexentry i
    JOIN search_entry e ON e.content_type_id = i.content_type_id AND e.object_id = i.object_id
"""


class PostgresEngine(SqlEngine):
    """PostgreSQL's full-text search over the columns that Wagtail keeps."""

    matches = f"{JOINED} WHERE {VECTOR} @@ {INDEXED}"
    title_matches = f"{JOINED} WHERE i.title @@ {INDEXED}"
    newest = "i.id DESC"
    autocomplete_matches = f"{JOINED} WHERE i.autocomplete @@ {SIMPLE}"

    def scored_titles(self, within: str) -> str:
        """Find by the index of titles: the sum keeps the planner from walking through all."""
        return f"""
            SELECT e.id, ts_rank(i.title, {INDEXED}, 1) AS score
            FROM {self.title_matches} {within} ORDER BY i.id + 0 DESC LIMIT {MOST_SCORED}
        """  # noqa: S608

    def scored_texts(self, within: str) -> str:
        """Choose first and score then: scoring unpacks the whole text."""
        return f"""
            SELECT newest.id, ts_rank({VECTOR}, {INDEXED}, 1) AS score
            FROM (
                SELECT e.id, i.id AS place
                FROM {self.matches} {within} ORDER BY i.id DESC LIMIT {MOST_SCORED}
            ) AS newest
            JOIN wagtailsearch_indexentry i ON i.id = newest.place
        """  # noqa: S608

    def group(self, group: Group, vocabulary: Vocabulary) -> str:
        """Join the ways to say it."""
        ways = filter(None, (self._way(stems, vocabulary) for stems in group.looked_up))
        return " | ".join(f"({way})" for way in ways)

    def _way(self, stems: Stems, vocabulary: Vocabulary) -> str:
        words = [" | ".join(map(_lexemes, vocabulary.forms_of(stem))) for stem in stems]
        if not all(words):
            return ""
        way = f"({words[0]})"
        for stem, word in zip(stems[1:], words[1:], strict=True):
            side_by_side = f"{way} <-> ({word})"
            # What hyphens join has a place of its own, before those of its parts.
            apart = f"({side_by_side} | {way} <2> ({word}))"
            way = apart if stem in vocabulary.before_hyphens else side_by_side
        return way

    def join(self, parts: Sequence[str], *, any_of: bool) -> str:
        """All, or any."""
        return (" | " if any_of else " & ").join(f"({part})" for part in parts)

    def in_title(self, expression: str) -> str:
        """The column says it."""
        return expression

    def anywhere(self, expression: str) -> str:
        """The columns say it."""
        return expression

    def in_autocomplete(self, words: Sequence[str], beginning: str) -> str:
        """Words, and the beginning of one."""
        return " & ".join([*(f"'{word}'" for word in words), f"'{beginning}':*"])

    def score_parameters(self, expression: str) -> list[Any]:
        """The expression once more."""
        return [expression]


def _lexemes(word: str) -> str:
    """Return a word as PostgreSQL reads it in a text: what a hyphen precedes may be a number."""
    return f"'{word}' | '-{word}'" if word.isdigit() else f"'{word}'"
