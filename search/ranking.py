"""How well an entry answers a query: one formula for every database, and its weights.

The formula is BM25F (Robertson and Zaragoza, “The Probabilistic Relevance Framework”, 2009): what
the fields say of a word is added up with their weights before it saturates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .models import DOCUMENTS, Entry
from .query import Group
from .vocabulary import Stems, Vocabulary
from .words import STOP_STEMS, between

# What a word is worth in the title, in the summary, in a topic's name and in the text.
TITLE = 6.0
SUMMARY = 1.5
LABEL = 5.0
TEXT = 1.0
# How soon more of the same word adds nothing (k1), and how much a long text is held against it (b).
SATURATION = 2.0
LENGTH = 0.6
# A title that is what was typed and nothing else, as a share of what all its words are worth.
WHOLE_TITLE = 0.2
# Words that stand in the text as they were typed, side by side.
SIDE_BY_SIDE = 0.25
# News lose value with the years, down to a share that is left to all.
YOUNGEST_DAYS = 30
HALF_LIFE_DAYS = 730
LEFT_WITH_AGE = 0.75
# What has been replaced.
REPLACED = 0.3
# A word need not be there that is worth less than this share of the most telling one.
TELLING = 0.5
# From which share of two words an entry counts as an answer where nothing has all of them, and from
# which share it follows those that have, or counts because its title says it.
ENOUGH = 0.55
SOME = 0.3


@dataclass
class Score:
    """How well an entry answers, and why."""

    entry: Entry
    # What it is worth to say something of a group, of those of which the entry does.
    words: dict[Group, float] = field(default_factory=dict)
    # The share of what was asked that it says something of.
    coverage: float = 0
    whole_title: float = 0
    side_by_side: float = 0
    age: float = 1
    replaced: float = 1

    @property
    def total(self) -> float:
        """The score, by which answers are sorted."""
        gathered = sum(self.words.values()) + self.whole_title + self.side_by_side
        return gathered * self.coverage * self.age * self.replaced


class Ranking:
    """Weighs entries against one query."""

    def __init__(
        self,
        groups: Sequence[Group],
        vocabulary: Vocabulary,
        now: datetime,
        typed: Stems = (),
    ) -> None:
        self.groups = groups
        self.now = now
        self.typical_length = vocabulary.typical_length
        # What no page says at all would be the rarest.
        counts = {group: _count(group, vocabulary) for group in groups}
        self.worth = {group: vocabulary.rarity(count) for group, count in counts.items()}
        self.all_worth = sum(self.worth.values()) or 1.0
        most = max((worth for group, worth in self.worth.items() if counts[group]), default=0)
        self.telling = [group for group in groups if self.worth[group] >= TELLING * most]
        # What no page says at all, no page can be expected to say.
        self.expected = [group for group in self.telling if counts[group]]
        known = [worth for group, worth in self.worth.items() if counts[group]]
        # The more was asked, the less of it a page has to say.
        self.enough = ENOUGH * math.sqrt(2 / max(len(groups), 2))
        # Whether pages say enough of what was asked for that any could be an answer.
        self.is_answerable = sum(known) >= self.enough * self.all_worth
        self.typed = between(typed) if len(typed) > 1 else ""
        self.asked = [
            (group, self.worth[group], [(between(way.stems), way.weight) for way in group.ways])
            for group in groups
        ]

    def sort(self, entries: Iterable[Entry]) -> list[Score]:
        """Return the entries, the best first; where that is even, the newer one.

        One that was replaced stands below the one that replaced it.
        """
        scores = [self.score(entry) for entry in entries]
        scores.sort(key=lambda score: (-score.total, -score.entry.pk))
        return _below_their_replacements(scores)

    def says_all(self, score: Score) -> bool:
        """Whether an entry says something of every word that tells much and that any page says."""
        return self.is_answerable and all(group in score.words for group in self.expected)

    def is_near(self, score: Score, least: float) -> bool:
        """Whether an entry says a share of what was asked, or is about the little that it says."""
        return score.coverage >= least or (score.coverage >= SOME and self._is_titled(score))

    def _is_titled(self, score: Score) -> bool:
        title = score.entry.title_stems
        return all(
            any(stems in title for stems, _ in ways)
            for group, _, ways in self.asked
            if group in score.words
        )

    def score(self, entry: Entry) -> Score:
        """Weigh one entry."""
        score = Score(entry)
        found = 0.0
        for group, worth, ways in self.asked:
            said = self._said(ways, entry)
            if said:
                found += worth
                score.words[group] = worth * said * (SATURATION + 1) / (said + SATURATION)
        score.coverage = found / self.all_worth
        score.whole_title = self._whole_title(entry)
        if self.typed and self.typed in (entry.summary_stems + entry.text_stems):
            score.side_by_side = SIDE_BY_SIDE * self.all_worth
        score.age = self._age(entry)
        score.replaced = REPLACED if entry.replacement_id else 1
        return score

    def _said(self, ways: Sequence[tuple[str, float]], entry: Entry) -> float:
        """Return how much the entry says of a group, in whichever of the ways."""
        longer = 1 - LENGTH + LENGTH * entry.length / self.typical_length
        return sum(
            weight
            * (
                TITLE * entry.title_stems.count(stems)
                + SUMMARY * entry.summary_stems.count(stems)
                + LABEL * entry.label_stems.count(stems)
                + TEXT * entry.text_stems.count(stems) / longer
            )
            for stems, weight in ways
        )

    def _whole_title(self, entry: Entry) -> float:
        """Return the worth of how much of the title is what was asked for."""
        title = [stem for stem in entry.title_stems.split() if stem not in STOP_STEMS]
        asked = {stem for group in self.groups for way in group.ways for stem in way.stems}
        share = sum(stem in asked for stem in title) / len(title) if title else 0
        return WHOLE_TITLE * self.all_worth * share

    def _age(self, entry: Entry) -> float:
        if not (entry.ages and entry.dated_at):
            return 1
        days = max((self.now - entry.dated_at).days - YOUNGEST_DAYS, 0)
        return LEFT_WITH_AGE + (1 - LEFT_WITH_AGE) * math.pow(0.5, days / HALF_LIFE_DAYS)


def _count(group: Group, vocabulary: Vocabulary) -> int:
    """Return in how many entries a word is or, where it is in none, the commonest other for it."""
    own, *others = (vocabulary.count(way.stems) for way in group.ways)
    return own or max(others, default=0)


def _below_their_replacements(scores: Sequence[Score]) -> list[Score]:
    places = {
        score.entry.object_id: place
        for place, score in enumerate(scores)
        if score.entry.found_as != DOCUMENTS
    }

    def lowest_allowed(place: int) -> tuple[int, int]:
        """Return the last place in the line of what replaced it, and how far on in that line."""
        line = [place]
        newer = places.get(str(scores[place].entry.replacement_id))
        while newer is not None and newer not in line:
            line.append(newer)
            newer = places.get(str(scores[newer].entry.replacement_id))
        return max(line), len(line)

    return [scores[place] for place in sorted(range(len(scores)), key=lowest_allowed)]
