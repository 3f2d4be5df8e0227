"""Pictures come in once each, decoded to their last byte, and described or marked."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image as Pillow

from base.models import CustomImage
from blog.migrate.report import Report
from blog.migrate.services import writing
from blog.models import BlogPage
from tests.blog.migrate.sources import item
from tests.factories import CustomImageFactory, picture

pytestmark = pytest.mark.django_db

Bring = Callable[..., Report]


def files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def image_value() -> dict:
    return next(
        block["value"]["image"]
        for block in BlogPage.objects.get().body.get_prep_value()
        if block["type"] == "image"
    )


def test_a_picture_with_a_description(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "two-people.png").write_bytes(picture())
    report = bring(item(1, html='<p>a</p><img src="two-people.png" alt="Two people talk">'))
    image = CustomImage.objects.get()
    assert (image.title, image.description) == ("two people", "Two people talk")
    assert not image.tags.exists()
    assert image_value() == {"image": image.pk, "alt_text": "Two people talk", "decorative": False}
    assert not report.attention


def test_a_picture_without_a_description_is_marked(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    report = bring(item(1, html='<p>a</p><img src="a.png">'))
    image = CustomImage.objects.get()
    assert image.description == "Needs description"
    assert [tag.name for tag in image.tags.all()] == ["needs description"]
    assert "needs a description" in report.attention[0].text
    assert image_value()["decorative"], "nobody may be read “Needs description”"


def test_no_visitor_ever_reads_the_mark(
    bring: Bring, tmp_path: Path, client: Client, admin: Client
) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    enclosure = '<enclosure url="file:///a.png" type="image/png" length="1"/>'
    bring(item(1, "Two doors", extra=enclosure), publish=True)
    page = BlogPage.objects.get()
    # Staff untick “decorative” before they describe the picture.
    page.image_is_decorative = False
    page.save()
    shown = client.get(page.url).content.decode()
    for text in (shown, client.get("/blog/").content.decode(), client.get("/").content.decode()):
        assert "eeds description" not in text
    assert '<meta property="og:image:alt" content="Two doors">' in shown
    chosen = f"/admin/images/chooser/{page.image_id}/?select_format=true"
    assert "eeds description" not in admin.get(chosen).content.decode()


def test_one_content_is_one_image(bring: Bring, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(picture())
    bring(
        item(1, html='<p>a</p><img src="a.png" alt="A"><img src="b.png">'),
        item(2, html='<p>a</p><img src="b.png">'),
    )
    assert CustomImage.objects.count() == 1


def test_an_image_that_staff_uploaded_is_used_with_its_description(
    bring: Bring, tmp_path: Path
) -> None:
    image = CustomImageFactory(description="By staff")
    image.get_file_hash()
    (tmp_path / "a.png").write_bytes(Path(image.file.path).read_bytes())
    report = bring(item(1, html='<p>a</p><img src="a.png">'))
    assert image_value() == {"image": image.pk, "alt_text": "By staff", "decorative": False}
    assert not report.attention


def test_a_picture_written_in_the_page(bring: Bring) -> None:
    data = base64.b64encode(picture()).decode()
    bring(item(1, html=f'<p>a</p><img alt="A" src="data:image/png;base64,{data}">'))
    assert CustomImage.objects.get().description == "A"


def test_the_picture_of_the_whole_post(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "lead.png").write_bytes(picture())
    enclosure = '<enclosure url="http://old.example.org/lead.png" type="image/png" length="1"/>'
    bring(item(1, extra=enclosure))
    page = BlogPage.objects.get()
    latest = page.get_latest_revision_as_object()
    assert latest.image == CustomImage.objects.get()
    assert latest.image_is_decorative


@pytest.mark.usefixtures("_huge_picture")
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("broken.png", picture()[:60], ""),
        ("words.png", b"not a picture", "not a picture"),
        ("empty.png", b"", "not a picture"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "not a picture"),
        ("page.png", b"<html><script>x()</script></html>", "not a picture"),
        ("old.bmp", picture(kind="BMP"), "not a picture"),
        ("huge.png", None, "too many pixels"),
        ("missing.png", None, "not among"),
    ],
)
def test_what_is_no_picture_is_reported(
    bring: Bring, tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = files()
    report = bring(
        item(1, html=f'<p>a</p><img src="file:///{name}" alt="A">', link=""), publish=True
    )
    assert report.imported == ["Post 1"]
    assert f"{name} was left out" in report.attention[0].text
    assert reason in report.attention[0].text
    assert not CustomImage.objects.exists()
    assert files() == before


def test_a_tiny_picture_is_left_out_without_a_word(bring: Bring, tmp_path: Path) -> None:
    Pillow.new("RGB", (1, 1)).save(tmp_path / "hit.gif")
    report = bring(item(1, html='<p>a</p><img src="hit.gif">'))
    assert not CustomImage.objects.exists()
    assert not report.attention


def test_a_picture_that_was_missing_is_brought_in_later(bring: Bring, tmp_path: Path) -> None:
    post = item(1, html='<p>a</p><img src="file:///late.png" alt="A">')
    bring(post, publish=True)
    assert bring(post, publish=True).unchanged == 1
    (tmp_path / "late.png").write_bytes(picture())
    assert bring(post, publish=True).updated == ["Post 1"]
    assert image_value()["alt_text"] == "A"
    assert bring(post, publish=True).unchanged == 1


def test_a_dry_run_writes_no_file(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    before = files()
    bring(item(1, html='<p>a</p><img src="a.png">'), dry_run=True)
    assert files() == before
    assert not CustomImage.objects.exists()


def test_the_file_of_a_post_that_failed_is_deleted(
    bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    before = files()
    monkeypatch.setattr(writing, "redirect_from", lambda address, page: 1 / 0)
    report = bring(item(1, html='<p>a</p><img src="a.png">'))
    assert report.skipped
    assert files() == before
    assert not CustomImage.objects.exists()
