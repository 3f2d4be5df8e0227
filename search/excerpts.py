"""The part of a text that answers, with the words marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from .query import Group
from .words import STOP_WORDS, Word, stem, words_in

WORDS_SHOWN = 32
WORDS_BEFORE = 6
OPEN, CLOSE = SafeString("<mark>"), SafeString("</mark>")
GAP = "…"
# Stands between what a page says in different places: a heading and a paragraph, two answers.
BETWEEN = " · "


def stems_asked(groups: Sequence[Group]) -> frozenset[str]:
    """Return the stems whose words are marked."""
    stems = {stem for group in groups for way in group.ways for stem in way.stems}
    return frozenset(stems - STOP_WORDS) or frozenset(stems)


def mark(text: str, stems: Collection[str]) -> SafeString:
    """Return the text with the words marked that have one of the stems."""
    return _marked(text, [word for word in words_in(text) if stem(word.text) in stems])


def excerpt(summary: str, text: str, stems: Collection[str]) -> SafeString:
    """Return the summary where it answers, else the part of the text that says most of it."""
    if not text or any(stem(word.text) in stems for word in words_in(summary)):
        return mark(summary, stems)
    words = list(words_in(text))
    found = [number for number, word in enumerate(words) if stem(word.text) in stems]
    if not found:
        return mark(summary or _cut(text, words, 0), stems)
    return mark(_cut(text, words, _densest(words, found)), stems)


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
