"""Two thousand posts with pictures: how long it takes, and how much memory."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from wagtail.models import Page, Revision

from base.models import CustomImage
from blog.models import BlogPage
from tests.blog.migrate.sources import write_many
from tests.factories import BlogIndexPageFactory
from tests.processes import finish, running


def import_posts(source: Path, folder: Path) -> tuple[float, float, str]:
    """Import as staff do, by the command; return seconds, the most MB it took, and the report."""
    folder.mkdir()
    began = time.monotonic()
    with running(folder, "manage.py", "import_posts", str(source), "--publish") as process:
        memory = finish(process)
    report = (folder / "output.log").read_text()
    assert process.returncode == 0, report
    return time.monotonic() - began, memory, report


@pytest.mark.slow
@pytest.mark.usefixtures("real_database")
def test_two_thousand_posts(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    count = rounds(50, 2_000)
    BlogIndexPageFactory()
    source = tmp_path / "source"
    source.mkdir()
    write_many(source, count)

    seconds, memory, _ = import_posts(source, tmp_path / "first")
    print(f"{count} posts: {seconds:.0f} s, {memory:.0f} MB")
    assert BlogPage.objects.live().count() == CustomImage.objects.count() == count
    assert seconds < rounds(60, 180)
    assert memory < 250

    before = list(Page.objects.values().order_by("pk")), Revision.objects.count()
    seconds, memory, report = import_posts(source, tmp_path / "second")
    print(f"again: {seconds:.0f} s, {memory:.0f} MB")
    assert f"Unchanged: {count}" in report
    assert (list(Page.objects.values().order_by("pk")), Revision.objects.count()) == before
    assert memory < 250
