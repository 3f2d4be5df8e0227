"""Tells robots from people by what they write. Nothing here asks the database or anybody else.

A robot is dropped without a word. What a person may have written is refused with a reason that
helps to change it, or waits for a moderator who reads why.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from base.confidentiality import find
from base.text import LINK, count_links

MAX_LINKS = 2
MAX_RUN = 12
# Below this many words everything repeats itself.
MIN_WORDS_FOR_REPETITION = 12
MAX_SHARE_OF_ONE_WORD = 0.4
MIN_VARIETY = 0.2
# "Thank you for this" is written by many people.
MIN_SIGNS_OF_A_FINGERPRINT = 40
MANY_MARKERS = 2
MAX_SHARE_OF_CAPITALS = 0.7
MIN_LETTERS_FOR_CAPITALS = 30

# People do not write markup into a field for plain words.
MARKUP = re.compile(r"<\s*a\b[^>]*href|\[(?:url|link|img)\b|<\s*(?:script|iframe)\b", re.IGNORECASE)
MARKERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcasinos?\b|\bslots?\b.*\b(?:bonus|spins?)\b|\bfree spins\b|\bbetting (?:site|tips)\b",
        r"\b(?:viagra|cialis|levitra|xanax|phentermine)\b.*\b(?:buy|cheap|order|online|price)\b"
        r"|\b(?:buy|cheap|order)\b.*\b(?:viagra|cialis|levitra|xanax|phentermine|tramadol)\b",
        r"\bcheap (?:meds|pills|jerseys|essays?|followers|replica)\b|\breplica watches\b",
        r"\b(?:bitcoin|crypto|forex|binary options?)\b.*\b(?:invest|profit|earn|trad|double)\w*"
        r"|\b(?:invest|profit|earn|double)\w*\b.*\b(?:bitcoin|crypto|forex)\b",
        r"\bback ?links?\b|\bguest posts?\b|\bseo (?:services?|agency|expert|package)\b"
        r"|\b(?:rank|first page)\b.*\bgoogle\b|\bdomain authority\b",
        r"\bpayday loans?\b|\binstant (?:loan|cash)\b|\bguaranteed (?:loan|approval|income)\b",
        r"\b(?:earn|make) (?:up to )?[$£€]?\d[\d,.]*k?\b.*\b(?:day|daily|week|weekly|hour|month)\b"
        r"|\bwork from home and earn\b|\bpassive income\b",
        r"\bescorts?\b.*\b(?:girls?|service|agency)\b|\bhot (?:girls|singles)\b|\bporn\w*\b",
        r"\bclick (?:here|this link|my (?:link|name|profile))\b|\bvisit my (?:site|blog|website)\b"
        r"|\bcheck out my (?:site|blog|website|page)\b",
        r"\b(?:whatsapp|telegram)\b.*(?:\+?\d[\d ]{6,}|@\w+|t\.me)",
        r"\bspell ?caster\b|\blove spell\b|\billuminati\b|\bherbal cure\b",
        r"\bessay writing service\b|\bbuy (?:essays?|followers|likes|reviews)\b",
        r"\blimited time offer\b|\bact now\b|\b100% (?:free|guaranteed)\b|\brisk[- ]free\b",
    )
]
# Signs that show nothing, or turn the direction of what follows.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

TOO_MANY_LINKS = "Please use at most two links, so that readers know we looked at each of them."
REPEATS = "This repeats itself. Please say it once, in your own words."
LINK_IN_NAME = "Please write the name you go by, without an address."


class Reason:
    """Why a comment waits, as moderators read it."""

    LINKS = "It holds a link."
    WORDS = "Some of its words are often used in advertising."
    CAPITALS = "Most of it is in capitals."
    SCRIPT = "Most of it is not in Latin letters."
    REPEATED = "The same words were sent before."
    QUICK = "It was written very quickly."
    SPAMMER = "You marked something from the same address or network as spam before."


@dataclass
class Verdict:
    """What follows from a comment's words."""

    is_robot: bool = False
    errors: dict[str | None, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def tidy(text: str) -> str:
    """Return the text without what cannot be seen."""
    return INVISIBLE.sub("", text)


def fingerprint(text: str) -> str:
    """Return the same for texts that differ only in case, signs and accents.

    Empty for what is so short that two people may well write it.
    """
    plain = unicodedata.normalize("NFKD", tidy(text)).casefold()
    letters = "".join(sign for sign in plain if sign.isalnum())
    if len(letters) < MIN_SIGNS_OF_A_FINGERPRINT:
        return ""
    return hashlib.sha256(letters.encode()).hexdigest()


def repeats(text: str) -> bool:
    """Whether one sign or one word makes up too much of the text."""
    runs = ((sign, len(list(run))) for sign, run in groupby(text))
    if any(length > MAX_RUN for sign, length in runs if sign not in ".-_=* \n"):
        return True
    words = re.findall(r"\w+", text.casefold())
    if len(words) < MIN_WORDS_FOR_REPETITION:
        return False
    counts = Counter(words)
    most = counts.most_common(1)[0][1]
    return most / len(words) > MAX_SHARE_OF_ONE_WORD or len(counts) / len(words) < MIN_VARIETY


def is_shouted(text: str) -> bool:
    """Whether most letters are capitals."""
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    return (
        len(letters) >= MIN_LETTERS_FOR_CAPITALS and capitals > len(letters) * MAX_SHARE_OF_CAPITALS
    )


def is_foreign_script(text: str) -> bool:
    """Whether most letters are not Latin."""
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum("LATIN" in unicodedata.name(sign, "") for sign in letters)
    return bool(letters) and latin < len(letters) / 2


def judge(name: str, text: str) -> Verdict:
    """Return what follows from a name and a text."""
    # Look-alikes such as full-width letters are read as what they look like.
    plain = unicodedata.normalize("NFKC", tidy(text))
    links = count_links(plain)
    markers = sum(bool(marker.search(plain)) for marker in MARKERS)
    markers += any(marker.search(name) for marker in MARKERS)
    foreign = is_foreign_script(LINK.sub(" ", plain))
    name_is_link = bool(count_links(name))
    if MARKUP.search(plain) or MARKUP.search(name):
        return Verdict(is_robot=True)
    if markers >= MANY_MARKERS or (links and (markers or foreign or name_is_link)):
        return Verdict(is_robot=True)
    verdict = Verdict()
    if name_is_link:
        verdict.errors["name"] = LINK_IN_NAME
    if links > MAX_LINKS:
        verdict.errors["text"] = TOO_MANY_LINKS
    elif repeats(plain):
        verdict.errors["text"] = REPEATS
    signs = {
        Reason.LINKS: bool(links),
        Reason.WORDS: bool(markers),
        Reason.CAPITALS: is_shouted(plain),
        Reason.SCRIPT: foreign,
    }
    verdict.reasons = [reason for reason, holds in signs.items() if holds]
    verdict.reasons += confidential_reasons(name, text)
    return verdict


def confidential_reasons(name: str, text: str) -> list[str]:
    """Return why a moderator looks at a comment that may give somebody away."""
    kinds = dict.fromkeys(finding.kind for finding in [*find(text), *find(name)])
    return [f"It holds what looks like {_article(kind)} {kind}." for kind in kinds]


def _article(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" or word.startswith("NHS") else "a"
