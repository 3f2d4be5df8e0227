"""The words that the site holds, kept in memory, to correct and widen a visitor's words."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from copy import copy
from typing import ClassVar

from django.db.models import Avg, Count
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .models import Edition, Entry, Synonym, Term
from .words import HYPHEN, family_of, fold, is_english, is_stop_word, stem, words_in

SHORTEST_CORRECTED = 4
# From so many letters on, in the longer of the two words, two slips are forgiven, and three.
LETTERS_FOR_TWO_SLIPS = 6
LETTERS_FOR_THREE_SLIPS = 12
MOST_SLIPS = 3
SHORTEST_MEANT = 5
SHORTEST_PART = 2
# What makes another word that a stemmer leaves alone.
ENDINGS = ("ers", "er", "ors", "or", "ists", "ist", "ness", "ful", "less", "ship", "able")

Stems = tuple[str, ...]


class Vocabulary:
    """The words of everything that visitors may find, as they were after the last change."""

    kept: ClassVar[Vocabulary | None] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def current(cls) -> Vocabulary:
        """Return the vocabulary as it is now; what has changed since the last time is read."""
        edition = Edition.objects.current()
        kept = cls.kept
        if kept is None or kept.edition != edition:
            with cls._lock:
                kept = cls.kept
                kept = cls() if kept is None or kept.edition > edition else kept._copy()
                if kept.edition < edition:
                    kept.read_on(edition)
                cls.kept = kept
        return kept

    def __init__(self) -> None:
        self.edition = -1
        self.entries: dict[str, int] = {}
        self.forms: defaultdict[str, dict[str, int]] = defaultdict(dict)
        # What is written with hyphens, by how it would be in one word.
        self.compounds: dict[str, Stems] = {}
        self.before_hyphens: frozenset[str] = frozenset()
        self.correctable: dict[str, None] = {}
        # Other words, and whether they mean the same or something wider.
        self.synonyms: dict[Stems, dict[Stems, bool]] = {}
        self.longest_synonym = 0
        # How staff write what their list holds.
        self.written: dict[Stems, tuple[str, ...]] = {}
        # What means something to a source of a search, whether any page says it or not.
        self.meant: Collection[str] = ()
        # How many entries there are, and how long their texts are on average, in words.
        self.total = 0
        self.typical_length = 1.0

    def _copy(self) -> Vocabulary:
        """Return another with the same words, for those to come: others still ask this one."""
        other = copy(self)
        other.entries = dict(self.entries)
        other.forms = self.forms.copy()
        other.compounds = dict(self.compounds)
        other.correctable = dict(self.correctable)
        return other

    def joined_by(self, meant: Collection[str]) -> Vocabulary:
        """Return the same words, joined for one search by those that mean something to a source."""
        other = copy(self)
        other.meant = meant
        return other

    def read_on(self, edition: int) -> None:
        """Read what has changed since the edition that is known."""
        changed = Term.objects.filter(edition__gt=self.edition).values_list("word", "entries")
        for word, entries in changed.iterator():
            self._learn(word, entries)
        self.before_hyphens = frozenset(parts[0] for parts in self.compounds.values())
        self._read_synonyms()
        sums = Entry.objects.aggregate(Count("pk"), Avg("length"))
        self.total = sums["pk__count"]
        self.typical_length = max(sums["length__avg"] or 1.0, 1.0)
        self.edition = edition

    def _learn(self, word: str, entries: int) -> None:
        if "-" in word:
            parts = tuple(stem(part) for part in HYPHEN.split(word))
            joined = stem(HYPHEN.sub("", word))
            if entries > 0:
                self.compounds[joined] = parts
            elif self.compounds.get(joined) == parts:
                del self.compounds[joined]
            return
        forms = self.forms[stem(word)] = dict(self.forms[stem(word)])
        if entries > 0:
            self.entries[word] = entries
            forms[word] = entries
            if len(word) >= SHORTEST_CORRECTED and word.isalpha():
                self.correctable[word] = None
        else:
            self.entries.pop(word, None)
            forms.pop(word, None)
            self.correctable.pop(word, None)

    def _read_synonyms(self) -> None:
        synonyms: defaultdict[Stems, dict[Stems, bool]] = defaultdict(dict)
        written: dict[Stems, tuple[str, ...]] = {}
        for word, means, both_ways in Synonym.objects.values_list("word", "means", "both_ways"):
            for text in (word, *means.split(",")):
                written[stems_in(text)] = tuple(each.text.lower() for each in words_in(text))
            source = stems_in(word)
            for other in map(stems_in, means.split(",")):
                if other in ((), source):
                    continue
                synonyms[source][other] = both_ways or synonyms[source].get(other, False)
                if both_ways:
                    synonyms[other][source] = True
        self.synonyms = dict(synonyms)
        self.written = written
        self.longest_synonym = max(map(len, synonyms), default=0)

    # What it knows

    def holds(self, word: str) -> bool:
        """Whether a page says the word, in any form, or somebody has said what it means."""
        stemmed = stem(word)
        return (
            word.lower() in self.meant
            or bool(self.forms.get(stemmed))
            or stemmed in self.compounds
            or any(stemmed in source for source in self.synonyms)
        )

    def forms_of(self, stemmed: str) -> Iterable[str]:
        """Return the words with this stem that pages say."""
        return self.forms.get(stemmed, {}).keys()

    def in_full(self, stems: Stems) -> str:
        """Return words with these stems, each in the form that most pages say."""
        return " ".join(self._commonest_form(one) if self.forms.get(one) else one for one in stems)

    def count(self, stems: Stems) -> int:
        """Return in how many entries words with these stems are, at most."""
        return min((sum(self.forms.get(one, {}).values()) for one in stems), default=0)

    def rarity(self, count: int) -> float:
        """Return what a word that stands in so many entries is worth (BM25's idf)."""
        return math.log(1 + (self.total - min(count, self.total) + 0.5) / (count + 0.5))

    # Correcting

    def correct(self, word: str) -> str | None:
        """Return the nearest word, or two, that a page says; None where none is near or needed.

        A word that the site holds is never corrected; the caller asks `holds` first. One that is
        none of the site's but English becomes another only for a single slip: a truck may be a
        track, but the league is not about leave.
        """
        typed = fold(word)
        if len(typed) < SHORTEST_CORRECTED or not typed.isalpha():
            return None
        if any(self.forms.get(other) for other in family_of(stem(typed))):
            return None
        derived = self._derived_from(typed)
        if derived:
            return derived
        slips, nearest = self._nearest(typed)
        if slips == 1:
            return nearest
        if is_english(typed):
            return None
        return self._nearest_stem(typed) or self._in_two(typed) or nearest

    def meant_by(self, word: str) -> str | None:
        """Return the only word that means something and is one slip away.

        None for a word that the site holds, unless as a form of that very word: onlin has the stem
        of online, and no page says it.
        """
        typed = word.lower()
        if len(typed) < SHORTEST_CORRECTED or typed in self.meant or fold(word) in self.entries:
            return None
        found = process.extract(typed, self.meant, scorer=OSA.distance, score_cutoff=1, limit=None)
        is_word = is_stop_word(word) or is_english(fold(word)) or self.holds(word)
        held = stem(word) if is_word else None
        likely = [
            other
            for other, _, _ in found
            if len(other) >= SHORTEST_MEANT
            and other.isalpha()
            and other[0] == typed[0]
            and held in (None, stem(other))
        ]
        return likely[0] if len(likely) == 1 else None

    def _nearest(self, typed: str) -> tuple[int, str | None]:
        found = process.extract(
            typed, self.correctable.keys(), scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None
        )
        likely = [
            (slips, -self.entries.get(word, 0), word)
            for word, slips, _ in found
            # The first letter is rarely wrong, unless it has changed places with the second.
            if slips <= _forgiven(typed, word) and (word[0] == typed[0] or word[:2] == typed[1::-1])
        ]
        if not likely:
            return 0, None
        slips, _, word = min(likely)
        return slips, word

    def _nearest_stem(self, typed: str) -> str | None:
        """Return a word of which somebody typed another form, with one slip."""
        found = process.extract(
            stem(typed), self.forms.keys(), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        likely = [
            (sum(self.forms[stemmed].values()), stemmed)
            for stemmed, _, _ in found
            if len(stemmed) > SHORTEST_CORRECTED and stemmed[0] == typed[0] and self.forms[stemmed]
        ]
        return self._commonest_form(max(likely)[1]) if likely else None

    def _derived_from(self, typed: str) -> str | None:
        """Return the word from which another was made that no page says: hoard for hoarder."""
        for ending in ENDINGS:
            base = stem(typed.removesuffix(ending))
            if typed.endswith(ending) and len(base) >= SHORTEST_CORRECTED and self.forms.get(base):
                return self._commonest_form(base)
        return None

    def _commonest_form(self, stemmed: str) -> str:
        forms = self.forms[stemmed]
        return max(forms, key=lambda word: (forms[word], word))

    def _in_two(self, typed: str) -> str | None:
        """Return two words that somebody has written as one."""
        pairs = [
            (min(self.entries[first], self.entries[second]), f"{first} {second}")
            for cut in range(SHORTEST_PART, len(typed) - SHORTEST_PART + 1)
            if self._is_part(first := typed[:cut]) and self._is_part(second := typed[cut:])
        ]
        return max(pairs)[1] if pairs else None

    def _is_part(self, word: str) -> bool:
        """Whether it can be one of two words: one that pages say, and no scrap."""
        return word in self.entries and (len(word) > SHORTEST_PART or is_stop_word(word))


def _forgiven(typed: str, word: str) -> int:
    letters = max(len(typed), len(word))
    return 1 + (letters >= LETTERS_FOR_TWO_SLIPS) + (letters >= LETTERS_FOR_THREE_SLIPS)


def stems_in(text: str) -> Stems:
    """Return the stems of a text's words."""
    return tuple(stem(word.text) for word in words_in(text))
