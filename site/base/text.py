import re
from collections.abc import Sequence

LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)\S+", re.IGNORECASE)
BARE_HOST = re.compile(
    r"(?<![@\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|biz|ru|cn|xyz|top|shop|site|online|click"
    r"|live|club|win|bet|uk|io)\b",
    re.IGNORECASE,
)
# Further control characters, and marks that turn the words after them round (Unicode UAX 9), by
# which "fdp.exe" is read as "exe.pdf". A next line (U+0085) is a space.
DECEIVING = re.compile(r"[\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text without the characters that XML, and so a spreadsheet, cannot hold.

    Halves of a character (surrogates), which no database takes, are among them.

    Source: XML 1.0, production 2 (Char).
    """
    return UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return the text without line breaks, control characters and marks that turn words round."""
    return " ".join(DECEIVING.sub("", printable(text)).split())


def as_header(text: str) -> str:
    """Return the text as a mail's header takes it: one line, and shown as it is.

    What looks like an encoded word (RFC 2047) would be read as the characters that it stands for.
    """
    return one_line(text).replace("=?", "= ?")


def in_words(names: Sequence[str]) -> str:
    """Return the names as a sentence has them: “Ada, Bo and Cy”."""
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last


def links_in(text: str) -> list[str]:
    """Return the addresses of the web that the text holds, with or without http."""
    return LINK.findall(text) + BARE_HOST.findall(LINK.sub(" ", text))
