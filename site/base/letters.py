"""A mail's words as HTML, so that they are written once.

What a reader of plain text takes for a list, a table or a link is made one: lines that begin with
"- ", paragraphs of "Name: value" lines, and a line that ends with ":" above an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.template.loader import render_to_string

FACT = re.compile(r"([^:\n]{1,40}): (.+)")
LINK = re.compile(r"(?P<label>[^\n]+):\n(?P<address>https?://\S+)")
ITEM = "- "


@dataclass(frozen=True)
class Part:
    """A paragraph: of which kind, and what it holds."""

    kind: str
    text: str = ""
    label: str = ""
    items: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)


def part_of(paragraph: str) -> Part:
    """Return what a paragraph of a letter is."""
    lines = paragraph.split("\n")
    if link := LINK.fullmatch(paragraph):
        return Part("link", text=link["address"], label=link["label"])
    if all(line.startswith(ITEM) for line in lines):
        return Part("list", items=[line.removeprefix(ITEM) for line in lines])
    facts = [FACT.fullmatch(line) for line in lines]
    if len(lines) > 1 and all(facts):
        return Part("facts", facts=[(fact[1], fact[2]) for fact in facts if fact])
    return Part("text", text=paragraph)


def as_html(subject: str, text: str) -> str:
    """Return a letter as an HTML page, for programs that show mails so."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    parts = [part_of(paragraph) for paragraph in paragraphs]
    return render_to_string("base/mail/letter.html", {"subject": subject, "parts": parts})
