"""From a source's post to what its page will hold. Nothing here writes to the database."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator

from blog.models import BlogPage

from .convert import Picture, convert
from .pictures import Pictures
from .sources import SourcePost
from .text import plain

LONGEST_TITLE = 255
LONGEST_BYLINE = 100
LONGEST_INTRO = 300
LONGEST_TOPIC = 60
SHORTEST_SUMMARY = 20
WORDS_OF_TITLE = 10
SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*(?=\s|$)")
BEGINNING = (
    "The feed holds only the beginning: it stays a draft. Import the saved page of the post, or "
    "add the rest yourself."
)
NOT_TOPICS = {"uncategorised", "uncategorized", "none", ""}


class ItemError(Exception):
    """A post that cannot be brought in; the message tells staff why."""


@dataclass
class Prepared:
    """What a page will hold, still with the addresses of its pictures, and notes for staff."""

    title: str
    intro: str
    published: datetime
    blocks: list[dict[str, Any]]
    names: tuple[str, ...] = ()
    topics: list[str] = field(default_factory=list)
    picture: Picture | None = None
    missing_pictures: int = 0
    notes: list[str] = field(default_factory=list)

    @cached_property
    def words(self) -> int:
        """How many words the text has, as a page counts its own."""
        text = [block for block in self.blocks if block["type"] != "picture"]
        return BlogPage(body=check_blocks(text)).word_count if text else 0


def prepare(item: SourcePost, pictures: Pictures) -> Prepared:
    """Turn a post into what its page will hold. Raises ItemError.

    Every picture is fetched and decoded here; those that cannot be shown are left out and noted.
    """
    converted = convert(item.html or item.summary, item.base or item.address, item.title)
    prepared = Prepared(
        title=shortened(item.title, LONGEST_TITLE),
        intro="",
        published=item.published or timezone.now(),
        blocks=converted.blocks,
        names=item.names,
        topics=topic_names(item.topics),
        notes=list(converted.notes),
    )
    if not item.published:
        prepared.notes.append("The source gives no date: it has today’s.")
    _choose_pictures(prepared, item, pictures)
    words = words_of(prepared.blocks)
    if not prepared.blocks:
        raise ItemError("It has no text.")
    if not prepared.title:
        prepared.title = Truncator(words or "Untitled").words(WORDS_OF_TITLE, truncate="…")
        prepared.notes.append("The source gives no title: it begins like the text.")
    summary = plain(item.summary) if item.html else ""
    real = summary if len(summary) >= SHORTEST_SUMMARY else ""
    prepared.intro = introduction(real or words or prepared.title)
    if not item.is_public:
        prepared.notes.append("It was not public there: it stays a draft.")
    if not item.is_whole:
        prepared.notes.append(BEGINNING)
    if text := [block for block in prepared.blocks if block["type"] != "picture"]:
        check_blocks(text)
    return prepared


def check_blocks(blocks: list[dict[str, Any]]) -> Any:
    """Return the blocks as an editor's form would have them. Raises ItemError."""
    stream_block = BlogPage._meta.get_field("body").stream_block
    try:
        return stream_block.clean(stream_block.to_python(blocks))
    except ValidationError as error:
        raise ItemError(f"Its text does not fit this site’s blocks: {error}.") from error


def _choose_pictures(prepared: Prepared, item: SourcePost, pictures: Pictures) -> None:
    """Leave out what is no picture, and note what is missing or not described."""
    kept = []
    for block in prepared.blocks:
        if block["type"] == "picture" and not _is_good(block["value"], prepared, pictures):
            continue
        kept.append(block)
    prepared.blocks = kept
    in_text = {block["value"].src for block in kept if block["type"] == "picture"}
    if item.picture and item.picture not in in_text:
        picture = Picture(item.picture, item.picture_alt)
        if _is_good(picture, prepared, pictures):
            prepared.picture = picture


def _is_good(picture: Picture, prepared: Prepared, pictures: Pictures) -> bool:
    verdict = pictures.check(picture.src, picture.alt)
    name = shortened(picture.src, 120)
    if verdict.reason:
        prepared.missing_pictures += 1
        prepared.notes.append(f"The picture {name} was left out. {verdict.reason}")
    elif verdict.file_hash and not picture.alt and pictures.needs_description(verdict):
        prepared.notes.append(f"The picture {name} needs a description.")
    return bool(verdict.file_hash)


def topic_names(names: tuple[str, ...]) -> list[str]:
    """Return the names of topics, each once, whatever its capitals."""
    found = {
        name.casefold(): shortened(name, LONGEST_TOPIC)
        for name in reversed(names)
        if name.casefold() not in NOT_TOPICS
    }
    return list(reversed(found.values()))


def words_of(blocks: list[dict[str, Any]]) -> str:
    """Return the first running text of a post: a paragraph, or else any other words."""
    for kind, key in (("paragraph", None), ("quotation", "text"), ("heading", "text")):
        for block in blocks:
            if block["type"] == kind:
                value = block["value"] if key is None else block["value"][key]
                return plain(re.sub(r"</(?:p|li)>|<br/>", " ", value) if key is None else value)
    return ""


def introduction(text: str) -> str:
    """Return the first sentences of a text, as many as fit; cut at a word where none does."""
    if len(text) <= LONGEST_INTRO:
        return text
    ends = [match.end() for match in SENTENCE_END.finditer(text[: LONGEST_INTRO + 1])]
    ends = [end for end in ends if end <= LONGEST_INTRO]
    return text[: ends[-1]] if ends else shortened(text, LONGEST_INTRO)


def shortened(text: str, length: int) -> str:
    """Return a text that fits, cut at the end of a word where there is one."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    whole = cut.rpartition(" ")[0] if " " in cut[length // 2 :] else cut
    return whole.rstrip(" ,;:–—-") + "…"
