"""Pages about the same things as the best answers, for where few pages say what was asked.

What the best answers say most of is looked up in turn (Rocchio, “Relevance feedback in information
retrieval”, 1971).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nlargest

from django.utils import timezone

from .engines import Scope, current_engine
from .models import Entry
from .query import Group, Way
from .ranking import LABEL, SATURATION, SUMMARY, TEXT, TITLE, Ranking, Score
from .vocabulary import Vocabulary
from .words import STOP_STEMS

MOST = 3
# So many of the most promising are weighed: among many more the nearest would be the same.
WEIGHED = 60
# So much of what those words tell is enough to be near.
NEAR = 0.2
# So many answers are believed to be right, and so many of their words to be what matters.
BELIEVED = 3
TELLING_WORDS = 10
# A word that one page alone says leads to no other.
SHARED = 2


def related(scores: Sequence[Score], vocabulary: Vocabulary) -> list[Score]:
    """Return what is nearest to the first answers, without the answers themselves."""
    groups = [Group((Way((stem,)),)) for stem in _telling(scores[:BELIEVED], vocabulary)]
    found = current_engine().find(groups, vocabulary, scope=Scope(), any_of=True)
    answers = {score.entry.pk for score in scores}
    entries = Entry.objects.to_weigh(found[:WEIGHED])
    ranked = Ranking(groups, vocabulary, timezone.now()).sort(entries)
    near = [score for score in ranked if score.coverage >= NEAR and score.entry.pk not in answers]
    return near[:MOST]


def _telling(scores: Sequence[Score], vocabulary: Vocabulary) -> list[str]:
    """Return the stems that tell most of what these answers are about."""
    telling: defaultdict[str, float] = defaultdict(float)
    for score in scores:
        worth = dict(_worth(score.entry, vocabulary))
        length = math.hypot(*worth.values()) or 1.0
        for stem, value in worth.items():
            telling[stem] += score.total * value / length
    return nlargest(TELLING_WORDS, telling, key=telling.__getitem__)


def _worth(entry: Entry, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    said: defaultdict[str, float] = defaultdict(float)
    for weight, stems in (
        (TITLE, entry.title_stems),
        (SUMMARY, entry.summary_stems),
        (LABEL, entry.label_stems),
        (TEXT, entry.text_stems),
    ):
        for stem in stems.split():
            said[stem] += weight
    for stem, times in said.items():
        count = vocabulary.count((stem,))
        if count >= SHARED and stem not in STOP_STEMS:
            yield stem, vocabulary.rarity(count) * times / (times + SATURATION)
