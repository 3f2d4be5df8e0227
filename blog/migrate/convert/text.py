"""Paragraphs and headings: what most of a post is made of."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from bs4.element import NavigableString, PageElement, Tag

from base.blocks.media import video_at

from . import quotations, runs
from .markup import BOLD, HEADINGS, INLINE, ITALIC, KINDS, attribute, is_hidden, path_of, scheme_of
from .runs import BREAK, Marks, Run

LINKS = {"http", "https", "mailto", "tel"}
DEEPEST = 60
LONGEST_HEADING = 120
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Picture:
    """A picture in the text, before it is fetched."""

    src: str
    alt: str = ""
    caption: str = ""


@dataclass
class Converted:
    """The text of a post: blocks in their raw form, pictures still to be fetched, and notes."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class TextWriter:
    """Writes text down as blocks: the state, and what every kind of element needs."""

    def __init__(self, base: str, title: str) -> None:
        self.base = base
        self.title = title
        self.result = Converted()
        self.line: list[Run] = []
        self.text: list[str] = []
        self.quoted: list[Run] | None = None

    def finish(self) -> Converted:
        """Return the blocks, with their headings in order."""
        self.end_text()
        level_headings(self.result.blocks)
        return self.result

    def end_line(self) -> None:
        """End the paragraph: what is in it may be a quotation, a video or plain text."""
        line, self.line = runs.tidy(self.line), []
        for paragraph in runs.paragraphs(line):
            self.add_paragraph(paragraph)

    def add_paragraph(self, paragraph: list[Run]) -> None:
        """Add a paragraph, as the block that it is."""
        text = runs.words(paragraph)
        if not text:
            return
        if self.quoted is not None:
            before, self.quoted = self.quoted, None
            block = quotations.from_two_paragraphs(before, paragraph)
            if block:
                self.text.pop()
                self.add_block(block)
                return
        block = quotations.from_paragraph(paragraph)
        if block:
            self.add_block(block)
        elif " " not in text and video_at(text):
            self.add_video(text, "")
        else:
            self.text.append(f"<p>{runs.html(paragraph)}</p>")
            self.quoted = paragraph if quotations.is_quoted(paragraph) else None

    def end_text(self) -> None:
        """End the text block."""
        self.end_line()
        self.quoted = None
        if self.text:
            self.result.blocks.append({"type": "paragraph", "value": "".join(self.text)})
            self.text = []

    def add_block(self, block: dict[str, Any]) -> None:
        """Add a block of its own between the texts."""
        self.end_text()
        self.result.blocks.append(block)

    def add_video(self, address: str, title: str) -> None:
        """Add a video from YouTube or Vimeo."""
        video = video_at(address)
        if video is None:
            return
        if not title:
            title = f"Video on {video.host}"
            self.note(f"Say what the video {video.page} shows.")
        value = {"url": video.page, "title": title[:LONGEST_TITLE], "transcript": ""}
        self.add_block({"type": "video", "value": value})

    def note(self, text: str) -> None:
        """Remember what somebody should look at."""
        if text not in self.result.notes:
            self.result.notes.append(text)

    def children(self, node: Tag, marks: Marks, depth: int) -> None:
        """Go through everything inside an element."""
        for child in node.children:
            self.visit(child, marks, depth + 1)

    def visit(self, node: PageElement, marks: Marks, depth: int) -> None:
        """Write down one element or piece of text."""
        if isinstance(node, NavigableString):
            self.line.append(Run(str(node).replace("\xa0", " "), marks))
        elif isinstance(node, Tag) and not is_hidden(node):
            if depth > DEEPEST:
                self.line.append(Run(node.get_text(" "), marks))
            else:
                self.element(node, marks, depth)

    def element(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down an element by its kind; an unknown one is a paragraph."""
        name = node.name
        if name in INLINE:
            self.children(node, self.marked(node, marks), depth)
        elif name == "br":
            self.line.append(Run(BREAK, marks))
        elif handler := getattr(self, f"visit_{KINDS.get(name, name)}", None):
            handler(node, marks, depth)
        else:
            self.block(node, marks, depth)

    def block(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down what begins and ends on a line of its own."""
        self.end_line()
        self.children(node, self.marked(node, marks), depth)
        self.end_line()

    def marked(self, node: Tag, marks: Marks) -> Marks:
        """Add what the element says about how its text looks."""
        if node.name in BOLD:
            return marks._replace(bold=True)
        if node.name in ITALIC:
            return marks._replace(italic=True)
        if node.name == "a":
            return marks._replace(href=self.link(attribute(node, "href")) or marks.href)
        return marks

    def link(self, href: str) -> str:
        """Return the full address that a link leads to; empty where it leads nowhere."""
        if not href.strip() or href.strip().startswith("#"):
            return ""
        address = self.full(href)
        scheme = scheme_of(address)
        if scheme == "file" or (not scheme and address.startswith("/")):
            return path_of(address)
        return address if scheme in LINKS else ""

    def full(self, address: str) -> str:
        """Return an address with what the document's own address adds to it."""
        try:
            return urljoin(self.base, address.strip()) if address.strip() else ""
        except ValueError:
            return ""

    def visit_pre(self, node: Tag, marks: Marks, depth: int) -> None:
        """Keep the lines of preformatted text."""
        self.end_line()
        for number, line in enumerate(node.get_text().strip("\n").split("\n")):
            self.line += [Run(BREAK, marks)] * bool(number) + [Run(line, marks)]
        self.end_line()

    def visit_hr(self, node: Tag, marks: Marks, depth: int) -> None:
        """End a paragraph where a line was drawn."""
        self.end_line()

    def visit_source(self, node: Tag, marks: Marks, depth: int) -> None:
        """Pass over one of the ways to play a video; the player names the best."""

    def visit_heading(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down a heading; one that is too long for a heading is a bold paragraph."""
        pictures = [child for child in node.find_all("img") if isinstance(child, Tag)]
        text = " ".join(node.get_text().split())
        is_title = self.title and text.casefold() == self.title.casefold()
        if text and not is_title:
            if len(text) > LONGEST_HEADING:
                self.end_line()
                self.line.append(Run(text, marks._replace(bold=True)))
                self.end_line()
            else:
                value = {"text": text, "level": node.name}
                self.add_block({"type": "heading", "value": value})
        for picture in pictures:
            self.element(picture, marks, depth)


def level_headings(blocks: list[dict[str, Any]]) -> None:
    """Make the post's largest headings h2 and all below them h3, none above its first h2."""
    values = [block["value"] for block in blocks if block["type"] == "heading"]
    largest = min((HEADINGS[value["level"]] for value in values), default=0)
    seen_large = False
    for value in values:
        is_large = HEADINGS[value["level"]] == largest or not seen_large
        seen_large = True
        value["level"] = "h2" if is_large else "h3"
