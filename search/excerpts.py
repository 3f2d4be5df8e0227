"""The part of a text that answers, with the words marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from .query import Group
from .vocabulary import Stems
from .words import STOP_STEMS, Word, stem, words_in

WORDS_SHOWN = 32
WORDS_BEFORE = 6
OPEN, CLOSE = SafeString("<mark>"), SafeString("</mark>")
GAP = "…"
# Stands between what a page says in different places: a heading and a paragraph, two answers.
BETWEEN = " · "


def asked(groups: Sequence[Group]) -> frozenset[Stems]:
    """Return the stems of what is marked: words, and several side by side."""
    ways = frozenset(way.stems for group in groups for way in group.ways)
    return frozenset(way for way in ways if not STOP_STEMS.issuperset(way)) or ways


def mark(text: str, ways: Collection[Stems]) -> SafeString:
    """Return the text with the words marked that say something in one of the ways."""
    words = list(words_in(text))
    return _marked(text, [words[number] for number in _said(words, ways)])


def excerpt(summary: str, text: str, ways: Collection[Stems]) -> SafeString:
    """Return the summary where it answers, else the part of the text that says most of it."""
    if not text or _said(list(words_in(summary)), ways):
        return mark(summary, ways)
    words = list(words_in(text))
    found = _said(words, ways)
    if not found:
        return mark(summary or _cut(text, words, 0), ways)
    return mark(_cut(text, words, _densest(words, found)), ways)


def _said(words: Sequence[Word], ways: Collection[Stems]) -> list[int]:
    """Return the places of the words that say something in one of the ways."""
    beginnings: defaultdict[str, list[Stems]] = defaultdict(list)
    for way in ways:
        beginnings[way[0]].append(way)
    stems = tuple(stem(word.text) for word in words)
    found: set[int] = set()
    for place, first in enumerate(stems):
        for way in beginnings.get(first, ()):
            if stems[place : place + len(way)] == way:
                found.update(range(place, place + len(way)))
    return sorted(found)


def _densest(words: Sequence[Word], found: Sequence[int]) -> int:
    """Return where to begin, so that most different words of the query are seen, and early."""
    best, most = found[0], (0, 0)
    for first in found:
        near = [number for number in found if first <= number < first + WORDS_SHOWN - WORDS_BEFORE]
        seen = Counter(stem(words[number].text) for number in near)
        if (len(seen), len(near)) > most:
            best, most = first, (len(seen), len(near))
    return max(best - WORDS_BEFORE, 0)


def _cut(text: str, words: Sequence[Word], first: int) -> str:
    shown = words[first : first + WORDS_SHOWN]
    if not shown:
        return ""
    is_end = first + WORDS_SHOWN >= len(words)
    start = shown[0].start if first else 0
    end = len(text) if is_end else shown[-1].end
    part = BETWEEN.join(" ".join(line.split()) for line in text[start:end].split("\n") if line)
    return f"{GAP if first else ''}{part}{'' if is_end else GAP}"


def _marked(text: str, words: Sequence[Word]) -> SafeString:
    if not words:
        return conditional_escape(text)
    pieces: list[tuple[str, str, str]] = []
    end = 0
    for word in words:
        pieces += [("", text[end : word.start], ""), (OPEN, text[word.start : word.end], CLOSE)]
        end = word.end
    pieces.append(("", text[end:], ""))
    return format_html_join("", "{}{}{}", pieces)
