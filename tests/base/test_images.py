"""Whatever is uploaded as a picture, staff get the picture or a sentence; never a fault."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.models import UploadedFile

from base.models import CustomImage, CustomRendition
from tests import markup
from tests.factories import CustomImageFactory, picture

pytestmark = pytest.mark.django_db

Upload = Callable[[Client, SimpleUploadedFile], HttpResponse]


# The three places where a picture is uploaded


def one(admin: Client, file: SimpleUploadedFile) -> HttpResponse:
    url = reverse("wagtailimages:add")
    data = {"title": "A picture", "description": "What it shows", "file": file, "collection": ""}
    return admin.post(url, data)


def several(admin: Client, file: SimpleUploadedFile) -> HttpResponse:
    url = reverse("wagtailimages:add_multiple")
    return admin.post(url, {"title": "A picture", "files[]": file, "collection": "1"})


def in_a_chooser(admin: Client, file: SimpleUploadedFile) -> HttpResponse:
    url = reverse("wagtailimages_chooser:create")
    prefix = "image-chooser-upload"
    data = {
        f"{prefix}-title": "A picture",
        f"{prefix}-description": "What it shows",
        f"{prefix}-file": file,
        f"{prefix}-collection": "1",
    }
    return admin.post(url, data)


PLACES = [one, several, in_a_chooser]


# Pictures that are none


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def enormous_png(width: int, height: int) -> bytes:
    """A small file that takes gigabytes to decode."""
    rows = zlib.compressobj(9)
    data = b"".join([rows.compress(bytes(width // 8 + 1)) for _ in range(height)]) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_bomb(frames: int = 40) -> bytes:
    """Frames that are cheap to store and dear to decode."""
    buffer = BytesIO()
    images = [Pillow.new("RGB", (900, 900), (n, 0, 0)).convert("P") for n in range(0, 240, 6)]
    images[0].save(buffer, "GIF", save_all=True, append_images=images[1:frames])
    assert Pillow.open(buffer).n_frames == frames
    return buffer.getvalue()


PNG, JPEG = picture((300, 300)), picture((300, 300), "JPEG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BROKEN = {
    "truncated.png": PNG[: len(PNG) // 2],
    "truncated.jpg": JPEG[: len(JPEG) // 2],
    "garbage.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "garbage.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8,
    "garbage.gif": b"GIF89a" + bytes(range(256)) * 8,
    "garbage.webp": b"RIFF\x00\x10\x00\x00WEBPVP8 " + bytes(range(256)) * 8,
    "garbage.avif": b"\x00\x00\x00\x1cftypavif" + bytes(range(256)) * 8,
    "enormous.png": enormous_png(12_000, 10_600),
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "really-a-jpeg.png": JPEG,
    "empty.png": b"",
    "text.jpg": b"This is no picture.",
    "page.html": b"<html></html>",
    "no-ending": PNG,
    "picture.exe": PNG,
}


def message(response: HttpResponse) -> str:
    """What staff are told, wherever it was uploaded."""
    if response["Content-Type"].startswith("application/json"):
        answer = response.json()
        if "error_message" in answer:
            return str(answer["error_message"])
        return markup.read(answer["htmlFragment"]).get_text(" ", strip=True)
    return markup.read(response.content).get_text(" ", strip=True)


@pytest.mark.parametrize("upload", PLACES)
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_picture_is_refused_in_words(name: str, upload: Upload, admin: Client) -> None:
    response = upload(admin, SimpleUploadedFile(name, BROKEN[name]))
    assert response.status_code == 200
    assert not CustomImage.objects.exists()
    told = message(response).lower()
    assert any(
        words in told
        for words in ("cannot be read", "not a", "not supported", "too many", "empty", "matching")
    ), told


@pytest.mark.parametrize("upload", PLACES)
def test_a_picture_that_grows_when_decoded_is_refused(upload: Upload, admin: Client) -> None:
    response = upload(admin, SimpleUploadedFile("dance.gif", gif_bomb()))
    assert response.status_code == 200
    assert not CustomImage.objects.exists()


@pytest.mark.parametrize("upload", PLACES)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("fine.png", PNG),
        ("fine.jpg", JPEG),
        ("fine.JPEG", JPEG),
        ("fine.webp", picture(kind="WEBP")),
        ("fine.avif", picture(kind="AVIF")),
        ("fine.gif", picture(kind="GIF")),
        ("transparent.png", picture(mode="RGBA", colour=(1, 2, 3, 0))),
        ("printers.jpg", picture(kind="JPEG", mode="CMYK", colour=(1, 2, 3, 4))),
        ("ünïcode 😀.png", PNG),
        ("a" * 200 + ".png", PNG),
        ("../../escape.png", PNG),
    ],
)
def test_a_picture_is_taken(name: str, content: bytes, upload: Upload, admin: Client) -> None:
    upload(admin, SimpleUploadedFile(name, content))
    if upload is several:
        # Wagtail keeps it aside until its description is written.
        assert UploadedFile.objects.count() + CustomImage.objects.count() == 1
        return
    image = CustomImage.objects.get()
    assert image.file.name.startswith("original_images/")
    assert default_storage.exists(image.file.name)
    assert image.get_rendition("fill-20x20|format-webp").width == 20


@pytest.mark.parametrize("upload", [one, in_a_chooser])
def test_a_picture_needs_a_description(upload: Upload, admin: Client) -> None:
    prefix = "image-chooser-upload-" if upload is in_a_chooser else ""
    url = reverse("wagtailimages_chooser:create" if prefix else "wagtailimages:add")
    file = SimpleUploadedFile("fine.png", PNG)
    data = {f"{prefix}title": "A picture", f"{prefix}description": "", f"{prefix}file": file}
    assert admin.post(url, data).status_code == 200
    assert not CustomImage.objects.exists()


def test_several_pictures_need_their_descriptions_too(admin: Client) -> None:
    response = several(admin, SimpleUploadedFile("fine.png", PNG)).json()
    assert not CustomImage.objects.exists()
    assert "description" in response["form"]


def test_a_broken_file_in_place_of_a_good_one_is_refused(admin: Client) -> None:
    image = CustomImageFactory()
    url = reverse("wagtailimages:edit", args=[image.pk])
    file = SimpleUploadedFile("truncated.png", BROKEN["truncated.png"])
    data = {"title": "Still here", "description": "What it shows", "file": file}
    response = admin.post(url, data)
    assert response.status_code == 200
    assert "cannot be read" in message(response)
    before = image.file.name
    image.refresh_from_db()
    assert image.file.name == before
    assert image.get_rendition("width-20").width == 20


def test_the_limits_are_set_on_purpose() -> None:
    assert settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE <= 10 * 1024 * 1024
    assert settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS <= 24_000_000
    assert "svg" not in settings.WAGTAILIMAGES_EXTENSIONS


def test_a_rendition_is_made_once() -> None:
    image = CustomImageFactory()
    first, second = image.get_rendition("width-30"), image.get_rendition("width-30")
    assert first == second
    assert CustomRendition.objects.count() == 1


def test_a_picture_is_read_aloud_by_its_description() -> None:
    image = CustomImageFactory(title="DSC_0001", description="Two people at a table")
    assert image.get_rendition("width-30").alt == "Two people at a table"
