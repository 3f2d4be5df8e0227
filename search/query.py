"""From what somebody typed to what is looked up: parse, correct, widen.

Pure rules, given a vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from typing import NamedTuple

from base.search_backend import MAX_CHARACTERS, MAX_WORDS

from .vocabulary import Stems, Vocabulary
from .words import HYPHEN, WORD, between, family_of, fold, is_stop_word, stem, words_in

MOST_CORRECTIONS = 4
SIGN = re.compile(r"£(?=\s*$)|^[,.]$")
# What a page is worth that says something else for what was typed.
OTHER_SPELLING = 0.95
SYNONYM = 0.75
FAMILY = 0.5
WIDER = 0.5
APART = 0.5


class Way(NamedTuple):
    """One way to say what was asked for: the stems of words that stand side by side."""

    stems: Stems
    weight: float = 1.0


class Group(NamedTuple):
    """One thing that was asked for, and the ways to say it; the first is the visitor's own."""

    ways: tuple[Way, ...]

    @property
    def looked_up(self) -> list[Stems]:
        """The stems of the ways, without those that hold another's: they are found with it."""
        said = dict.fromkeys(way.stems for way in self.ways)
        return [
            stems
            for stems in said
            if not any(between(other) in between(stems) for other in said if other != stems)
        ]


class Token(NamedTuple):
    """A word that somebody typed. What is written as one, or in quotation marks, is `bound`."""

    text: str
    bound: bool = False
    # What stands before it and may belong to an amount: a sign of money, a comma or a point.
    sign: str = ""


@dataclass(frozen=True)
class Query:
    """What is looked up, and what was made of the words to get there."""

    groups: tuple[Group, ...] = ()
    # The stems of the words, from the first that says something to the last.
    typed: Stems = ()
    # The words as corrected, where any was; and the corrections themselves.
    corrected: str = ""
    corrections: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.groups)

    def correct(self, text: str) -> str:
        """Return what was typed with the corrections in it, all else untouched."""
        return WORD.sub(lambda word: self.corrections.get(word[1], word[0]), text)


def parse(text: str) -> list[Token]:
    """Return the words that somebody typed, up to the twelfth that says something."""
    tokens: list[Token] = []
    last_end = 0
    in_quotes = False
    telling = 0
    text = text[:MAX_CHARACTERS]
    for word in words_in(text):
        telling += not is_stop_word(word.text)
        if telling > MAX_WORDS:
            break
        signs = text[last_end : word.start]
        if sum(signs.count(mark) for mark in '"“”') % 2:
            in_quotes = not in_quotes
            joined = False
        else:
            joined = bool(tokens) and (in_quotes or bool(HYPHEN.fullmatch(signs)))
        sign = SIGN.search(signs)
        tokens.append(Token(word.text, joined, sign[0] if sign else ""))
        last_end = word.end
    return tokens


def understand(tokens: Sequence[Token], vocabulary: Vocabulary, *, correct: bool = True) -> Query:
    """Return what to look up for the words that somebody typed."""
    corrections: dict[str, str] = {}
    if correct:
        tokens = list(_correct(tokens, vocabulary, corrections))
    corrected = " ".join(token.text for token in tokens) if corrections else ""
    groups = _widen(_without_stop_words(tokens, vocabulary), vocabulary)
    return Query(tuple(dict.fromkeys(groups)), _typed(tokens), corrected, corrections)


def _typed(tokens: Sequence[Token]) -> Stems:
    telling = [place for place, token in enumerate(tokens) if not is_stop_word(token.text)]
    return _stems(tokens[telling[0] : telling[-1] + 1]) if telling else ()


def _correct(
    tokens: Sequence[Token], vocabulary: Vocabulary, corrections: dict[str, str]
) -> Iterator[Token]:
    for token in tokens:
        if (
            len(corrections) < MOST_CORRECTIONS
            and not is_stop_word(token.text)
            and not vocabulary.holds(token.text)
            and (better := vocabulary.correct(token.text))
        ):
            corrections[token.text] = better
            first, *rest = better.split()
            yield Token(first, token.bound)
            yield from (Token(other, bound=True) for other in rest)
        else:
            yield token


