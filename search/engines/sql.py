"""What the engines on databases share: Wagtail's index joined to the entries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from heapq import nlargest
from itertools import product
from math import prod
from typing import Any

from django.db import connection

from search.query import Group
from search.vocabulary import Stems, Vocabulary

from .interface import MOST_FORMS, MOST_FORMS_OF_A_WORD, POOL, Scope


class SqlEngine(ABC):
    """Writes one expression for what is looked up, and asks with it how many fit, or which."""

    # Table expressions, with the placeholder of the expression where they need one.
    matches: str
    title_matches: str
    autocomplete_matches: str
    newest: str

    def find(
        self,
        groups: Sequence[Group],
        vocabulary: Vocabulary,
        *,
        scope: Scope,
        any_of: bool = False,
    ) -> Sequence[int]:
        """Choose the newest, or those with the best scores, in titles before texts."""
        expression = self._expression(groups, vocabulary, any_of=any_of)
        if not expression:
            return []
        where = self._within(scope)
        if scope.found_as:
            where += " AND e.found_as = %s"
        kind = [scope.found_as] if scope.found_as else []
        if scope.newest_first:
            sql = f"SELECT e.id FROM {self.matches} {where} ORDER BY e.dated_at IS NULL, e.dated_at DESC, e.id DESC LIMIT {POOL}"  # noqa: S608, E501
            return [pk for (pk,) in self._ask(sql, [self.anywhere(expression), *kind])]
        # Texts are asked only where titles do not fill the pool.
        sql = f"""
            WITH titles AS ({self.scored_titles(where)})
            SELECT id FROM (
                SELECT id, 1 AS in_title, score FROM titles
                UNION ALL
                SELECT id, 0 AS in_title, score FROM ({self.scored_texts(where)}) AS texts
                WHERE (SELECT COUNT(*) FROM titles) < {POOL}
            ) AS candidates
            ORDER BY in_title DESC, score DESC, id DESC LIMIT {POOL * 2}
        """  # noqa: S608
        score = self.score_parameters(expression)
        in_title = [*score, self.in_title(expression), *kind]
        anywhere = [*score, self.anywhere(expression), *kind]
        rows = self._ask(sql, in_title + anywhere)
        return list(dict.fromkeys(pk for (pk,) in rows))[:POOL]

    def count(
        self, groups: Sequence[Group], vocabulary: Vocabulary, *, scope: Scope
    ) -> Mapping[str, int]:
        """Count by kind."""
        expression = self._expression(groups, vocabulary)
        if not expression:
            return {}
        sql = f"SELECT e.found_as, COUNT(*) FROM {self.matches} {self._within(scope)} GROUP BY e.found_as"  # noqa: S608, E501
        return dict(self._ask(sql, [self.anywhere(expression)]))

    def starting(self, words: Sequence[str], beginning: str, limit: int) -> Sequence[int]:
        """Look up titles by the beginning of a word."""
        sql = f"SELECT e.id FROM {self.autocomplete_matches} ORDER BY {self.newest} LIMIT %s"  # noqa: S608
        return [pk for (pk,) in self._ask(sql, [self.in_autocomplete(words, beginning), limit])]

    def _expression(
        self, groups: Sequence[Group], vocabulary: Vocabulary, *, any_of: bool = False
    ) -> str:
        """Return the expression for all groups, or any; "" where no page says anything of them."""
        parts = [part for group in groups if (part := self.group(group, vocabulary))]
        return self.join(parts, any_of=any_of) if parts else ""

    def _within(self, scope: Scope) -> str:
        if scope.only is None:
            return ""
        by_type: dict[int, list[int]] = {}
        for content_type, pk in scope.only:
            by_type.setdefault(content_type, []).append(pk)
        choices = [
            # Whole numbers, which need no quoting; thousands would be too many parameters.
            f"(e.content_type_id = {int(content_type)} AND e.object_id IN ({_texts(pks)}))"
            for content_type, pks in by_type.items()
        ]
        return f"AND ({' OR '.join(choices) or '1 = 0'})"

    def _ask(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def phrases(self, stems: Stems, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
        """Return the forms of a word that pages say, or the likeliest ways to write several."""
        if len(stems) == 1:
            return [(word,) for word in vocabulary.forms_of(stems[0])]
        times = vocabulary.entries

        def likely(words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
            return prod(times[word] for word in words), words

        forms = [
            [word for (word,) in nlargest(MOST_FORMS_OF_A_WORD, zip(found), likely)]
            for found in map(vocabulary.forms_of, stems)
        ]
        likeliest = nlargest(MOST_FORMS, product(*forms), likely)
        written = vocabulary.written.get(stems)
        if written and written not in likeliest and all(map(times.get, written)):
            likeliest.append(written)
        return likeliest

    @abstractmethod
    def scored_titles(self, within: str) -> str:
        """Return the query for `id` and `score` of the newest MOST_SCORED whose title fits."""

    @abstractmethod
    def scored_texts(self, within: str) -> str:
        """Return the query for `id` and `score` of the newest MOST_SCORED that fit anywhere."""

    @abstractmethod
    def group(self, group: Group, vocabulary: Vocabulary) -> str:
        """Return the expression for one group; "" where no page says anything of it."""

    @abstractmethod
    def join(self, parts: Sequence[str], *, any_of: bool) -> str:
        """Return the expression for several groups."""

    @abstractmethod
    def in_title(self, expression: str) -> str:
        """Return the expression for titles alone."""

    @abstractmethod
    def anywhere(self, expression: str) -> str:
        """Return the expression for titles and texts."""

    @abstractmethod
    def in_autocomplete(self, words: Sequence[str], beginning: str) -> str:
        """Return the expression for titles with words and the beginning of one."""

    @abstractmethod
    def score_parameters(self, expression: str) -> list[Any]:
        """Return what the score's own placeholders take."""


def _texts(pks: Sequence[int]) -> str:
    return ", ".join(f"'{int(pk)}'" for pk in pks)
