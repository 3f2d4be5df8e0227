"""Finds what identifies a person in a text, so that it is not published by mistake."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# At most this many digits make a telephone number (ITU-T E.164).
MAX_DIGITS = 15
NATIONAL_DIGITS = (10, 11)
NHS_DIGITS = 10
NHS_MODULUS = 11
MINUS = "\N{MINUS SIGN}"

# What stands between the groups of a number, once every space and dash is a plain one.
GAP = "[ .-]{0,3}"
# "At 10.30 - 12 a carer came" holds no number; "AT 10 30 12 A" may.
LITTLE_WORD = "(?-i:[Aa][mnst]|[Bb][ey]|[Hh]e|[Mm][ey]|[Oo][nr]|[Pp]m|[Ww]e)[ .-]"
DATE = r"\d{1,2}[ .-]\d{1,2}[ .-](?:19|20)\d\d\b"

EMAIL = re.compile(
    r"[\w.+'-]{1,64}\s?(?:@|[(\[]at[)\]])\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[(\[]dot[)\]])\s?[a-z][\w-]{0,62}){1,5}",
    re.IGNORECASE,
)
# Prefixes that were never given out: HMRC's National Insurance Manual, NIM39110.
NATIONAL_INSURANCE = re.compile(
    rf"\b(?!BG|GB|KN|NK|NT|TN|ZZ|{LITTLE_WORD})[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    rf"(?:{GAP}\d{{2}}){{3}}{GAP}[A-D]\b",
    re.IGNORECASE,
)
NHS = re.compile(rf"(?<![\d+])\d{{3}}{GAP}\d{{3}}{GAP}\d{{4}}(?!\d)")
# A date is read as a whole, so that it is not the beginning of a number.
PHONE = re.compile(rf"(?<![\w+])(?:{DATE}|(?:\+ {{0,3}})?\(?\d(?:[ ().-]{{0,3}}\d){{8,16}}(?!\d))")


class Kind(StrEnum):
    """What was found."""

    EMAIL = "e-mail address"
    NATIONAL_INSURANCE = "National Insurance number"
    NHS = "NHS number"
    PHONE = "telephone number"


@dataclass(frozen=True)
class Finding:
    """A part of a text that looks confidential."""

    kind: Kind
    start: int
    end: int

    def overlaps(self, other: "Finding") -> bool:
        """Whether both hold the same signs."""
        return self.start < other.end and other.start < self.end


def _plain(sign: str) -> str:
    """Return a plain space for one of any width, also none, and a plain dash for any dash."""
    category = unicodedata.category(sign)
    if category in ("Zs", "Cf") or sign == "\t":
        return " "
    return "-" if category == "Pd" or sign == MINUS else sign


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def is_nhs_number(text: str) -> bool:
    """Whether ten digits end with their check digit (NHS Data Dictionary, NHS NUMBER)."""
    digits = [int(digit) for digit in _digits(text)]
    if len(digits) != NHS_DIGITS or len(set(digits)) == 1:
        return False
    weighted = sum(
        digit * weight for digit, weight in zip(digits, range(NHS_DIGITS, 1, -1), strict=False)
    )
    return (NHS_MODULUS - weighted % NHS_MODULUS) % NHS_MODULUS == digits[-1]


def is_phone_number(text: str) -> bool:
    """Whether digits are dialled: from within the UK, or from anywhere with + or 00."""
    digits = _digits(text)
    if text.lstrip().startswith("+") or digits.startswith("00"):
        return len(digits) <= MAX_DIGITS + len("00")
    return digits.startswith("0") and digits[1] != "0" and len(digits) in NATIONAL_DIGITS


def _candidates(text: str) -> Iterator[Finding]:
    for match in EMAIL.finditer(text):
        yield Finding(Kind.EMAIL, *match.span())
    for match in NATIONAL_INSURANCE.finditer(text):
        yield Finding(Kind.NATIONAL_INSURANCE, *match.span())
    for match in PHONE.finditer(text):
        if is_phone_number(match[0]):
            yield Finding(Kind.PHONE, *match.span())
    for match in NHS.finditer(text):
        if is_nhs_number(match[0]):
            yield Finding(Kind.NHS, *match.span())


def find(text: str) -> list[Finding]:
    """Return what looks confidential, in the order of the text, nothing twice."""
    # Sign for sign, so that what is found stands at the same place in both.
    plain = "".join(map(_plain, text))
    findings: list[Finding] = []
    for candidate in _candidates(plain):
        if not any(candidate.overlaps(finding) for finding in findings):
            findings.append(candidate)
    return sorted(findings, key=lambda finding: finding.start)


def mask(text: str) -> str:
    """Return the text with a note in the place of whatever looks confidential."""
    for finding in reversed(find(text)):
        text = f"{text[: finding.start]}[{finding.kind} removed]{text[finding.end :]}"
    return text
