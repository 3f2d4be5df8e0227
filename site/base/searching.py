"""What apps tell the search about their pages beyond words: an app registers, the search asks.

@register
class Dates:
    def read(self, words, signs): ...
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Meaning:
    """Words that say more than themselves: “in March” is a month, not two words."""

    # Which of the words: from the first one, up to but without the last one.
    first: int
    last: int
    name: str
    value: str
    label: str


@dataclass(frozen=True)
class Suggestion:
    """What somebody who is still typing may mean: words, and where they lead at once."""

    text: str
    url: str
    kind: str


class Source(Protocol):
    """What an app knows of the meaning of words. One is made for each search."""

    def read(self, words: Sequence[str], signs: Sequence[str]) -> Iterator[Meaning]:
        """Yield what the words mean.

        They come in small letters, each with the £, comma or point that stands before it.
        Of two meanings with one name, either will do.
        """

    def words(self) -> Collection[str]:
        """Return words that mean something by themselves or as part of a name, in small letters.

        They are not corrected, and somebody who typed one with a slip is taken to mean it.
        """

    def pages(self, meanings: Sequence[Meaning]) -> Collection[tuple[int, int]]:
        """Return the pages that fit the meanings, each by its content type's key and its own."""

    def suggest(self, beginning: str) -> Iterator[Suggestion]:
        """Yield what has words that begin with these and an address of its own."""

    def dates(self, pages: Sequence[int], meanings: Sequence[Meaning]) -> Sequence[int]:
        """Return the keys of the dates to come of these pages that fit, soonest first."""

    def leaves(self, dates: Sequence[int]) -> Sequence[Any]:
        """Return dates, ready for a list."""

    def topics(self) -> Iterator[Suggestion]:
        """Yield the topics that are on most pages, each with the address of its list."""

    def next_dates(self) -> Sequence[int]:
        """Return the keys of the next dates of all."""


_registered: list[type[Source]] = []


def register(source: type[Source]) -> type[Source]:
    """Let searches ask this source."""
    _registered.append(source)
    return source


def open_sources() -> list[Source]:
    """Return every source, ready for one search: what it has read it remembers."""
    return [source() for source in _registered]
