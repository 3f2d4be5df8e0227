import re

LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)\S+", re.IGNORECASE)
BARE_HOST = re.compile(
    r"(?<![@\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|biz|ru|cn|xyz|top|shop|site|online|click"
    r"|live|club|win|bet|uk|io)\b",
    re.IGNORECASE,
)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text without the characters that XML, and so a spreadsheet, cannot hold.

    Halves of a character (surrogates), which no database takes, are among them.

    Source: XML 1.0, production 2 (Char).
    """
    return UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return the text without line breaks and control characters, as a mail's header takes it."""
    return " ".join(printable(text).split())


def links_in(text: str) -> list[str]:
    """Return the addresses of the web that the text holds, with or without http."""
    return LINK.findall(text) + BARE_HOST.findall(LINK.sub(" ", text))
