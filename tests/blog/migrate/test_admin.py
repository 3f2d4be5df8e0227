"""Bringing posts in through the admin: look first, then press the button."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import GroupPagePermission, Revision

from base.models import CustomImage
from blog.migrate import uploads, views
from blog.models import BlogIndexPage, BlogPage
from tests.blog.migrate.sources import feed, item
from tests.factories import UserFactory, picture

FORM, RUN = "/admin/import-posts/", "/admin/import-posts/run/"

pytestmark = pytest.mark.usefixtures("news")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    """What one test leaves waiting, no other test sees."""
    settings.VAR = tmp_path


def upload(client: Client, content: str | bytes, name: str = "feed.xml", **data: Any) -> str:
    raw = content.encode() if isinstance(content, str) else content
    answer = client.post(FORM, {"file": SimpleUploadedFile(name, raw), **data})
    assert answer.status_code == 200
    return answer.content.decode()


def waiting() -> list[Path]:
    return list((Path(settings.VAR) / "imports").glob("*/*"))


def count(page: str, name: str) -> int:
    found = re.search(rf'<th scope="row">{name}</th><td>(\d+)</td>', page)
    assert found, page
    return int(found[1])


def test_look_first_then_import(admin: Client) -> None:
    page = upload(admin, feed(item(1, "Fish & chips"), item(2, html="<b></b>")))
    assert count(page, "To import") == 1
    assert "Fish &amp; chips" in page
    assert "Post 2: It has no text." in page
    assert "the posts will be drafts" in page
    assert not BlogPage.objects.exists()
    page = admin.post(RUN).content.decode()
    assert count(page, "Imported") == 1
    post = BlogPage.objects.get()
    assert not post.live
    assert post.owner == post.latest_revision.user
    assert not waiting()


def test_publish(admin: Client) -> None:
    assert "Import and publish" in upload(admin, feed(item(1)), publish="on")
    admin.post(RUN)
    assert BlogPage.objects.get().live


def test_a_second_click_is_harmless(admin: Client) -> None:
    upload(admin, feed(item(1)))
    admin.post(RUN)
    before = Revision.objects.count()
    answer = admin.post(RUN, follow=True)
    assert "There is nothing waiting" in answer.content.decode()
    assert Revision.objects.count() == before
    upload(admin, feed(item(1)))
    assert count(admin.post(RUN).content.decode(), "Unchanged") == 1
    assert Revision.objects.count() == before


def test_an_archive_with_pictures(admin: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("a/feed.xml", feed(item(1, html='<p>a</p><img src="b.png" alt="B">')))
        zipped.writestr("a/b.png", picture())
    upload(admin, packed.getvalue(), "posts.zip")
    admin.post(RUN)
    assert CustomImage.objects.get().description == "B"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("posts.xml", b"words", "neither a web feed"),
        ("posts.xml", b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss><item>&a;</item></rss>", "entities"),
        ("posts.zip", b"PK\x03\x04 and no more", "cannot be opened"),
        ("posts.exe", b"MZ", "Choose a web feed"),
        ("posts.html", b"<html><p>No post</html>", None),
        ("posts.xml", b"", "empty"),
    ],
)
def test_a_bad_file(admin: Client, name: str, content: bytes, message: str | None) -> None:
    page = upload(admin, content, name)
    if message is None:
        assert "No post was found in this page." in page
        return
    assert 'type="file"' in page
    assert re.search(rf'class="error-message"[^§]*?{message}', page)
    assert not waiting()


def test_a_long_import_goes_on_at_a_click(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SECONDS", 0.000_001)
    items = [item(number) for number in (1, 2)]
    assert "only the first 1 posts" in upload(admin, feed(*items))
    assert "Go on" in admin.post(RUN).content.decode()
    monkeypatch.setattr(views, "SECONDS", 60)
    page = admin.post(RUN).content.decode()
    assert "Go on" not in page
    assert BlogPage.objects.count() == 2


def test_pictures_that_are_gone_do_not_keep_it_going(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old site is switched off: each click comes further, and one is the last."""
    monkeypatch.setattr(views, "SECONDS", 0.000_001)
    gone = '<p>Words.</p><img src="http://127.0.0.1/gone-{}.png" alt="A">'
    upload(admin, feed(*(item(number, html=gone.format(number)) for number in range(1, 5))))
    clicks = 1
    while "Go on" in admin.post(RUN).content.decode():
        clicks += 1
        assert clicks < 10
    assert clicks == BlogPage.objects.count() == 4
    assert not waiting()


def test_the_form_comes_back_after_the_run_page(admin: Client) -> None:
    assert admin.get(RUN).headers["Location"] == FORM
    assert b"See what would be imported" in admin.get(FORM).content


def editor(news: BlogIndexPage, *permissions: str) -> Any:
    group = Group.objects.create(name="News team")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for permission in permissions:
        GroupPagePermission.objects.create(group=group, page=news, permission_type=permission)
    user = UserFactory(is_staff=True)
    user.groups.add(group)
    return user


@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        (("add", "publish"), True),
        (("add",), False),
        (("publish",), False),
        ((), False),
    ],
)
def test_who_may(
    client: Client, news: BlogIndexPage, permissions: tuple[str, ...], allowed: bool
) -> None:
    client.force_login(editor(news, *permissions))
    answers = [client.get(FORM), client.post(FORM, {}), client.post(RUN)]
    assert (answers[0].status_code == 200) is allowed
    if not allowed:
        assert {answer.status_code for answer in answers} == {302}
    assert (FORM in client.get("/admin/").content.decode()) is allowed


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    for answer in (client.get(FORM), client.post(FORM), client.post(RUN)):
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]


def test_one_persons_file_is_not_anothers(admin: Client) -> None:
    upload(admin, feed(item(1)))
    other = Client()
    other.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert other.post(RUN).status_code == 302
    assert not BlogPage.objects.exists()
    admin.post(RUN)


@pytest.mark.parametrize("token", ["", "..", "../../etc", "x" * 300, "a/b"])
def test_tokens_lead_nowhere_else(token: str) -> None:
    assert uploads.find(token) is None
    uploads.throw_away(token)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("my feed.XML", "my-feed.xml"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\feed.xml", "feed.xml"),
        (".xml", "xml"),
        ("a.php", "a"),
        ("", "posts"),
    ],
)
def test_names_of_uploads(name: str, safe: str) -> None:
    assert uploads.safe_name(name) == safe
