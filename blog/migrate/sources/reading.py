import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from functools import cached_property
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from ..archives import unpack
from ..errors import UnreadableError
from ..fetching import Fetcher
from .feeds import count_entries, read_feed
from .items import BadItem, SourcePost
from .saved_pages import find_feed, read_page
from .wordpress import count_posts, read_export

MAX_BYTES = 100 * 1024 * 1024
LOOK_AHEAD = 16_384
XML = {".atom", ".rss", ".xml"}
PAGES = {".htm", ".html", ".xhtml"}
PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"}
FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
PAGE = re.compile(rb"<!doctype html|<html|<body|<article", re.IGNORECASE)
REST = "The rest of the file"
REST_IS_LOST = "The posts before this place were read."


class Kind(Enum):
    """What a file is."""

    PAGE = auto()
    EXPORT = auto()
    FEED = auto()


@dataclass(frozen=True)
class Part:
    """One file of a source: its bytes are read when their turn comes."""

    name: str
    path: Path | None = None
    data: bytes = b""
    address: str = ""

    def open(self) -> BinaryIO:
        """Open the content. Raises UnreadableError."""
        if self.path is None:
            return BytesIO(self.data)
        if self.path.stat().st_size > MAX_BYTES:
            raise UnreadableError(f"{self.name} is larger than {MAX_BYTES // 1_048_576} MB.")
        return self.path.open("rb")


@dataclass
class Source:
    """Where posts come from: files, and the folder in which their pictures may be."""

    parts: list[Part]
    folder: Path | None = None
    has_folder: bool = False

    def items(self) -> Iterator[SourcePost | BadItem]:
        """Read every post. What is wrong with one file concerns that file alone.

        The posts of a file come oldest first, so that most links lead to a post that is there.
        """
        for part in self.parts:
            try:
                yield from oldest_first(read_part(part))
            except UnreadableError as error:
                if len(self.parts) == 1:
                    raise
                yield BadItem(part.name, str(error))
            except OSError as error:
                yield BadItem(part.name, f"It cannot be read: {error}.")

    def count(self) -> int:
        """Return how many posts there seem to be, for a progress bar."""
        return sum(count_part(part) for part in self.parts)

    def picture_file(self, address: str) -> Path | None:
        """Return the file that a picture's address means, if it came along with the posts."""
        if self.folder is None:
            return None
        steps = [step for step in unquote(urlsplit(address).path).split("/") if step]
        for start in range(len(steps)):
            path = self.folder.joinpath(*steps[start:])
            if self._is_inside(path):
                return path
        named = self._pictures.get(steps[-1].lower(), []) if steps else []
        return named[0] if len(named) == 1 else None

    @cached_property
    def _pictures(self) -> dict[str, list[Path]]:
        """The pictures of the folder by name. Beside a single file, nobody goes looking."""
        found: dict[str, list[Path]] = {}
        if self.folder is not None and self.has_folder:
            for path in self.folder.rglob("*"):
                if path.suffix.lower() in PICTURES and self._is_inside(path):
                    found.setdefault(path.name.lower(), []).append(path)
        return found

    def _is_inside(self, path: Path) -> bool:
        try:
            inside = self.folder is not None and path.resolve().is_relative_to(
                self.folder.resolve()
            )
            return inside and path.is_file()
        except (OSError, ValueError):
            return False


def oldest_first(items: Iterator[SourcePost | BadItem]) -> Iterator[SourcePost | BadItem]:
    """Yield posts by their date. They wait on the disk: memory does not grow with their number.

    Where reading fails, the posts before that place are yielded, and what happened last.
    """
    with TemporaryFile() as waiting:
        places: list[tuple[datetime, int]] = []
        fault = None
        try:
            for item in items:
                places.append((age(item), waiting.tell()))
                pickle.dump(item, waiting)
        except UnreadableError as error:
            if not places:
                raise
            fault = BadItem(REST, f"{error} {REST_IS_LOST}")
        for _, place in sorted(places):
            waiting.seek(place)
            yield pickle.load(waiting)  # noqa: S301  # what was written above
        if fault:
            yield fault


def age(item: SourcePost | BadItem) -> datetime:
    """Return what posts are sorted by; those without a date come last."""
    published = item.published if isinstance(item, SourcePost) else None
    return published or datetime.max.replace(tzinfo=UTC)


def kind_of(stream: BinaryIO) -> Kind:
    """Say what a file is, by what is in it and not by its name."""
    head = stream.read(LOOK_AHEAD).replace(b"\x00", b"")  # UTF-16 is mostly that
    stream.seek(0)
    feed, page = FEED.search(head), PAGE.search(head)
    if page and not (feed and feed.start() < page.start()):
        return Kind.PAGE
    return Kind.EXPORT if b"wordpress.org/export" in head else Kind.FEED


def read_part(part: Part) -> Iterator[SourcePost | BadItem]:
    """Read the posts of one file."""
    with part.open() as stream:
        match kind_of(stream):
            case Kind.PAGE:
                yield from read_page(stream.read(), part.name, part.address)
            case Kind.EXPORT:
                yield from read_export(stream)
            case Kind.FEED:
                yield from read_feed(stream, part.address)


def count_part(part: Part) -> int:
    """Return how many posts one file seems to hold; a page mostly holds one."""
    try:
        with part.open() as stream:
            kind = kind_of(stream)
            if kind is Kind.EXPORT:
                return count_posts(stream)
            return count_entries(stream) if kind is Kind.FEED else 1
    except (OSError, UnreadableError):
        return 1


@contextmanager
def open_source(location: str, fetcher: Fetcher) -> Iterator[Source]:
    """Open a file, an archive, a folder or an address. Raises UnreadableError."""
    if re.match(r"[a-z][a-z0-9+.-]+://", location, re.IGNORECASE):
        try:
            part = fetch_part(location, fetcher)
        except UnreadableError as error:
            raise UnreadableError(f"{location}: {error}") from error
        yield Source([part])
        return
    path = Path(location)
    if path.is_dir():
        yield folder_source(path)
    elif not path.is_file():
        raise UnreadableError(f"There is no file or folder “{location}”.")
    else:
        with path.open("rb") as file:
            is_archive = file.read(4) == b"PK\x03\x04"
        if not is_archive:
            yield Source([Part(path.name, path)], path.parent)
            return
        with TemporaryDirectory(prefix="posts-") as folder:
            unpack(path, Path(folder))
            yield folder_source(Path(folder))


def folder_source(folder: Path) -> Source:
    """Return everything in a folder: feeds and exports first, then saved pages."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    kinds = [[path for path in paths if path.suffix.lower() in kind] for kind in (XML, PAGES)]
    parts = [Part(path.relative_to(folder).as_posix(), path) for kind in kinds for path in kind]
    if not parts:
        raise UnreadableError("There is no web feed, WordPress export or saved page in it.")
    return Source(parts, folder, has_folder=True)


def fetch_part(address: str, fetcher: Fetcher) -> Part:
    """Fetch a feed, an export or a page; a page without a post may name the feed to read."""
    data, address = fetcher.get(address, MAX_BYTES)
    part = Part(address, data=data, address=address)
    if FEED.search(data[:LOOK_AHEAD]):
        return part
    feed = find_feed(data, address)
    if feed and all(isinstance(item, BadItem) for item in read_page(data, address, address)):
        data, feed = fetcher.get(feed, MAX_BYTES)
        return Part(feed, data=data, address=feed)
    return part
