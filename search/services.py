"""From what somebody typed to what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from base.searching import Meaning, Source, open_sources

from .engines import Scope, current_engine
from .models import Entry
from .query import Query, Token, parse, understand
from .ranking import SOME, Ranking, Score
from .related import related
from .vocabulary import Vocabulary

A_PAGE = 10
# What courses have, and is asked for like a kind of page.
DATES = "Dates"
COURSES = "Courses"
# Fewer answers than these that have all words are joined by those that have most.
FEW = A_PAGE
NEAREST = 3
# Words that only say that courses are looked for, where another word has said so.
COURSE_WORDS = frozenset(
    ("course", "courses", "training", "date", "dates", "class", "classes", "workshop")
)


@dataclass(frozen=True)
class Request:
    """What somebody asks for: words, and how they want to see the answers."""

    text: str = ""
    found_as: str = ""
    newest_first: bool = False
    # As typed, without corrections; and without reading a month or a place out of the words.
    exactly: bool = False
    words_only: bool = False

    @property
    def entries_found_as(self) -> str:
        """The kind of what is looked up: dates are those of courses."""
        return COURSES if self.found_as == DATES else self.found_as


@dataclass(frozen=True)
class Chip:
    """A meaning that was read out of the words, and the words without it."""

    label: str
    text_without: str


@dataclass
class Answer:
    """What was found, the best first, and what was made of the words."""

    request: Request
    query: Query = field(default_factory=Query)
    counts: Mapping[str, int] = field(default_factory=dict)
    scores: Sequence[Score] = ()
    # The keys of the courses among what was found, whatever kind is shown.
    courses: Sequence[int] = ()
    # What says anything of it, where that is too little for an answer.
    nearest: Sequence[Score] = ()
    # What is near to the answers, where they are few.
    related: Sequence[Score] = ()
    meanings: Sequence[Meaning] = ()
    chips: Sequence[Chip] = ()
    sources: Sequence[Source] = ()
    # What was read out of the words although no course is so.
    missed: Sequence[Meaning] = ()
    # How many pages that are no courses say all the words, where only courses were looked for.
    others: int = 0
    # Whether answers lack some of the words.
    is_partial: bool = False

    @property
    def total(self) -> int:
        """How many were found, of every kind."""
        return sum(self.counts.values())

    @property
    def shown(self) -> int:
        """How many there are of the kind that is shown."""
        chosen = self.request.entries_found_as
        return self.counts.get(chosen, 0) if chosen else self.total


def find(request: Request) -> Answer:
    """Find what answers. Any characters whatsoever give an answer, if an empty one."""
    tokens = parse(request.text)
    sources = open_sources()
    meant = {word for source in sources for word in source.words()}
    vocabulary = Vocabulary.current().joined_by(meant)
    if request.words_only:
        return _answer(request, tokens, [], sources, vocabulary)
    slips = {} if request.exactly else _slips(tokens, sources, vocabulary)
    tokens = _correct(tokens, slips)
    answer = _answer(request, tokens, _read(tokens, sources), sources, vocabulary)
    if slips:
        query = replace(answer.query, corrections=slips | answer.query.corrections)
        answer.query = replace(query, corrected=query.correct(request.text))
    return answer


def _answer(
    request: Request,
    tokens: Sequence[Token],
    meanings: Sequence[Meaning],
    sources: Sequence[Source],
    vocabulary: Vocabulary,
) -> Answer:
    """Answer with the courses that fit the meanings or, where none does, with the words."""
    if meanings:
        answer = _find(request, _without(tokens, meanings), meanings, sources, vocabulary)
        if answer.total:
            chips = [Chip(m.label, _text(_without(tokens, [m]))) for m in meanings]
            return replace(answer, chips=chips, others=_count_others(request, tokens, vocabulary))
    return replace(_find(request, tokens, [], sources, vocabulary), missed=meanings)


def _slips(
    tokens: Sequence[Token], sources: Sequence[Source], vocabulary: Vocabulary
) -> dict[str, str]:
    """Return what was typed with a slip, and the words that mean something in its place."""
    meant = {token.text: vocabulary.meant_by(token.text) for token in tokens}
    slips = {typed: word for typed, word in meant.items() if word}
    if not slips:
        return {}
    meanings = _read(_correct(tokens, slips), sources)
    said = {token.text for meaning in meanings for token in tokens[meaning.first : meaning.last]}
    return {typed: word for typed, word in slips.items() if typed in said}


def _correct(tokens: Sequence[Token], slips: Mapping[str, str]) -> list[Token]:
    return [token._replace(text=slips.get(token.text, token.text)) for token in tokens]


def _read(tokens: Sequence[Token], sources: Sequence[Source]) -> list[Meaning]:
    words = [token.text.lower() for token in tokens]
    signs = [token.sign for token in tokens]
    return [meaning for source in sources for meaning in source.read(words, signs)]


def _without(tokens: Sequence[Token], meanings: Sequence[Meaning]) -> list[Token]:
    said = {place for meaning in meanings for place in range(meaning.first, meaning.last)}
    return [token for place, token in enumerate(tokens) if place not in said]


def _text(tokens: Sequence[Token]) -> str:
    words = ""
    for token in tokens:
        parting = "-" if token.bound else "" if token.sign in {",", "."} else " "
        words += f"{parting}{token.sign}{token.text}"
    return words.strip(" -,.")


def _find(
    request: Request,
    tokens: Sequence[Token],
    meanings: Sequence[Meaning],
    sources: Sequence[Source],
    vocabulary: Vocabulary,
) -> Answer:
    answer = Answer(request, meanings=meanings, sources=sources)
    only = None
    if meanings:
        only = {page for source in sources for page in source.pages(meanings)}
        tokens = [token for token in tokens if token.text.lower() not in COURSE_WORDS]
    answer.query = understand(tokens, vocabulary, correct=not request.exactly)
    scope = Scope(request.entries_found_as, only, request.newest_first)
    if meanings and not answer.query:
        return _all_of(answer, only or set())
    if not answer.query:
        return answer
    ranking = Ranking(answer.query.groups, vocabulary, timezone.now(), answer.query.typed)
    engine = current_engine()
    groups, telling = answer.query.groups, ranking.telling
    counts = engine.count(telling, vocabulary, scope=scope) if ranking.is_answerable else {}
    found = engine.find(telling, vocabulary, scope=scope) if counts else ()
    partly: Sequence[int] = ()
    if sum(counts.values()) < FEW and len(groups) > 1:
        anything = replace(scope, found_as="")
        partly = engine.find(groups, vocabulary, scope=anything, any_of=True)
    courses: Sequence[int] = ()
    if scope.found_as not in ("", COURSES) and counts.get(COURSES):
        courses = engine.find(telling, vocabulary, scope=replace(scope, found_as=COURSES))
    entries = Entry.objects.to_weigh({*found, *courses, *partly})
    _fill(answer, counts, found, ranking.sort(entries), ranking)
    if request.newest_first:
        answer.scores = sorted(answer.scores, key=_newest_first)
    elif 0 < len(answer.scores) < FEW and scope == Scope():
        answer.related = related(answer.scores, vocabulary)
    return answer


def _count_others(request: Request, tokens: Sequence[Token], vocabulary: Vocabulary) -> int:
    """Return how many pages that are no courses say all the words as they are."""
    groups = understand(tokens, vocabulary, correct=not request.exactly).groups
    ranking = Ranking(groups, vocabulary, timezone.now())
    if ranking.expected != ranking.telling:
        return 0
    counts = current_engine().count(groups, vocabulary, scope=Scope())
    return sum(count for found_as, count in counts.items() if found_as != COURSES)


def _fill(
    answer: Answer,
    counts: Mapping[str, int],
    found: Sequence[int],
    scores: Sequence[Score],
    ranking: Ranking,
) -> None:
    """Answer with what has all the words and, where that is little, with what has most of them.

    What says much of them may come before what has them all.
    """
    looked_up = set(found)
    whole = [score for score in scores if ranking.says_all(score)]
    # Databases hear some phrases in words that only stand near each other.
    misheard = [
        score for score in scores if score.entry.pk in looked_up and not ranking.says_all(score)
    ]
    heard = Counter(counts) - Counter(score.entry.found_as for score in misheard)
    least = SOME if heard else ranking.enough
    near = [s for s in scores if not ranking.says_all(s) and ranking.is_near(s, least)]
    others = near[: max(FEW - heard.total(), 0)]
    chosen = answer.request.entries_found_as
    shown = {score.entry.pk for score in whole if score.entry.pk in looked_up} | {
        score.entry.pk for score in others if chosen in ("", score.entry.found_as)
    }
    answer.scores = [score for score in scores if score.entry.pk in shown]
    answer.courses = [
        int(score.entry.object_id) for score in (*whole, *others) if score.entry.found_as == COURSES
    ]
    answer.counts = heard + Counter(score.entry.found_as for score in others)
    answer.is_partial = not heard and bool(answer.total)
    answer.nearest = [] if answer.total else [score for score in scores if score.words][:NEAREST]


def _all_of(answer: Answer, only: set[tuple[int, int]]) -> Answer:
    """Answer with everything that a meaning alone finds."""
    keys = [str(pk) for _, pk in only]
    types = {content_type for content_type, _ in only}
    entries = Entry.objects.filter(content_type__in=types, object_id__in=keys)
    found = list(entries.order_by().values_list("found_as", "object_id"))
    answer.counts = Counter(found_as for found_as, _ in found)
    answer.courses = [int(key) for found_as, key in found if found_as == COURSES]
    chosen = answer.request.entries_found_as
    shown = entries.filter(found_as=chosen) if chosen else entries
    answer.scores = [
        Score(entry) for entry in shown.only("content_type_id", "object_id").order_by("title")[:200]
    ]
    return answer


def _newest_first(score: Score) -> tuple[float, int]:
    moment = score.entry.dated_at
    return (-moment.timestamp() if moment else 0, -score.entry.pk)
