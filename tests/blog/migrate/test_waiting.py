"""While another site takes its time, nothing here waits for it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from base.models import CustomImage, Topic
from blog.migrate.errors import UnreadableError
from blog.migrate.fetching import Fetcher
from blog.migrate.report import Report
from blog.migrate.services import Importer
from blog.migrate.sources import open_source
from blog.models import BlogPage
from tests.blog.migrate.sources import OLD, item, write_feed
from tests.factories import BlogIndexPageFactory, picture

Bring = Callable[..., Report]


def with_picture(number: int, name: str) -> str:
    return item(number, html=f'<p>Words.</p><img src="{OLD}/{name}.png" alt="A">')


class OldSite(Fetcher):
    """Pictures of an old site, and what happens here while they come."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.meanwhile = meanwhile
        self.asked: list[str] = []
        self.is_up = True

    def get(self, address: str, max_bytes: int) -> tuple[bytes, str]:
        self.asked.append(address.rpartition("/")[2].removesuffix(".png"))
        self.meanwhile()
        if not self.is_up:
            raise UnreadableError("It cannot be reached.")
        return picture(colour=(len(self.asked), 1, 1)), address


@pytest.mark.usefixtures("real_database")
@pytest.mark.parametrize("dry_run", [False, True])
def test_nothing_is_locked_while_a_picture_comes(tmp_path: Path, dry_run: bool) -> None:
    """Somebody else writes to the database in the meantime."""
    BlogIndexPageFactory()
    faults: list[Exception] = []

    def write() -> None:
        try:
            if connection.vendor == "sqlite":
                connection.cursor().execute("PRAGMA busy_timeout = 100")
            Topic.objects.create(name=f"Topic {Topic.objects.count()}", slug="topic")
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    def meanwhile() -> None:
        Topic.objects.all().delete()
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    path = write_feed(tmp_path, with_picture(1, "a"), with_picture(2, "b"))
    fetcher = OldSite(meanwhile)
    with open_source(str(path), fetcher) as source:
        report = Importer(source, fetcher, dry_run=dry_run).run()
    assert fetcher.asked == ["a", "b"]
    assert report.imported == ["Post 1", "Post 2"]
    assert faults == []


@pytest.mark.django_db
def test_what_staff_edit_while_a_picture_comes_stays(bring: Bring) -> None:
    bring(item(1, "Before"))

    def edit() -> None:
        page = BlogPage.objects.get().get_latest_revision_as_object()
        page.title = "By staff"
        page.save_revision()

    report = bring(with_picture(1, "a"), fetcher=OldSite(edit))
    assert "was edited here" in report.skipped[0].text
    assert BlogPage.objects.get().get_latest_revision_as_object().title == "By staff"
    assert not CustomImage.objects.exists()


@pytest.mark.django_db
def test_a_post_that_another_import_brought_in_meanwhile_comes_once(bring: Bring) -> None:
    post = with_picture(1, "a")
    report = bring(post, fetcher=OldSite(lambda: bring(post, fetcher=OldSite())))
    assert (report.unchanged, report.imported) == (1, [])
    assert BlogPage.objects.count() == CustomImage.objects.count() == 1


@pytest.mark.django_db
def test_a_picture_that_one_post_did_not_need_is_there_for_the_next(bring: Bring) -> None:
    def edit() -> None:
        if not BlogPage.objects.filter(draft_title="By staff").exists():
            page = BlogPage.objects.get().get_latest_revision_as_object()
            page.title = "By staff"
            page.save_revision()

    bring(item(1, "Before"))
    report = bring(with_picture(1, "a"), with_picture(2, "a"), fetcher=OldSite(edit))
    assert report.imported == ["Post 2"]
    assert CustomImage.objects.count() == 1


@pytest.mark.django_db
def test_new_posts_come_before_missing_pictures(bring: Bring) -> None:
    """Each picture is asked for once, and what was missing last."""
    old = OldSite()
    old.is_up = False
    bring(with_picture(1, "a"), with_picture(2, "b"), fetcher=old)
    again = OldSite()
    report = bring(with_picture(1, "a"), with_picture(2, "b"), with_picture(3, "c"), fetcher=again)
    assert again.asked == ["c", "a", "b"]
    assert (report.imported, report.updated) == (["Post 3"], ["Post 1", "Post 2"])
    assert (report.unchanged, report.looked_at) == (0, 3)


@pytest.mark.django_db
def test_missing_pictures_do_not_keep_an_import_going(bring: Bring) -> None:
    """They are tried as long as there is time; what is left is said."""
    options: dict[str, Any] = {"seconds": 0.000_001}
    items = [with_picture(n, "abc"[n - 1]) for n in (1, 2, 3)]
    gone = OldSite()
    gone.is_up = False
    bring(*items, fetcher=gone)
    report = bring(*items, fetcher=gone, **options)
    assert (report.is_complete, report.unchanged) == (True, 3)
    assert "2 posts lack pictures" in report.attention[-1].text
