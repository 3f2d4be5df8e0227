"""How hard a text is to read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup

END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+(\S)|\s*$)")
# What ends with a full stop and goes on.
ABBREVIATIONS = {"dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "e.g.", "i.e.", "vs."}
OPENING = "\"'“‘(["
# On fewer words the formula says nothing: it was made for samples of so many.
FEWEST_WORDS = 100
# A pupil in the first grade of an American school is six; who begins to read in Britain is five.
AGE_BEFORE_SCHOOL, YOUNGEST, GROWN_UP = 5, 5, 18


def plain(rich_text: str) -> str:
    """Return the words of rich text, with each paragraph and each item in its own line."""
    soup = BeautifulSoup(rich_text, "html.parser")
    for element in soup.find_all(["p", "li", "br"]):
        element.insert_after("\n")
        if element.name == "li":
            element.insert_before("\n")
    return soup.get_text()


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text. One ends with its line, or with a mark before a new one."""
    return [sentence for line in text.splitlines() for sentence in _sentences(line)]


def _sentences(line: str) -> Iterable[str]:
    begin = 0
    for end in END.finditer(line):
        sentence = line[begin : end.end()]
        if not (sentence.split() and _goes_on(sentence.split()[-1], end[1])):
            yield from filter(None, [" ".join(sentence.split())])
            begin = end.end()
    yield from filter(None, [" ".join(line[begin:].split())])


def _goes_on(word: str, following: str | None) -> bool:
    """Whether a sentence goes on after a word with a mark, by the sign that follows."""
    if following is None:
        return False
    return word.lstrip(OPENING).lower() in ABBREVIATIONS or following.islower()


def word_count(text: str) -> int:
    """Return how many words a text has. A dash between spaces is none."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def reading_age(text: str) -> int | None:
    """Return the age, in years, at which people read a text with ease; None where it is too short.

    From 5 to 18. Source: Kincaid et al. (1975), Derivation of new readability formulas for Navy
    enlisted personnel, whose school grades are turned into ages.
    """
    if word_count(text) < FEWEST_WORDS:
        return None
    # It reads a dictionary, which a web process can do without.
    from textstat.textstat import textstatistics

    statistics = textstatistics()
    statistics.set_lang("en_GB")
    # Its own formula takes "e.g." for two ends, a list for one sentence, and short ones for none.
    words, sentences = word_count(text), len(sentences_of(text))
    syllables = statistics.syllable_count(text)
    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    age = round(grade) + AGE_BEFORE_SCHOOL
    return min(max(age, YOUNGEST), GROWN_UP)
