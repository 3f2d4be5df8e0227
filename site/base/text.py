import re

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text without the control characters that XML, and so a spreadsheet, cannot hold.

    Source: XML 1.0, production 2 (Char).
    """
    return UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return the text without line breaks and control characters, as a mail's header takes it."""
    return " ".join(printable(text).split())
