"""The whole of it: every kind of element, and quotations among them."""

import re
from typing import Any

from bs4.element import Tag

from . import quotations
from .markup import HEADINGS, LISTS, PLAYERS, attribute, follows, lines_of, parse
from .media import MediaWriter
from .runs import Marks
from .text import Converted


def convert(html: str, base: str = "", title: str = "") -> Converted:
    """Turn HTML into blocks. `base` is what its addresses are relative to.

    A heading that repeats the post's title is left out: the page shows it already.
    """
    converter = Converter(base, title)
    converter.children(parse(html), Marks(), 0)
    return converter.finish()


class Converter(MediaWriter):
    """Goes through a document once and writes down its blocks."""

    def visit_blockquote(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down a quotation, if it says who said it; else its words in quotation marks."""
        self.end_line()
        if node.find([*HEADINGS, *LISTS, *PLAYERS, "img", "table", "blockquote", "pre"]):
            self.block(node, marks, depth)
            return
        block = self.quotation(node)
        if block:
            self.add_block(block)
            return
        self.note("A quotation names no source.")
        strings = [text for text in node.find_all(string=True) if text.strip()]
        whole = " ".join(node.get_text(" ").split())
        if strings and whole[0] not in quotations.OPEN:
            strings[0].replace_with(f"“{strings[0].lstrip()}")
            last = [text for text in node.find_all(string=True) if text.strip()][-1]
            last.replace_with(f"{last.rstrip()}”")
        self.block(node, marks, depth)

    def quotation(self, node: Tag) -> dict[str, Any] | None:
        """Return a quotation block where the source is marked up, or written below the words."""
        inner = Converter(self.base, "")
        inner.children(node, Marks(), 0)
        inner.end_line()
        if [block["type"] for block in inner.result.blocks] == ["quotation"] and not inner.text:
            found: dict[str, Any] = inner.result.blocks[0]
            return found
        url = self.full(attribute(node, "cite"))
        marked = node.find(["cite", "footer"])
        if isinstance(marked, Tag) and not follows(marked, node):
            anchor = marked.find("a", href=True)
            url = url or (self.full(attribute(anchor, "href")) if isinstance(anchor, Tag) else "")
            source = " ".join(marked.get_text(" ").split())
            text = lines_of(node, marked)
        else:
            text, _, source = lines_of(node).rpartition("\n\n")
            if not re.match(r"[–—―-]", source) and not quotations.ATTRIBUTION.fullmatch(source):
                return None
        return quotations.attributed(text, source, url) if source else None
