import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

LONGEST_ID = 500


@dataclass(frozen=True)
class SourceComment:
    """What a reader wrote below an old post, in plain words.

    `parent` is the id of the comment that began the thread, where that is another one.
    """

    source_id: str
    author: str
    text: str
    email: str = ""
    published: datetime | None = None
    is_approved: bool = True
    parent: str = ""


@dataclass(frozen=True)
class SourcePost:
    """One old post, as its source tells it. Title and names are plain text, the rest is HTML.

    `base` is what relative addresses in it are relative to; `address` is where it was read, and
    empty where nobody knows. `author` is the byline, `authors` the names in it where there are
    several. What is not `is_whole` is only the beginning of a post.
    """

    source_id: str
    title: str
    html: str
    author: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    summary: str = ""
    topics: tuple[str, ...] = ()
    comments: tuple[SourceComment, ...] = ()
    address: str = ""
    base: str = ""
    picture: str = ""
    picture_alt: str = ""
    is_public: bool = True
    is_whole: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who wrote it."""
        return self.authors or ((self.author,) if self.author else ())

    @property
    def can_be_published(self) -> bool:
        """Whether visitors may see it: it was public there, and all of it is here."""
        return self.is_public and self.is_whole

    @property
    def fingerprint(self) -> str:
        """A short text that changes when the post does, wherever its source was read from.

        New comments do not change a post.
        """
        fields = asdict(replace(self, comments=()))
        for derived in ("base", "authors", "is_whole"):
            del fields[derived]
        content = json.dumps(fields, sort_keys=True, default=str)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class BadItem:
    """An item that could not be read, and why."""

    name: str
    reason: str


def short_id(source_id: str) -> str:
    """Return an id that fits its column: itself, or a digest of what is longer."""
    if len(source_id) <= LONGEST_ID:
        return source_id
    return "sha256:" + hashlib.sha256(source_id.encode()).hexdigest()
