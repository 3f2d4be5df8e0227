"""Writes a page's title on the site's ground, in the site's typeface."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

GROUND = Path(__file__).with_name("ground.png")
FONTS = Path(__file__).parent.parent / "static/base/fonts"
SIZE = (1200, 630)
INK = (49, 23, 56)
INK_SOFT = (96, 72, 96)
LEFT, WIDTH = 72, 680
TITLE_TOP, TITLE_BOTTOM = 122, 508
TITLE_SIZES = (84, 72, 62, 54, 46, 40)
LINE_HEIGHT = 1.12
COLOURS = 128

Font = ImageFont.FreeTypeFont


@cache
def font(name: str, size: int) -> Font:
    """Return one of the site's own fonts."""
    return ImageFont.truetype(FONTS / f"atkinson-{name}.woff2", size)


def part_of(sign: str) -> str | None:
    """Return which of the typeface's two files (css/10-fonts.css) holds a sign, if one does."""
    code = ord(sign)
    if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF or sign in "ıŒœ–—‘’‚“”„•…‹›€™−":
        return ""
    return "-ext" if 0x100 <= code <= 0x17F or 0x218 <= code <= 0x21B else None


def writable(text: str) -> str:
    """Return the text in one line, without what the typeface cannot write."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return " ".join("".join(sign for sign in composed if part_of(sign) is not None).split())


def can_draw(text: str) -> bool:
    """Whether most of the text would be there to read."""
    signs = sum(sign.isalnum() for sign in text)
    return 0 < signs <= 2 * sum(sign.isalnum() for sign in writable(text))


def runs(text: str, weight: str, size: int) -> Iterator[tuple[str, Font]]:
    """Yield pieces of the text with the font that holds them."""
    for part, signs in groupby(text, part_of):
        yield "".join(signs), font(f"{weight}{part or ''}", size)


def length(text: str, weight: str, size: int) -> float:
    """Return how long a line would be, in pixels."""
    return sum(piece_font.getlength(piece) for piece, piece_font in runs(text, weight, size))


def wrap(text: str, size: int) -> list[str]:
    """Return the lines of a title; a word longer than a line is broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if length(longer, "700", size) <= WIDTH:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if length(lines[-1] + sign, "700", size) > WIDTH:
                lines.append("")
            lines[-1] += sign
    return lines


def fit(title: str) -> tuple[list[str], int]:
    """Return a title's lines and their size: the largest that fits, cut off where none does."""
    size = most = 0
    lines: list[str] = []
    for size in TITLE_SIZES:
        lines = wrap(title, size)
        most = int((TITLE_BOTTOM - TITLE_TOP) / (size * LINE_HEIGHT))
        if len(lines) <= most:
            return lines, size
    return [*lines[: most - 1], lines[most - 1].rstrip(" ,.;:") + "…"], size


def write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, weight: str, size: int, ink: tuple
) -> None:
    """Write one line whose baseline begins at a point."""
    x, y = at
    for piece, piece_font in runs(text, weight, size):
        pen.text((x, y), piece, font=piece_font, fill=ink, anchor="ls")
        x += piece_font.getlength(piece)


def draw(kind: str, title: str, organisation: str) -> bytes:
    """Return the picture as PNG."""
    with Image.open(GROUND) as ground:
        picture = ground.convert("RGB")
    pen = ImageDraw.Draw(picture)
    write(pen, (LEFT, 92), writable(kind), "400", 32, INK_SOFT)
    lines, size = fit(writable(title))
    for number, line in enumerate(lines):
        write(pen, (LEFT, TITLE_TOP + size + number * size * LINE_HEIGHT), line, "700", size, INK)
    write(pen, (LEFT, 570), writable(organisation), "700", 32, INK)
    file = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
