"""Two thousand posts with pictures: how long it takes, and how much memory."""

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from wagtail.models import Revision

from base.models import CustomImage
from blog.migrate.report import Report
from blog.models import BlogPage
from tests.blog.migrate.sources import write_many

MB = 1024 * 1024


@pytest.mark.slow
def test_two_thousand_posts(
    bring: Callable[..., Report], tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    count = rounds(50, 2_000)
    folder = write_many(tmp_path, count)
    began = time.monotonic()
    report = bring(path=folder, publish=True)
    seconds = time.monotonic() - began
    assert len(report.imported) == BlogPage.objects.live().count() == count
    assert CustomImage.objects.count() == count
    assert seconds < rounds(60, 180), f"{seconds:.0f} s for {count} posts"
    revisions = Revision.objects.count()
    tracemalloc.start()
    again = bring(path=folder, publish=True)
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (again.unchanged, Revision.objects.count()) == (count, revisions)
    assert memory < 200 * MB
