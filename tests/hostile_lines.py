"""Five hundred values that would begin a header of their own, or show another one than there is."""

import itertools
import random
from base64 import b64encode
from collections.abc import Iterator

INTRUDER = "all@example.org"


def hostile_values() -> Iterator[str]:
    breaks = [
        *("\r\n", "\n", "\r", "\n\r", "\r\n\r\n", "\n\n", "\r\n ", "\r\n\t", "\n \n"),
        *("\x00", "\x00\r\n", "\r\n\x00", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x08", "\x7f"),
        *("\x85", "\u2028", "\u2029", "\u560d\u560a", "%0d%0a", "\\r\\n", "\ud800", "\udc0a"),
    ]
    headers = [
        *(f"{name}: {INTRUDER}" for name in ("Bcc", "bcc", "Cc", "To", "From", "Reply-To")),
        *("Subject: You won", "Content-Type: text/html", "MIME-Version: 1.0", "X-Priority: 1"),
        *("Content-Transfer-Encoding: base64", "List-Unsubscribe: <https://evil.example/>"),
        "--===============0000000000==\r\nContent-Type: text/html\r\n\r\n<b>You won</b>",
    ]
    for line_break, header in itertools.product(breaks, headers):
        yield f"Sam{line_break}{header}"
        yield f"{line_break}{header}{line_break}"
        yield f"Sam{line_break} folded{line_break}{header}{line_break}{line_break}You won"
    for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff":
        yield f"Sam {mark}gro.elpmaxe@lla"
        yield f"{mark}{INTRUDER}{mark}"
        yield f"Sam{mark}\r\nBcc: {INTRUDER}"
        yield f"Sam “é” {mark}fdp.exe"
        yield mark * 30 + "Sam"
    for header in ["", *headers]:
        for before in ("\n", "\r\n", "\x00", "\u202e"):
            inner = f"{before}{header}".encode()
            quoted = "".join(f"={byte:02X}" for byte in inner)
            yield f"=?utf-8?q?{quoted}?="
            yield f"Sam =?utf-8?Q?{quoted}?= Hill"
            yield f"=?UTF-8?B?{b64encode(inner).decode()}?="
            yield f"é =?utf-8?b?{b64encode(inner).decode()}?="
    for length in (60, 77, 79, 998, 1_000, 5_000):
        for filler in ("x", "é", "x ", "\u202e", "😀"):
            line = filler * (length // len(filler))
            yield line
            yield f"{line}\r\nBcc: {INTRUDER}"
            yield f"Sam\r\n {line}\r\nBcc: {INTRUDER}"
    yield from (
        f"Sam <{INTRUDER}>",
        f'Sam" <{INTRUDER}>, "',
        f"Sam, {INTRUDER}",
        f"Sam; {INTRUDER}",
    )
    yield from (
        f"Sam>\r\nRCPT TO:<{INTRUDER}",
        "Sam\r\n.\r\nQUIT",
        f"(Sam)\\\r\n{INTRUDER}",
        "{7*7}",
    )


# For fields that hold no more, such as a postcode.
SHORT = ["S\r\nBcc: a@b", "S\x00\r\nTo: a", "\u202e7\u202d7", "S\u2028B: a", "=?q?=0A?="]
LONG = list(dict.fromkeys(hostile_values()))
VALUES = SHORT + random.Random(2026).sample(LONG, 495)  # noqa: S311


def in_address(number: int, value: str) -> str:
    """A hostile value where an e-mail address is asked for."""
    forms = ("ada{}@example.org", "ada@example.org{}", '"ada{}"@example.org', "ada@{}example.org")
    return forms[number % 4].format(value)
