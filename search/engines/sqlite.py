from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.query import Group
from search.vocabulary import Vocabulary

from .interface import MOST_SCORED
from .sql import SqlEngine

TABLE = "wagtailsearch_indexentry_fts"


class SqliteEngine(SqlEngine):
    """SQLite's full-text search (FTS5) over the table that Wagtail keeps.

    The score is `bm25()` in plain SQL: Wagtail's own way to rank calls it again for every row.
    """

    matches = title_matches = autocomplete_matches = f"""
        {TABLE}
        JOIN wagtailsearch_indexentry i ON i.id = {TABLE}.rowid
        JOIN search_entry e ON e.content_type_id = i.content_type_id AND e.object_id = i.object_id
        WHERE {TABLE} MATCH %s
    """
    newest = f"{TABLE}.rowid DESC"

    def scored_titles(self, within: str) -> str:
        """The column is part of the expression."""
        return self.scored_texts(within)

    def scored_texts(self, within: str) -> str:
        """Score what FTS5 walks through: autocomplete nothing, body 1, title 8."""
        return f"""
            SELECT e.id, -bm25({TABLE}, 0, 1, 8) AS score
            FROM {self.matches} {within} ORDER BY {self.newest} LIMIT {MOST_SCORED}
        """  # noqa: S608

    def group(self, group: Group, vocabulary: Vocabulary) -> str:
        """Join the ways to say it."""
        ways = [
            _quote(" ".join(phrase))
            for stems in group.looked_up
            for phrase in self.phrases(stems, vocabulary)
        ]
        return f"({' OR '.join(ways)})" if ways else ""

    def join(self, parts: Sequence[str], *, any_of: bool) -> str:
        """All, or any."""
        return (" OR " if any_of else " AND ").join(parts)

    def in_title(self, expression: str) -> str:
        """Ask one column."""
        return f"{{title}} : ({expression})"

    def anywhere(self, expression: str) -> str:
        """Ask two columns."""
        return f"{{title body}} : ({expression})"

    def in_autocomplete(self, words: Sequence[str], beginning: str) -> str:
        """Ask the column that holds titles once more."""
        parts = [*map(_quote, words), f"{_quote(beginning)} *"]
        return f"{{autocomplete}} : ({' AND '.join(parts)})"

    def score_parameters(self, expression: str) -> list[Any]:
        """None: FTS5 knows what it found."""
        return []


def _quote(text: str) -> str:
    """Return words as FTS5 takes them literally. Only letters and digits arrive here."""
    return f'"{text}"'
