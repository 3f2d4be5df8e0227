import base64
import binascii
import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from base.forms import ImageUploadField
from base.models import NEEDS_DESCRIPTION, CustomImage, User

from .errors import UnreadableError
from .fetching import Fetcher
from .sources import Source

NEEDS_DESCRIPTION_TAG = "needs description"
INLINE = re.compile(r"data:image/[a-z+.-]+;base64,(?P<content>[A-Za-z0-9+/=\s%]+)", re.IGNORECASE)
ENDINGS = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp"}
NO_PICTURE = "It is not a picture that the site can show."
SHORTEST_SIDE = 3
LONGEST_DESCRIPTION = 255
REMEMBERED = 2_000


class Verdict(NamedTuple):
    """What an address turned out to be: the hash of a picture, or why there is none.

    Neither, where it is one of the tiny pictures that only count readers.
    """

    file_hash: str = ""
    reason: str = ""


@dataclass(frozen=True)
class CheckedPicture:
    """A picture that was decoded to its last byte, and where in the store it waits."""

    file_hash: str
    name: str
    start: int
    size: int


class Pictures:
    """Brings pictures in, each once, whatever its address: the content decides.

    `check` fetches, and `bring_in` writes what was fetched for the same post. In between a picture
    waits on the disk. What an address led to is remembered during one import.
    """

    def __init__(self, source: Source, fetcher: Fetcher, user: User | None = None) -> None:
        self.source = source
        self.fetcher = fetcher
        self.user = user
        self.verdicts: OrderedDict[str, Verdict] = OrderedDict()
        self.current: dict[str, CheckedPicture] = {}
        self.alts: dict[str, str] = {}
        self.made: list[CustomImage] = []
        self.store: IO[bytes] = TemporaryFile()  # noqa: SIM115  # until `close`
        self.field = ImageUploadField()

    def check(self, address: str, alt: str = "") -> Verdict:
        """Say what is at an address, without writing anything.

        A picture that an earlier post describes needs no further description.
        """
        verdict = self._look(address)
        if alt and verdict.file_hash:
            self.alts.setdefault(verdict.file_hash, alt)
        return verdict

    def needs_description(self, verdict: Verdict) -> bool:
        """Whether neither the source nor the site says what a picture shows."""
        if verdict.file_hash in self.alts:
            return False
        image = CustomImage.objects.filter(file_hash=verdict.file_hash).first()
        return image is None or not image.is_described

    def bring_in(self, address: str, description: str) -> CustomImage | None:
        """Return the site's image of what `check` found, made if it is not there yet."""
        picture = self.current.get(address)
        file_hash = (picture or self.verdicts.get(address, Verdict())).file_hash
        image = CustomImage.objects.filter(file_hash=file_hash).first() if file_hash else None
        return image or (self._create(picture, description) if picture else None)

    def _look(self, address: str) -> Verdict:
        known = self.verdicts.get(address)
        if known:
            return known
        try:
            picture = self._checked(address)
            verdict = Verdict(picture.file_hash) if picture else Verdict()
            if picture:
                self.current[address] = picture
        except UnreadableError as error:
            verdict = Verdict(reason=str(error))
        self.verdicts[address] = verdict
        if len(self.verdicts) > REMEMBERED:
            self.verdicts.popitem(last=False)
        return verdict

    def _content(self, address: str) -> bytes:
        """Return the bytes: written in the address itself, beside the posts, or on the web."""
        limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
        if match := INLINE.fullmatch(address):
            try:
                return base64.b64decode(unquote(match["content"]))
            except (binascii.Error, ValueError) as error:
                raise UnreadableError(NO_PICTURE) from error
        path = self.source.picture_file(address)
        if path:
            try:
                if path.stat().st_size > limit:
                    raise UnreadableError(f"It is larger than {limit // 1_048_576} MB.")
                return path.read_bytes()
            except OSError as error:
                raise UnreadableError(f"It cannot be read: {error}.") from error
        if urlsplit(address).scheme not in {"http", "https"}:
            raise UnreadableError("It is not among the files.")
        return self.fetcher.get(address, limit)[0]

    def _checked(self, address: str) -> CheckedPicture | None:
        """Return the picture, or None for one so small that it only counts readers."""
        content = self._content(address)
        file_hash = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        try:
            with Pillow.open(BytesIO(content)) as header:
                ending, size = ENDINGS.get(header.format or ""), header.size
        except Exception as error:
            # Decoders fail in as many ways as files can be broken.
            raise UnreadableError(NO_PICTURE) from error
        if ending is None:
            raise UnreadableError(NO_PICTURE)
        if max(size) < SHORTEST_SIDE:
            return None
        name = f"{self._stem(address) or file_hash[:12]}.{ending}"
        try:
            self.field.clean(SimpleUploadedFile(name, content))
        except ValidationError as error:
            raise UnreadableError(" ".join(error.messages)) from error
        start = self.store.seek(0, SEEK_END)
        return CheckedPicture(file_hash, name, start, self.store.write(content))

    @staticmethod
    def _stem(address: str) -> str:
        if address.startswith("data:"):
            return ""
        stem = PurePosixPath(unquote(urlsplit(address).path)).stem
        return re.sub(r"[^\w-]+", "-", stem).strip("-")[:80]

    def _create(self, picture: CheckedPicture, description: str) -> CustomImage:
        description = description[:LONGEST_DESCRIPTION].strip()
        self.store.seek(picture.start)
        content = self.store.read(picture.size)
        image = CustomImage(
            title=re.sub(r"[-_]+", " ", PurePosixPath(picture.name).stem).strip(),
            description=description or NEEDS_DESCRIPTION,
            file=ContentFile(content, picture.name),
            file_size=picture.size,
            file_hash=picture.file_hash,
            uploaded_by_user=self.user,
        )
        self.made.append(image)
        image.save()
        if not description:
            image.tags.add(NEEDS_DESCRIPTION_TAG)
        return image

    @contextmanager
    def of_one_post(self) -> Iterator[None]:
        """Look after the pictures of one post; after a failure, no file of them stays behind."""
        try:
            yield
        except BaseException:
            self._take_back()
            self.forget()
            raise
        finally:
            self.made.clear()
            self.current.clear()
            self.store.truncate(0)

    def forget(self) -> None:
        """Say that the pictures of this post are not wanted: the next one fetches them again."""
        for address in self.current:
            self.verdicts.pop(address, None)

    def close(self) -> None:
        """Throw away what waited."""
        self.store.close()

    def _take_back(self) -> None:
        """Delete the files of pictures whose rows were not written in the end."""
        for image in self.made:
            name = image.file.name
            if name and not CustomImage.objects.filter(file=name).exists():
                image.file.storage.delete(name)
