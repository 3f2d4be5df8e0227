"""One post in two sources is one page, and the fuller text wins."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from blog.migrate.models import ImportedPost
from blog.migrate.report import Report
from blog.models import BlogPage
from tests.blog.migrate.sources import OLD, feed, item

pytestmark = pytest.mark.django_db

Bring = Callable[..., Report]
ADDRESS = f"{OLD}/post-1.html"
WORDS = "All that the post says, from its beginning to its end. " * 5
BEGINNING = "<p>All that the post says, [&amp;hellip;] Read more</p>"


def described(html: str) -> str:
    """An item whose feed holds no more than a description."""
    whole = item(1, topics=["Care"])
    content = whole[whole.index("<content:encoded>") : whole.index("</item>")]
    return whole.replace(content, f"<description>{html.replace('<', '&lt;')}</description>")


def saved(folder: Path, text: str = WORDS, title: str = "Post 1", name: str = "a.html") -> None:
    (folder / name).write_text(
        f'<html><head><link rel="canonical" href="{ADDRESS}"></head><body><h1>{title}</h1>'
        f"<p>By Ann Lee, May 3 2019 06:43AM</p><p>{text}</p></body></html>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "old"
    path.mkdir()
    return path


def body() -> str:
    page = BlogPage.objects.get()
    return str(page.get_latest_revision_as_object().body.get_prep_value())


@pytest.mark.parametrize(
    "cut",
    [
        BEGINNING,
        "The first words of it […]",
        "The first words of it&amp;hellip;",
        "<p>The first words […]</p><p>The post <a>Post 1</a> appeared first on <a>Old</a>.</p>",
        "The first words … Continue reading Post 1 →",
        "The first words. (more…)",
    ],
)
def test_a_beginning_stays_a_draft(bring: Bring, cut: str) -> None:
    report = bring(described(cut), publish=True)
    assert report.imported == ["Post 1"]
    assert [line.text[:36] for line in report.attention] == ["The feed holds only the beginning: i"]
    assert not BlogPage.objects.get().live


@pytest.mark.parametrize(
    "whole",
    ["<p>All of it.</p>", "<p>He said: read more books.</p>", "Read on if you like. Goodbye."],
)
def test_a_description_that_is_the_whole_is_published(bring: Bring, whole: str) -> None:
    report = bring(described(whole), publish=True)
    assert not report.attention
    assert BlogPage.objects.get().live


def test_a_text_may_end_in_dots(bring: Bring) -> None:
    bring(item(1, html="<p>And so it went on…</p>"), publish=True)
    assert BlogPage.objects.get().live


def test_the_page_completes_the_feed(bring: Bring, folder: Path, client: Client) -> None:
    (folder / "feed.xml").write_text(feed(described(BEGINNING)))
    saved(folder)
    dry = bring(path=folder, publish=True, dry_run=True)
    report = bring(path=folder, publish=True)
    for found in (dry, report):
        assert (found.imported, found.updated, found.skipped) == (["Post 1"], ["Post 1"], [])
    page = BlogPage.objects.get()
    assert page.live
    assert "from its beginning to its end" in client.get(page.url).content.decode()
    assert [topic.name for topic in page.topics.all()] == ["Care"], "which the feed alone knew"
    assert client.get("/post-1.html")["Location"] == page.url
    again = bring(path=folder, publish=True)
    assert (again.unchanged, again.looked_at) == (2, 2)
    assert BlogPage.objects.count() == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_feed_adds_nothing_to_the_page(bring: Bring, folder: Path, together: bool) -> None:
    """In whichever order they come; the second time nothing is left to say."""
    saved(folder)
    bring(path=folder, publish=True)
    if not together:
        (folder / "a.html").unlink()
    (folder / "feed.xml").write_text(feed(described(BEGINNING)))
    options = {"path": folder, "publish": True}
    dry, report = bring(**options, dry_run=True), bring(**options)
    for found in (dry, report):
        assert [line.text for line in found.skipped] == [
            "It is here already, with as full a text or a fuller one."
        ]
        assert not found.updated
    assert "from its beginning to its end" in body()
    again = bring(**options)
    assert again.unchanged == again.looked_at == 1 + together
    assert BlogPage.objects.get().live


def test_each_source_is_followed_as_long_as_it_is_the_fuller(bring: Bring, folder: Path) -> None:
    (folder / "feed.xml").write_text(feed(described(BEGINNING)))
    saved(folder)
    bring(path=folder)
    (folder / "feed.xml").write_text(feed(described("All of it, but less. […]")))
    assert bring(path=folder).unchanged == 1
    assert "to its end" in body()
    (folder / "feed.xml").write_text(feed(item(1, html=f"<p>{WORDS * 2} And more.</p>")))
    assert bring(path=folder).updated == ["Post 1"]
    assert "And more." in body()
    assert bring(path=folder).unchanged == 2


def test_what_staff_edited_stays(bring: Bring, folder: Path) -> None:
    bring(described(BEGINNING))
    page = BlogPage.objects.get()
    page.title = "By staff"
    page.save_revision()
    saved(folder)
    for _ in range(2):
        [line] = bring(path=folder).skipped
        assert line.text == "It is here already from another source, and was edited here since."
    assert BlogPage.objects.count() == 1


def test_what_staff_deleted_is_not_brought_back_from_elsewhere(bring: Bring, folder: Path) -> None:
    bring(described(BEGINNING))
    BlogPage.objects.get().delete()
    saved(folder)
    [line] = bring(path=folder).skipped
    assert "was deleted here" in line.text
    assert not BlogPage.objects.exists()


def test_posts_that_share_an_address_stay_apart(bring: Bring) -> None:
    """Some feeds name the blog instead of the post."""
    days = ["Fri, 03 May 2019 06:43:00 +0100", "Sat, 04 May 2019 06:43:00 +0100"]
    items = [
        item(n, link=f"{OLD}/blog/", html=f"<p>{WORDS * n}</p>", date=days[n - 1]) for n in (1, 2)
    ]
    for run in (bring(*items, dry_run=True), bring(*items)):
        assert run.imported == ["Post 1", "Post 2"]
    BlogPage.objects.get(draft_title="Post 1").delete()
    third = item(3, link=f"{OLD}/blog/", date="Sun, 05 May 2019 06:43:00 +0100")
    assert bring(*items, third).imported == ["Post 3"]


def test_an_excerpt_never_replaces_the_text(bring: Bring) -> None:
    """Somebody switched the old blog's feed to excerpts."""
    bring(item(1, html=f"<p>{WORDS}</p>"), publish=True)
    whole = body()
    cut = described(BEGINNING)
    assert [line.name for line in bring(cut, publish=True).skipped] == ["Post 1"]
    assert body() == whole
    assert bring(cut, publish=True).unchanged == 1
    assert ImportedPost.objects.count() == 1
