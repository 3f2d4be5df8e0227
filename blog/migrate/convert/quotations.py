"""Finding quotations and who said them."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from .runs import Run, words

OPEN = '“"‘«„'
EARLIEST_YEAR = 1000
LONGEST_SOURCE = 150
QUOTED = (
    r"(?:“(?P<curly>[^”]+)”|\"(?P<straight>[^\"]+)\"|«(?P<angle>[^»]+)»|„(?P<low>[^“”]+)[“”]"
    r"|‘(?P<single>.+?)’(?!\w))[.,;:]?"
)
SOURCE = r"[–—―-]?\s*(?P<source>[^\s(–—―-][^()]{0,150}?)[\s,]{0,3}"
IN_BRACKETS = r"\((?P<year>[12]\d{3})[a-z]?\)"
QUOTATION = re.compile(QUOTED)
WITH_SOURCE = re.compile(rf"{QUOTED}\s*{SOURCE}{IN_BRACKETS}\.?")
ATTRIBUTION = re.compile(rf"{SOURCE}{IN_BRACKETS}\.?")
WITHOUT_BRACKETS = re.compile(rf"{SOURCE},\s*(?P<year>[12]\d{{3}})\.?")
DASH = re.compile(r"^[–—―-]+\s*")


def quotation(
    text: str, source: str, year: str | int | None = None, url: str = ""
) -> dict[str, Any] | None:
    """Return a quotation block, or None where one of its parts cannot be right."""
    number = int(year) if year else None
    latest = datetime.now(UTC).year
    source = source.strip(" ,;–—―-")
    if not text.strip() or not source or len(source) > LONGEST_SOURCE:
        return None
    if number is not None and not EARLIEST_YEAR <= number <= latest:
        return None
    value = {"text": text.strip(), "source": source, "year": number, "url": good_url(url)}
    return {"type": "quotation", "value": value}


def good_url(url: str) -> str:
    """Return the address if a block would accept it, else nothing."""
    try:
        if urlsplit(url).scheme not in {"http", "https"}:
            return ""
        URLValidator()(url)
    except (ValidationError, ValueError):
        return ""
    return url


def from_paragraph(runs: list[Run]) -> dict[str, Any] | None:
    """Recognise a paragraph that is a quotation followed by its source and a year."""
    match = WITH_SOURCE.fullmatch(words(runs))
    if not match:
        return None
    url = next((run.marks.href for run in reversed(runs) if run.marks.href), "")
    return quotation(_inside(match), match["source"], match["year"], url)


def is_quoted(runs: list[Run]) -> bool:
    """Whether a paragraph stands between quotation marks from end to end."""
    return QUOTATION.fullmatch(words(runs)) is not None


def unquoted(text: str) -> str:
    """Return the words without the marks around them: the site sets them itself."""
    match = QUOTATION.fullmatch(text)
    return _inside(match) if match else text


def _inside(match: re.Match[str]) -> str:
    kinds = ("curly", "straight", "angle", "low", "single")
    return next(match[kind] for kind in kinds if match[kind])


def from_two_paragraphs(quoted: list[Run], source: list[Run]) -> dict[str, Any] | None:
    """Recognise a quotation whose source and year are a paragraph of their own below it."""
    match = ATTRIBUTION.fullmatch(words(source))
    if not match:
        return None
    url = next((run.marks.href for run in source if run.marks.href), "")
    return quotation(unquoted(words(quoted)), match["source"], match["year"], url)


def attributed(text: str, attribution: str, url: str = "") -> dict[str, Any] | None:
    """Make a quotation of what is marked up as one, with whatever it says of its source."""
    line = DASH.sub("", attribution).strip()
    match = ATTRIBUTION.fullmatch(line) or WITHOUT_BRACKETS.fullmatch(line)
    if match:
        return quotation(unquoted(text), match["source"], match["year"], url)
    return quotation(unquoted(text), line, None, url)
