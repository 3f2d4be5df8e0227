import re
from collections.abc import Iterator
from html import escape
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

import feedparser

from ..errors import UnreadableError
from ..text import plain
from .dates import parse_date
from .items import BadItem, SourcePost, short_id
from .xml import NotWellFormedError, as_document, parts

NO_ENTRIES = "This is neither a web feed, nor a WordPress export, nor a page with a post."
CUT_SHORT = "The file ends in the middle of it."
ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
# What blogs put below the beginning of a post in their feeds.
APPEARED = re.compile(r"\s*The post .{1,300} (?:appeared first|first appeared) on .{1,200}$")
BRACKETS = r"\[\s*(?:…|\.{3})\s*\]"
READ_MORE = (
    r"(?:(?:read|view) (?:more|on|the (?:full|whole|rest of the) (?:post|article|story))|"
    r"(?:keep|continue) reading|\(more\s*(?:…|\.{3})?\))"
)
END = r"[\s.…:»›→>]*$"
BEGINNING = re.compile(
    rf"(?:{BRACKETS}|…|\.{{3}})(?:\s*{READ_MORE}.{{0,200}})?{END}|(?:^|\W){READ_MORE}{END}",
    re.IGNORECASE,
)
# A whole text may well end in three dots, or send its readers on.
BEGINNING_OF_CONTENT = re.compile(rf"{BRACKETS}(?:\s*{READ_MORE}.{{0,200}})?{END}", re.IGNORECASE)


def read_feed(stream: BinaryIO, address: str = "") -> Iterator[SourcePost | BadItem]:
    """Read the entries of an RSS or Atom feed, one at a time.

    A feed with mistakes in its XML is read as a whole and leniently from where it breaks.
    """
    seen = 0
    try:
        for base, element in parts(stream, "item", "entry"):
            seen += 1
            yield from read_entry(element, base or address, seen)
    except NotWellFormedError:
        stream.seek(0)
        data = stream.read()
        letters = data.replace(b"\x00", b"")  # UTF-16 is half that
        if b"<!ENTITY" in letters.upper():
            raise
        whole = len(ENTRY_END.findall(letters))
        for number, entry in enumerate(_parse(data, address).entries[seen:], seen + 1):
            seen += 1
            yield _post(entry, number) if number <= whole else _cut_short(entry, number)
    if not seen:
        raise UnreadableError(NO_ENTRIES)


def count_entries(stream: BinaryIO) -> int:
    """Return how many entries a feed holds; of one with mistakes, how many end in it."""
    try:
        return sum(1 for _ in parts(stream, "item", "entry"))
    except NotWellFormedError:
        stream.seek(0)
        return len(ENTRY_END.findall(stream.read()))


def read_entry(element: Element, base: str, number: int) -> Iterator[SourcePost | BadItem]:
    """Read one entry."""
    for entry in _parse(as_document(element), base).entries:
        yield _post(entry, number)


def _cut_short(entry: Any, number: int) -> BadItem:
    return BadItem(plain(entry.get("title", "")) or f"Entry {number}", CUT_SHORT)


def _parse(document: bytes, base: str) -> Any:
    return feedparser.parse(
        document,
        response_headers={"content-location": base} if base else {},
        sanitize_html=False,  # the converter does it, and keeps more
        resolve_relative_uris=False,  # the same
    )


def _post(entry: Any, number: int) -> SourcePost | BadItem:
    title = plain(entry.get("title", ""))
    authors = _authors(entry)
    try:
        content, summary, is_whole = _words(entry)
        link = entry.get("feedburner_origlink") or entry.get("link", "")
        published = entry.get("published") or entry.get("updated") or ""
        source_id = entry.get("id") or link
        return SourcePost(
            source_id=short_id(source_id or f"{title} {published}".strip()),
            title=title,
            html=_html(content),
            author=" and ".join(authors),
            authors=tuple(authors) if len(authors) > 1 else (),
            published=parse_date(published),
            summary=summary,
            topics=tuple(plain(tag.get("label") or tag.get("term") or "") for tag in _tags(entry)),
            address=link,
            base=content.get("base") or link,
            picture=_picture(entry),
            is_whole=is_whole,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return BadItem(title or f"Entry {number}", f"It cannot be read: {error}.")


def _html(content: Any) -> str:
    value = str(content.get("value", ""))
    return escape(value) if content.get("type") == "text/plain" else value


def _tags(entry: Any) -> list[Any]:
    return entry.get("tags") or []


def _words(entry: Any) -> tuple[Any, str, bool]:
    """Return the text, the summary if one beside it says something else, and whether it is whole.

    Without a text the summary takes its place, which may be no more than the beginning.
    """
    summary = entry.get("summary", "")
    contents = [content for content in entry.get("content", []) if content.get("value")]
    if not contents:
        return entry.get("summary_detail") or {}, "", not BEGINNING.search(_without_footer(summary))
    content = max(contents, key=lambda content: len(content["value"]))
    is_whole = not BEGINNING_OF_CONTENT.search(_without_footer(content["value"]))
    return content, "" if summary == content["value"] else real_summary(summary), is_whole


def real_summary(html: str) -> str:
    """Return the plain words of a summary, or nothing where a program cut it off."""
    text = _without_footer(html)
    return "" if BEGINNING.search(text) else text


def _without_footer(html: str) -> str:
    return APPEARED.sub("", plain(html))


def _authors(entry: Any) -> list[str]:
    people = entry.get("authors") or [entry.get("author_detail") or {}]
    names = [plain(person.get("name") or "") for person in people]
    return list(dict.fromkeys(name for name in names if name and "@" not in name))


def _picture(entry: Any) -> str:
    """Return the address of the picture that the feed puts beside the text, if it has one."""
    places = [*entry.get("enclosures", []), *entry.get("media_content", [])]
    for place in places:
        is_picture = str(place.get("type", "")).startswith("image/")
        if is_picture or place.get("medium") == "image":
            return str(place.get("href") or place.get("url") or "")
    return ""
