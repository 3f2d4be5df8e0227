"""Running text as pieces that know how they look: what rich text is written from."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

SPACES = re.compile(r"[ \t\r\n\f]+")
BREAK = "\n"


class Marks(NamedTuple):
    """How a piece of text looks, and where it leads."""

    bold: bool = False
    italic: bool = False
    href: str = ""


class Run(NamedTuple):
    """A piece of text. A break of the line is a run of its own."""

    text: str
    marks: Marks = Marks()


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Collapse white space as a browser does, and drop it at the ends and around breaks."""
    tidied: list[Run] = []
    for run in runs:
        text = run.text if run.text == BREAK else SPACES.sub(" ", run.text)
        after_space = not tidied or tidied[-1].text.endswith((" ", BREAK))
        if text != BREAK and after_space:
            text = text.lstrip(" ")
        if text == BREAK:
            _strip_end(tidied)
        if text:
            tidied.append(run._replace(text=text))
    while tidied and not tidied[0].text.strip():
        tidied.pop(0)
    while tidied and not tidied[-1].text.strip():
        tidied.pop()
    if tidied:
        tidied[0] = tidied[0]._replace(text=tidied[0].text.lstrip())
        tidied[-1] = tidied[-1]._replace(text=tidied[-1].text.rstrip())
    return tidied


def _strip_end(runs: list[Run]) -> None:
    while runs and runs[-1].text != BREAK and not runs[-1].text.rstrip(" "):
        runs.pop()
    if runs and runs[-1].text != BREAK:
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" "))


def paragraphs(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Split tidied text where two breaks follow each other: so older editors made paragraphs."""
    current: list[Run] = []
    breaks = 0
    for run in runs:
        if run.text == BREAK:
            breaks += 1
            continue
        if breaks > 1 and current:
            yield current
            current = []
        elif breaks and current:
            current.append(
                Run(BREAK, current[-1].marks if current[-1].marks == run.marks else Marks())
            )
        breaks = 0
        current.append(run)
    if current:
        yield current


def words(runs: Iterable[Run]) -> str:
    """Return the text alone, on one line."""
    return " ".join("".join(run.text for run in runs).split())


def html(runs: Iterable[Run]) -> str:
    """Write the text with the only tags that there are: b, i, a and br."""
    written = []
    for marks, group in groupby(runs, key=lambda run: run.marks):
        text = "".join(
            "<br/>" if run.text == BREAK else escape(run.text, quote=False) for run in group
        )
        if marks.italic:
            text = f"<i>{text}</i>"
        if marks.bold:
            text = f"<b>{text}</b>"
        if marks.href:
            text = f'<a href="{escape(marks.href)}">{text}</a>'
        written.append(text)
    return "".join(written)


def lines(runs: Iterable[Run]) -> str:
    """Write the text with its paragraphs on lines of their own, as in a list or a table."""
    return "<br/>".join(html(paragraph) for paragraph in paragraphs(tidy(runs)))
