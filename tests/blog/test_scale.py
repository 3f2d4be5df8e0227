"""Ten thousand posts ask the database as often as ten do."""

import time
from collections.abc import Callable
from statistics import median

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import BlogIndexPage, BlogPage
from home.scale.posts import add_posts
from tests.factories import (
    BlogIndexPageFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    PersonPageFactory,
    TopicFactory,
)
from tests.test_queries import BUDGET

POSTS_A_PAGE = 12
FEED = {"HTTP_ACCEPT": "application/atom+xml, application/rss+xml"}
FEEDS = ("/blog/feed/", "/blog/rss/", "/blog/topics/t1/feed/", "/blog/authors/p1/feed/")
TIMES = 5
SMALL_FACTOR = 2


def addresses(index: BlogIndexPage) -> dict[str, str]:
    """What is asked for, by what it is."""
    posts = index.posts
    count = posts.count()
    middle = posts[count // 2]
    day = middle.published_at
    feeds = {f"feed {path}": path for path in FEEDS}
    return feeds | {
        "first page": "/blog/",
        "last page": f"/blog/?page={-(-count // POSTS_A_PAGE)}",
        "topic": "/blog/topics/t1/",
        "author": "/blog/authors/p1/",
        "year": f"/blog/{day:%Y}/",
        "month": f"/blog/{day:%Y/%m}/",
        "newest post": posts[0].url,
        "post": middle.url,
        "search": "/search/?q=scale",
    }


def measured(client: Client, path: str) -> tuple[int, float]:
    """How many queries a page takes, and how many milliseconds in the middle of several times."""
    headers = FEED if path in FEEDS else {}
    assert client.get(path, **headers).status_code == 200, path
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get(path, **headers)
        seconds.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as captured:
        client.get(path, **headers)
    return len(captured.captured_queries), median(seconds) * 1000


def analyse() -> None:
    """Let PostgreSQL know how much there is, as it would by itself after a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_number_of_queries_stays(client: Client, rounds: Callable[[int, int], int]) -> None:
    OrganisationSettingsFactory()
    CustomImageFactory()
    index = BlogIndexPageFactory(slug="blog")
    for number in range(5):
        TopicFactory(slug=f"t{number}")
        PersonPageFactory(slug=f"p{number}")
    found: dict[str, list[tuple[int, float]]] = {}
    steps = (10, rounds(100, 1_000), rounds(200, 10_000))
    for posts in steps:
        add_posts(index, posts - BlogPage.objects.count())
        call_command("update_index", verbosity=0)
        analyse()
        for name, path in addresses(index).items():
            found.setdefault(name, []).append(measured(client, path))
    for name, figures in found.items():
        print(f"{name:28}", *(f"{count:3} queries {ms:6.1f} ms" for count, ms in figures))
    assert {name: {count for count, _ in figures} for name, figures in found.items()} == {
        name: {figures[0][0]} for name, figures in found.items()
    }
    counts = {name: figures[0][0] for name, figures in found.items()}
    assert {name: count for name, count in counts.items() if count > BUDGET} == {}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_page_deep_in_the_list_is_as_near_as_the_first(
    client: Client, rounds: Callable[[int, int], int]
) -> None:
    pages = rounds(20, 1_000)
    OrganisationSettingsFactory()
    CustomImageFactory()
    index = BlogIndexPageFactory(slug="blog")
    for number in range(5):
        TopicFactory(slug=f"t{number}")
    add_posts(index, pages * POSTS_A_PAGE)
    analyse()
    middle = f"/blog/?page={pages // 2}"
    (first, first_ms), (deep, deep_ms), (last, last_ms) = (
        measured(client, path) for path in ("/blog/?page=1", middle, f"/blog/?page={pages}")
    )
    print(f"{first_ms:.1f} ms, page {pages // 2:,} {deep_ms:.1f}, page {pages:,} {last_ms:.1f} ms")
    assert first == deep == last <= BUDGET
    assert max(deep_ms, last_ms) < SMALL_FACTOR * first_ms
    for nothing in (pages + 1, 0, -1, 10**30, "last", "1.5", "²"):
        assert client.get("/blog/", {"page": nothing}).status_code == 404
