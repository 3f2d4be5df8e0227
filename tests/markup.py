"""Reads pages as a browser and a screen reader would, and says what is wrong with them."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
PLACEHOLDERS = re.compile(
    r"lorem ipsum|\btodo\b|\btbc\b|\bxxx+\b|placeholder text|your text here|welcome to my blog"
    r"|sample text|untitled|\{\{|\{%",
    re.IGNORECASE,
)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def read(html: str | bytes) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def words(tag: Tag) -> str:
    """What a screen reader says for a part of the page."""
    pictures = [str(image.get("alt", "")) for image in tag.find_all("img")]
    return " ".join(
        [tag.get_text(" ", strip=True), *pictures, str(tag.get("aria-label", ""))]
    ).strip()


def heading_faults(page: BeautifulSoup) -> Iterator[str]:
    before = 0
    levels = [(int(tag.name[1]), words(tag)) for tag in page.find_all(HEADINGS)]
    if [level for level, _ in levels].count(1) != 1:
        yield f"has {[level for level, _ in levels].count(1)} h1"
    for level, text in levels:
        if not text:
            yield f"has an empty h{level}"
        # The headings of header and footer stand outside the page's own order.
        if level > before + 1:
            yield f"jumps from h{before} to h{level} at “{text}”"
        before = level


def link_faults(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(["a", "button"]):
        if not words(tag):
            yield f"has an empty link or button: {tag}"
    for tag in page.find_all("a"):
        if not tag.get("href"):
            yield f"has a link that leads nowhere: {tag}"


def picture_faults(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all("img"):
        if not tag.has_attr("alt"):
            yield f"has a picture without alt: {tag}"
        if not (tag.get("width") and tag.get("height")):
            yield f"has a picture without its size: {tag}"


def inline_faults(page: BeautifulSoup) -> Iterator[str]:
    """What the Content-Security-Policy would refuse."""
    for tag in page.find_all(style=True):
        yield f"has a style attribute: <{tag.name} style={tag['style']!r}>"
    for tag in page.find_all("style"):
        yield f"has an inline style sheet: {tag}"
    for tag in page.find_all("script"):
        if not tag.get("src") and tag.get("type") != "application/ld+json":
            yield f"has an inline script: {tag}"
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            if name.startswith("on") or str(value).strip().lower().startswith("javascript:"):
                yield f"has an inline script: <{tag.name} {name}={value!r}>"


def resources(page: BeautifulSoup) -> Iterator[str]:
    """Every address that the browser asks for by itself."""
    for tag in page.find_all(["img", "script", "source", "iframe", "video", "audio", "embed"]):
        for name in ("src", "srcset"):
            for part in str(tag.get(name, "")).split(","):
                if part.strip():
                    yield part.split()[0]
    for tag in page.find_all("link"):
        if set(tag.get("rel", [])) & {"stylesheet", "preload", "icon", "manifest", "modulepreload"}:
            yield str(tag.get("href"))
    for tag in page.find_all("use"):
        yield str(tag.get("href"))


def resource_faults(page: BeautifulSoup) -> Iterator[str]:
    for address in resources(page):
        if not address.startswith("/") or address.startswith("//"):
            yield f"loads {address}"


def word_faults(page: BeautifulSoup) -> Iterator[str]:
    if match := PLACEHOLDERS.search(page.get_text(" ")):
        yield f"says “{match[0]}”"
    for text in page.stripped_strings:
        if text in ("None", "nan", "True", "False"):
            yield f"shows a bare “{text}”"


def id_faults(page: BeautifulSoup) -> Iterator[str]:
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    for name in {name for name in ids if ids.count(name) > 1}:
        yield f"has the id “{name}” twice"
    for attribute in ("aria-labelledby", "aria-describedby", "for"):
        for tag in page.find_all(attrs={attribute: True}):
            for name in str(tag[attribute]).split():
                if name not in ids:
                    yield f"refers to “{name}” ({attribute}), which is not there"


def field_faults(page: BeautifulSoup) -> Iterator[str]:
    """What a browser would not show to whoever typed it."""
    for tag in page.find_all("input", type="number"):
        if not NUMBER.fullmatch(str(tag.get("value", "0"))):
            yield f"has a field for numbers that loses “{tag['value']}”"


def head_faults(page: BeautifulSoup) -> Iterator[str]:
    if not page.title or not page.title.get_text(strip=True):
        yield "has no title"
    if page.html is None or page.html.get("lang") != "en-GB":
        yield "does not say that it is in British English"
    is_hidden = page.find("meta", attrs={"name": "robots", "content": "noindex"})
    description = page.find("meta", attrs={"name": "description"})
    if not is_hidden and not (description and str(description.get("content", "")).strip()):
        yield "has no description"


ALL = {
    "headings": heading_faults,
    "links": link_faults,
    "pictures": picture_faults,
    "inline": inline_faults,
    "resources": resource_faults,
    "words": word_faults,
    "ids": id_faults,
    "fields": field_faults,
    "head": head_faults,
}


def faults(html: str | bytes) -> list[str]:
    page = read(html)
    return [fault for find in ALL.values() for fault in find(page)]
