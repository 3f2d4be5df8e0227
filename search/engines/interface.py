from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from search.query import Group
from search.vocabulary import Vocabulary

# So many entries are weighed against each other: more never change the first pages.
POOL = 200
# Of a word that thousands of pages say, the newest so many are looked at, and those whose title
# says it.
MOST_SCORED = 2_000
# So many ways to write one phrase are looked up, of so many forms of each of its words.
MOST_FORMS = 8
MOST_FORMS_OF_A_WORD = 4


@dataclass(frozen=True)
class Scope:
    """Among what is looked: one kind, chosen pages, both or everything; and the order."""

    found_as: str = ""
    # Keys of pages, each with its content type's.
    only: Collection[tuple[int, int]] | None = None
    newest_first: bool = False


class Engine(Protocol):
    """Looks up entries (`search.models.Entry`)."""

    def find(
        self,
        groups: Sequence[Group],
        vocabulary: Vocabulary,
        *,
        scope: Scope,
        any_of: bool = False,
    ) -> Sequence[int]:
        """Return the most promising entries that say something of every group; or of any."""

    def count(
        self, groups: Sequence[Group], vocabulary: Vocabulary, *, scope: Scope
    ) -> Mapping[str, int]:
        """Return how many entries of each kind, asked for or not, say something of every group."""

    def starting(self, words: Sequence[str], beginning: str, limit: int) -> Sequence[int]:
        """Return entries whose title has the words and one that begins so."""
