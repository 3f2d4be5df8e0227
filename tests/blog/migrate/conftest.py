from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from blog.migrate.fetching import Fetcher
from blog.migrate.report import Report
from blog.migrate.services import Importer
from blog.migrate.sources import open_source
from blog.models import BlogIndexPage
from tests.blog.migrate.sources import write_feed
from tests.factories import BlogIndexPageFactory

Bring = Callable[..., Report]


@pytest.fixture
def news(db: None) -> BlogIndexPage:
    """The page that posts are brought in under."""
    page: BlogIndexPage = BlogIndexPageFactory()
    return page


@pytest.fixture
def bring(news: BlogIndexPage, tmp_path: Path) -> Bring:
    """Bring in a feed of these items, or what is at a path."""

    def run(*items: str, path: Path | None = None, **options: Any) -> Report:
        fetcher = options.pop("fetcher", Fetcher())
        where = path or write_feed(tmp_path, *items)
        with open_source(str(where), fetcher) as source:
            return Importer(source, fetcher, **options).run()

    return run


@pytest.fixture
def _huge_picture(tmp_path: Path) -> None:
    """A picture of 25 million pixels in few bytes."""
    Pillow.new("1", (5_000, 5_001)).save(tmp_path / "huge.png")
