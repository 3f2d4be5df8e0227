"""Tells robots from people by what they write. Nothing here asks the database or anybody else.

No single sign makes a robot: people warn of payday loans, and name the page that helped them. Signs
are weighed, and only together they make a comment spam, which staff can still read and approve.
Else it is refused with a reason that helps to change it, or waits for a moderator who reads why.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from base.confidentiality import find
from base.text import LINK, links_in

MAX_LINKS = 2
MAX_RUN = 12
# Below this many words everything repeats itself.
MIN_WORDS_FOR_REPETITION = 12
MAX_SHARE_OF_ONE_WORD = 0.4
MIN_VARIETY = 0.2
# "Thank you for this" is written by many people.
MIN_SIGNS_OF_A_FINGERPRINT = 40
MAX_SHARE_OF_CAPITALS = 0.7
MIN_LETTERS_FOR_CAPITALS = 30

# Public bodies of the UK. Nobody else can have such an address.
PUBLIC_BODY = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*"
    r"(?:(?:gov|nhs|police|ac|sch|parliament)\.uk|(?:gov|nhs)\.(?:scot|wales))(?:[/?#].*|\W*)",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<\s*a\b[^>]*href|\[(?:url|link|img)\b|<\s*(?:script|iframe)\b", re.IGNORECASE)

# So many points make a robot.
ROBOT = 4
A_LINK, A_FOREIGN_SCRIPT, A_NAME_THAT_IS_A_LINK, SOME_MARKUP = 1, 3, 3, 3
# People advertise in a comment's words, robots in its name as well.
NAME_COUNTS = 2
DRUGS = "viagra|cialis|levitra|xanax|phentermine|tramadol"
CURRENCIES = "bitcoin|crypto|forex|binary options?"
# 1: what people write about as well. 2: hardly. 3: only who sells it.
MARKERS = [
    (points, re.compile(pattern, re.IGNORECASE))
    for points, pattern in (
        (1, r"\bcasinos?\b"),
        (2, r"\bfree spins\b|\bslots?\b.*\b(?:bonus|spins?)\b|\bbetting (?:site|tips)\b"),
        (2, r"\bbest (?:online )?casinos?\b"),
        (1, rf"\b(?:{DRUGS})\b.*\b(?:buy|cheap|order|online|price)\b"),
        (1, rf"\b(?:buy|cheap|order)\b.*\b(?:{DRUGS})\b"),
        (2, rf"\b(?:buy|cheap|order)(?: cheap)? (?:{DRUGS})\b"),
        (3, r"\bcheap (?:meds|pills|jerseys|essays?|followers|replica)\b|\breplica watches\b"),
        (1, rf"\b(?:{CURRENCIES})\b.*\b(?:invest|profit|earn|trad|double)\w*"),
        (1, r"\b(?:invest|profit|earn|double)\w*\b.*\b(?:bitcoin|crypto|forex)\b"),
        (3, r"\bback ?links?\b|\bseo (?:services?|agency|expert|package)\b"),
        (2, r"\bguest posts?\b|\bdomain authority\b"),
        (1, r"\b(?:rank|first page)\b.*\bgoogle\b"),
        (1, r"\bpayday loans?\b"),
        (1, r"\binstant (?:payday |loan|cash)|\bno credit checks?\b|\bguaranteed income\b"),
        (2, r"\bguaranteed (?:loan|approval)\b"),
        (1, r"\b(?:earn|ma[kd]e) (?:up to )?[$£€]?\d[\d,.]*k?\b.*\b(?:daily|day|week|hour|month)"),
        (2, r"\bwork from home and earn\b"),
        (1, r"\bpassive income\b"),
        (3, r"\bhot (?:girls|singles)\b|\bescort girls?\b"),
        (1, r"\bescort (?:service|agency)\b|\bporn\w*\b"),
        (1, r"\bclick (?:here|this link)\b"),
        (2, r"\bclick my (?:link|name|profile)\b"),
        (2, r"\b(?:visit|check out) my (?:site|blog|website|page)\b"),
        (2, r"\b(?:whatsapp|telegram)\b.*(?:\+?\d[\d ]{6,}|@\w+|t\.me)"),
        (3, r"\bspell ?caster\b|\blove spell\b"),
        (2, r"\billuminati\b|\bherbal cure\b"),
        (3, r"\bessay writing service\b|\bbuy (?:essays?|followers|likes|reviews)\b"),
        (1, r"\blimited time offer\b|\bact now\b"),
        (1, r"\b100% (?:free|guaranteed)\b|\brisk[- ]free\b"),
    )
]
# Signs that show nothing, or turn the direction of what follows.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

TOO_MANY_LINKS = "Please use at most two links, so that readers know we looked at each of them."
REPEATS = "This repeats itself. Please say it once, in your own words."
LINK_IN_NAME = "Please write the name you go by, without an address."


class Reason:
    """Why a comment waits or is spam, as moderators read it."""

    TRAP = "Something that people do not see was filled in."
    STRANGE_FORM = "It did not come from our form."
    AT_ONCE = "It was sent within three seconds."
    ADVERTISING = "It reads like advertising."
    COPIES = "The same words were sent several times."
    MARKED = "You marked the same words as spam before."
    MARKUP = "It holds code of a web page."
    LINKS = "It holds a link."
    WORDS = "Some of its words are often used in advertising."
    CAPITALS = "Most of it is in capitals."
    SCRIPT = "Most of it is not in Latin letters."
    REPEATED = "The same words were sent before."
    QUICK = "It was written very quickly."
    SPAMMER = "You marked something from the same address or network as spam before."


@dataclass
class Verdict:
    """What follows from a comment's words. `errors` are for people, and empty for a robot."""

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