def _without_stop_words(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[list[Token]]:
    """Return the runs of words that say something, parted by stop words that no synonym has."""
    runs: list[list[Token]] = [[]]
    index = 0
    while index < len(tokens):
        length = _synonym_at(tokens, index, vocabulary)
        if length:
            runs[-1].extend(tokens[index : index + length])
            index += length
            continue
        token = tokens[index]
        is_bound = token.bound or (index + 1 < len(tokens) and tokens[index + 1].bound)
        if is_stop_word(token.text) and not is_bound:
            if runs[-1]:
                runs.append([])
        else:
            runs[-1].append(token)
        index += 1
    return [run for run in runs if run]


def _synonym_at(tokens: Sequence[Token], index: int, vocabulary: Vocabulary) -> int:
    """Return how many words from here on have synonyms together, the most first."""
    for end in range(min(index + vocabulary.longest_synonym, len(tokens)), index, -1):
        is_torn = end < len(tokens) and tokens[end].bound
        if not is_torn and _stems(tokens[index:end]) in vocabulary.synonyms:
            return end - index
    return 0


def _stems(tokens: Sequence[Token]) -> Stems:
    return tuple(stem(token.text) for token in tokens)


def _widen(runs: Sequence[Sequence[Token]], vocabulary: Vocabulary) -> Iterator[Group]:
    for run in runs:
        index = 0
        while index < len(run):
            length = max(_bound_at(run, index, vocabulary), _synonym_at(run, index, vocabulary))
            yield from _groups(list(_units(run[index : index + length], vocabulary)), vocabulary)
            index += length


def _units(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Sequence[Token]]:
    index = 0
    while index < len(tokens):
        length = _bound_at(tokens, index, vocabulary)
        yield tokens[index : index + length]
        index += length


def _bound_at(run: Sequence[Token], index: int, vocabulary: Vocabulary) -> int:
    """Return how many words from here on are one: by how they are typed, or as pages write them."""
    bound = 1
    while index + bound < len(run) and run[index + bound].bound:
        bound += 1
    if bound == 1 and index + 1 < len(run):
        bound += _is_compound(run[index], run[index + 1], vocabulary)
    return bound


def _groups(units: Sequence[Sequence[Token]], vocabulary: Vocabulary) -> Iterator[Group]:
    """Yield a group for each word of those that have synonyms together, or for the only one.

    What says the whole says each of them; so do the words, less surely, where they stand apart.
    """
    whole = list(_ways([token for unit in units for token in unit], vocabulary))
    telling = {
        _stems(unit): unit for unit in units if not all(is_stop_word(token.text) for token in unit)
    }
    if len(telling) < 2:
        yield Group(_best(whole))
        return
    for unit in telling.values():
        alone = (Way(way.stems, way.weight * APART) for way in _ways(unit, vocabulary))
        yield Group(_best([*alone, *whole]))


def _ways(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Way]:
    """Yield the ways to say what is one word, or several that mean something together."""
    stems = _stems(tokens)
    yield Way(stems)
    if len(stems) > 1:
        yield Way((stem("".join(token.text for token in tokens)),), OTHER_SPELLING)
    else:
        if stems[0] in vocabulary.compounds:
            yield Way(vocabulary.compounds[stems[0]], OTHER_SPELLING)
        yield from (Way((other,), FAMILY) for other in family_of(stems[0]))
    for other, is_the_same in vocabulary.synonyms.get(stems, {}).items():
        yield Way(other, SYNONYM if is_the_same else WIDER)


def _best(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Return each way once, with the most that it is worth."""
    worth: dict[Stems, float] = {}
    for way in ways:
        worth[way.stems] = max(way.weight, worth.get(way.stems, 0))
    return tuple(starmap(Way, worth.items()))


def _is_compound(first: Token, second: Token, vocabulary: Vocabulary) -> bool:
    """Whether pages write the two as one word, or with a hyphen."""
    joined = stem(fold(first.text) + fold(second.text))
    return joined in vocabulary.compounds or bool(vocabulary.forms.get(joined))
