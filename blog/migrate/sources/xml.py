from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ..errors import UnreadableError

ATOM = "http://www.w3.org/2005/Atom"
BASE = "{http://www.w3.org/XML/1998/namespace}base"

UNSAFE = (
    "This file declares XML entities, which can be used to attack whoever reads it. "
    "Please export it again."
)


class NotWellFormedError(UnreadableError):
    """XML with mistakes, which a lenient reader may still make sense of."""


def parts(data: bytes, *names: str) -> Iterator[tuple[str, Element]]:
    """Yield every element of these names with the base address of the document, one at a time.

    What was yielded is emptied before the next comes, so memory does not grow with the document.
    Entities are refused, never expanded.
    """
    ancestors: list[Element] = []
    base = ""
    inside = 0
    try:
        for event, element in iterparse(BytesIO(data), ("start", "end")):
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
