"""What of a document is looked at: everything else is gone before it is read."""

import re
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from ..text import clean

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD, ITALIC = {"b", "strong", "dt"}, {"i", "em", "cite", "dfn", "var"}
INLINE = {
    "a",
    "abbr",
    "code",
    "del",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "sub",
}
INLINE |= {"sup", "time", "u", "font", "label", "bdi", "bdo", "data", "ruby", "tt", "big", "strike"}
INLINE |= BOLD - {"dt"} | ITALIC
LISTS = {"ul", "ol", "menu", "dir"}
PLAYERS = {"iframe", "embed", "object", "video", "audio"}
KINDS = dict.fromkeys(HEADINGS, "heading") | dict.fromkeys(LISTS, "list")
KINDS |= dict.fromkeys(PLAYERS, "player")
BLOCKS = {
    "address", "article", "aside", "center", "dd", "details", "dialog", "div", "dl", "fieldset",
    "figcaption", "footer", "form", "header", "hgroup", "legend", "li", "main", "nav", "p", "pre",
    "section", "summary",
}  # fmt: skip
TABLES = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
OTHERS = {"blockquote", "br", "figure", "hr", "img", "source"}
TAGS = {*HEADINGS, *INLINE, *BOLD, *LISTS, *PLAYERS, *BLOCKS, *TABLES, *OTHERS}
ADDRESSES = {"cite", "data", "data-lazy-src", "data-original", "data-src", "href", "src", "srcset"}
ATTRIBUTES = {"*": {"hidden", "style", "title", *ADDRESSES, "alt", "width", "height", "colspan"}}
ATTRIBUTES["*"] |= {"rowspan", "name", "value"}
UNSEEN = {"canvas", "noscript", "script", "select", "style", "template", "textarea", "title"}
SCHEMES = {"http", "https", "mailto", "tel", "file", "data"}

HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(html: str) -> BeautifulSoup:
    """Return the document without all that must never get in."""
    safe = nh3.clean(
        clean(html),
        tags=TAGS,
        clean_content_tags=UNSEEN,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    # Beautiful Soup takes words without a tag for the name of a file, and warns.
    return BeautifulSoup(f"<div>{safe}</div>", "html.parser")


def attribute(node: Tag, name: str) -> str:
    """Return an attribute's text; empty where it is missing."""
    return str(node.get(name) or "")


def is_hidden(node: Tag) -> bool:
    """Whether readers of the old page did not see the element."""
    return node.has_attr("hidden") or bool(HIDDEN.search(attribute(node, "style")))


def scheme_of(address: str) -> str:
    """Return an address's scheme; one that cannot be read has the scheme “?”."""
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return "?"


def path_of(address: str) -> str:
    """Return the part of an address that follows the host."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def lines_of(node: Tag, without: Tag | None = None) -> str:
    """Return the words of a quotation, its paragraphs apart."""
    left_out = {id(text) for text in without.find_all(string=True)} if without else set()
    parts: list[str] = [""]
    for child in node.descendants:
        if isinstance(child, Tag) and child.name in {"p", "div", "br", "footer", "section"}:
            parts.append("")
        elif isinstance(child, NavigableString) and id(child) not in left_out:
            parts[-1] += str(child)
    return "\n\n".join(words for part in parts if (words := " ".join(part.split())))


def follows(marked: Tag, node: Tag) -> bool:
    """Whether words of a quotation still come after what is marked as its source."""
    inside = {id(text) for text in marked.find_all(string=True)}
    within = {id(text) for text in node.find_all(string=True)}
    return any(
        id(text) in within and id(text) not in inside and text.strip(" \n\t.)")
        for text in marked.find_all_next(string=True)
    )
