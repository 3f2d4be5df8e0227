from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

import feedparser

from ..errors import UnreadableError
from ..text import plain
from .dates import parse_date
from .items import BadItem, SourcePost, short_id
from .xml import NotWellFormedError, as_document, parts

NO_ENTRIES = "This is neither a web feed, nor a WordPress export, nor a page with a post."
SHORTENED = ("[…]", "[...]", "...", "…")
READ_MORE = ("read more", "continue reading", "read the full post")


def read_feed(data: bytes, address: str = "") -> Iterator[SourcePost | BadItem]:
    """Read the entries of an RSS or Atom feed, one at a time.

    A feed with mistakes in its XML is read as a whole and leniently from where it breaks.
    """
    seen = 0
    try:
        for base, element in parts(data, "item", "entry"):
            seen += 1
            yield from read_entry(element, base or address, seen)
    except NotWellFormedError:
        if b"<!ENTITY" in data.replace(b"\x00", b"").upper():
            raise
        entries = _parse(data, address).entries
        for number, entry in enumerate(entries[seen:], seen + 1):
            seen += 1
            yield _post(entry, number)
    if not seen:
        raise UnreadableError(NO_ENTRIES)


def read_entry(element: Element, base: str, number: int) -> Iterator[SourcePost | BadItem]:
    """Read one entry."""
    for entry in _parse(as_document(element), base).entries:
        yield _post(entry, number)


def _parse(document: bytes, base: str) -> Any:
    return feedparser.parse(
        document,
        response_headers={"content-location": base} if base else {},
        sanitize_html=False,  # the converter does it, and keeps more
        resolve_relative_uris=False,  # the same
    )


def _post(entry: Any, number: int) -> SourcePost | BadItem:
    title = plain(entry.get("title", ""))
    try:
        content, summary = _words(entry)
        link = entry.get("feedburner_origlink") or entry.get("link", "")
        published = entry.get("published") or entry.get("updated") or ""
        source_id = entry.get("id") or link
        return SourcePost(
            source_id=short_id(source_id or f"{title} {published}".strip()),
            title=title,
            html=_html(content),
            author=_author(entry),
            published=parse_date(published),
            summary=summary,
            topics=tuple(plain(tag.get("label") or tag.get("term") or "") for tag in _tags(entry)),
            address=link,
            base=content.get("base") or link,
            picture=_picture(entry),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return BadItem(title or f"Entry {number}", f"It cannot be read: {error}.")


def _html(content: Any) -> str:
    value = str(content.get("value", ""))
    return escape(value) if content.get("type") == "text/plain" else value


def _tags(entry: Any) -> list[Any]:
    return entry.get("tags") or []


def _words(entry: Any) -> tuple[Any, str]:
    """Return the text, and the summary if there is one beside it that says something else."""
    summary = entry.get("summary", "")
    contents = [content for content in entry.get("content", []) if content.get("value")]
    if not contents:
        return entry.get("summary_detail") or {}, ""
    content = max(contents, key=lambda content: len(content["value"]))
    return content, "" if summary == content["value"] else real_summary(summary)


def real_summary(html: str) -> str:
    """Return the plain words of a summary, or nothing where a program cut it off."""
    text = plain(html)
    is_cut = text.endswith(SHORTENED) or text.lower().rstrip(" .…»→").endswith(READ_MORE)
    return "" if is_cut else text


def _author(entry: Any) -> str:
    people = entry.get("authors") or [entry.get("author_detail") or {}]
    names = [plain(person.get("name") or "") for person in people]
    return " and ".join(dict.fromkeys(name for name in names if name and "@" not in name))


def _picture(entry: Any) -> str:
    """Return the address of the picture that the feed puts beside the text, if it has one."""
    places = [*entry.get("enclosures", []), *entry.get("media_content", [])]
    for place in places:
        is_picture = str(place.get("type", "")).startswith("image/")
        if is_picture or place.get("medium") == "image":
            return str(place.get("href") or place.get("url") or "")
    return ""
