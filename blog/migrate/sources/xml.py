import codecs
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from base.text import printable

from ..errors import UnreadableError

ATOM = "http://www.w3.org/2005/Atom"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
DECLARED = re.compile(rb"""\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
REFERENCE = re.compile(r"&#(?:x(?P<hex>[0-9a-f]{1,8})|(?P<decimal>[0-9]{1,10}));", re.IGNORECASE)
LONGEST_REFERENCE = 14
HEAD = 1_024

UNSAFE = (
    "This file declares XML entities, which can be used to attack whoever reads it. "
    "Please export it again."
)


class NotWellFormedError(UnreadableError):
    """XML with mistakes, which a lenient reader may still make sense of."""


def parts(stream: BinaryIO, *names: str) -> Iterator[tuple[str, Element]]:
    """Yield every element of these names with the base address of the document, one at a time.

    The file is read as it goes, and what was yielded is emptied before the next comes, so memory
    does not grow with the document. Entities are refused, never expanded.
    """
    stream.seek(0)
    text = LegalText(stream)
    ancestors: list[Element] = []
    base = ""
    inside = 0
    try:
        for event, element in iterparse(text, ("start", "end")):
            wanted = element.tag.rpartition("}")[2] in names
            if event == "start":
                base = base or ("" if inside else element.get(BASE, ""))
                ancestors.append(element)
                inside += wanted
                continue
            ancestors.pop()
            inside -= wanted
            if inside:
                continue
            if wanted:
                yield base, element
            if ancestors:
                ancestors[-1].clear()
    except DefusedXmlException as error:
        raise UnreadableError(UNSAFE) from error
    except (ParseError, ValueError, LookupError) as error:
        raise NotWellFormedError(f"This is not well-formed XML: {error}.") from error
    finally:
        text.detach()


class LegalText:
    """The text of an XML file, read piece by piece, without the characters that XML forbids.

    Bytes that are not in the file's encoding are read as Windows-1252, where they mostly come from.
    """

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(HEAD)
        stream.seek(0)
        self.text = TextIOWrapper(stream, encoding_of(head), "windows-1252", newline="")
        self.held_back = ""
        self.has_begun = False

    def read(self, size: int) -> str:
        """Return the next piece; an empty one at the end."""
        while piece := self.text.read(size):
            piece = self._whole(self.held_back + piece)
            if not self.has_begun:
                piece = piece.lstrip()
            if piece := _legal(piece):
                self.has_begun = True
                return piece
        rest, self.held_back = self.held_back, ""
        return _legal(rest)

    def detach(self) -> None:
        """Leave the file open for whoever reads it next."""
        self.text.detach()

    def _whole(self, piece: str) -> str:
        """Hold a reference back that the end of the piece cuts in two."""
        start = piece.rfind("&", max(0, len(piece) - LONGEST_REFERENCE))
        end = len(piece) if start < 0 or ";" in piece[start:] else start
        self.held_back = piece[end:]
        return piece[:end]


def encoding_of(head: bytes) -> str:
    """Return the encoding of an XML file, from how it begins."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:2] in {b"<\x00", b"\x00<"}:
        return "utf-16-le" if head.startswith(b"<") else "utf-16-be"
    declared = DECLARED.match(head)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        b"".decode(name)
    except (LookupError, UnicodeError):
        return "utf-8-sig"
    known = codecs.lookup(name).name
    # As browsers do: what calls itself Latin-1 is Windows-1252.
    return {"iso8859-1": "cp1252", "utf-8": "utf-8-sig", "utf-16": "utf-8-sig"}.get(known, known)


def _legal(text: str) -> str:
    return REFERENCE.sub(_legal_reference, printable(text))


def _legal_reference(match: re.Match[str]) -> str:
    number = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    is_character = number in {0x9, 0xA, 0xD} or 0x20 <= number <= 0x10FFFF
    is_forbidden = 0xD800 <= number <= 0xDFFF or number in {0xFFFE, 0xFFFF}
    return match[0] if is_character and not is_forbidden else ""


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows_1252)


def as_document(element: Element) -> bytes:
    """Wrap one entry of a feed up as a feed of its own."""
    entry: bytes = tostring(element, "utf-8")
    entry = entry.partition(b"?>")[2] if entry.startswith(b"<?xml") else entry
    if element.tag == f"{{{ATOM}}}entry":
        return b'<feed xmlns="%s">%s</feed>' % (ATOM.encode(), entry)
    return b'<rss version="2.0"><channel>%s</channel></rss>' % entry


def find_all(element: Element, name: str) -> list[Element]:
    """Return the children of a local name, whatever their namespace says of its version."""
    return [child for child in element if child.tag.rpartition("}")[2] == name]
