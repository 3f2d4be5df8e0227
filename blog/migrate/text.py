import html
import re

import nh3

from base.text import printable

TAG = re.compile(r"<[a-zA-Z/!?]")
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
HEAD = 4_096
BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
PARAGRAPH = re.compile(r"</?(?:p|div|blockquote|ul|ol|li)\b[^>]*>", re.IGNORECASE)
BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return the text without what no database, no page and no feed can hold."""
    return printable(text.encode("utf-8", "replace").decode())


def plain(text: str) -> str:
    """Return the words of a piece of HTML, on one line."""
    return " ".join(_words(text).split())


def plain_lines(text: str) -> str:
    """Return the words of a piece of HTML with its lines and paragraphs."""
    text = PARAGRAPH.sub("\n\n", BREAK.sub("\n", text.replace("\r\n", "\n")))
    lines = (" ".join(line.split()) for line in _words(text).split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _words(text: str) -> str:
    text = clean(text)
    if TAG.search(text) or "&" in text:
        text = html.unescape(nh3.clean(text, tags=set()))
    return clean(text)


def decode(data: bytes) -> str:
    """Read the bytes of a page in the encoding that they are in, whatever they say of themselves.

    What reads as UTF-8 is UTF-8: no other text does by chance.
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    declared = CHARSET.search(data[:HEAD])
    encodings = ["utf-8-sig", *([declared[1].decode("ascii", "replace")] if declared else [])]
    for encoding in encodings:
        # As browsers do: what calls itself Latin-1 is Windows-1252.
        known = "windows-1252" if encoding.lower() in {"iso-8859-1", "latin-1"} else encoding
        try:
            return data.decode(known)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("windows-1252", "replace")