def marker_points(text: str) -> int:
    """Return how much the words weigh that are often used in advertising."""
    return sum(points for points, marker in MARKERS if marker.search(text))


def judge(name: str, text: str) -> Verdict:
    """Return what follows from a name and a text."""
    # Look-alikes such as full-width letters are read as what they look like.
    plain = unicodedata.normalize("NFKC", tidy(text))
    links = links_in(plain)
    markers = marker_points(plain) + NAME_COUNTS * marker_points(name)
    foreign = is_foreign_script(LINK.sub(" ", plain))
    markup = bool(MARKUP.search(plain) or MARKUP.search(name))
    name_is_link = bool(links_in(name))
    points = (
        markers
        + A_LINK * any(not PUBLIC_BODY.fullmatch(link) for link in links)
        + A_FOREIGN_SCRIPT * foreign
        + A_NAME_THAT_IS_A_LINK * name_is_link
        + SOME_MARKUP * markup
    )
    signs = {
        Reason.ADVERTISING: points >= ROBOT,
        Reason.LINKS: bool(links),
        Reason.WORDS: bool(markers),
        Reason.MARKUP: markup,
        Reason.CAPITALS: is_shouted(plain),
        Reason.SCRIPT: foreign,
    }
    reasons = [reason for reason, holds in signs.items() if holds]
    reasons += confidential_reasons(name, text)
    if points >= ROBOT:
        return Verdict(is_robot=True, reasons=reasons)
    errors: dict[str | None, str] = {"name": LINK_IN_NAME} if name_is_link else {}
    if len(links) > MAX_LINKS:
        errors["text"] = TOO_MANY_LINKS
    elif repeats(plain):
        errors["text"] = REPEATS
    return Verdict(errors=errors, reasons=reasons)


def confidential_reasons(name: str, text: str) -> list[str]:
    """Return why a moderator looks at a comment that may give somebody away."""
    kinds = dict.fromkeys(finding.kind for finding in [*find(text), *find(name)])
    return [f"It holds what looks like {_article(kind)} {kind}." for kind in kinds]


def _article(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" or word.startswith("NHS") else "a"
