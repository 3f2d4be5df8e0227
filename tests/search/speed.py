"""How long searches take among thousands of pages, by what is asked: `make bench-search`."""

from __future__ import annotations

import gc
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from statistics import median, quantiles

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import BlogIndexPage, BlogPage
from home.scale.posts import add_posts
from search import indexing
from tests.search.collection import FOLDER

SEARCH = "/search/"
SUGGEST = "/search/suggest/"
# Enough that one request which something else holds up is not among the slowest twentieth.
TIMES = 30
BATCH = 1_000

ASKED: dict[str, tuple[str, Sequence[str]]] = {
    "common word": (SEARCH, ("care", "support", "people", "staff")),
    "rare word": (SEARCH, ("norovirus", "stoma", "delirium")),
    "several words": (SEARCH, ("fire safety", "moving and handling", "mental capacity act")),
    "synonym": (SEARCH, ("mca", "pbs", "manual handling")),
    "question": (
        SEARCH,
        ("how do i record medicines that were given", "what is the duty of candour"),
    ),
    "typing error": (SEARCH, ("safegaurding adlts", "medcines", "epilespy")),
    "nothing": (SEARCH, ("zzyzx quibblewort", "xylophon", "qqqq")),
    "worst case": (
        SEARCH,
        (
            "care support people staff person work home help needs write ask risk",
            '"care and support for people"',
            "a b c d e f g h i j k l",
            "medcines safegaurding epilespy capactiy hygene",
        ),
    ),
    "suggestion": (SUGGEST, ("me", "ca", "saf", "mental cap", "care and", "zz")),
}


@dataclass(frozen=True)
class Times:
    """How long one kind of question takes, in milliseconds, and how often it asks the database."""

    asked: str
    median: float
    p95: float
    queries: int

    def __str__(self) -> str:
        return f"{self.asked:16} {self.median:8.1f} {self.p95:8.1f} {self.queries:8}"


def add_many(count: int) -> None:
    """Add so many posts, each of some of the collection's paragraphs, and index them."""
    chance = random.Random(count)  # noqa: S311
    paragraphs = [
        paragraph
        for path in sorted(FOLDER.glob("corpus-*.toml"))
        for paragraph in tomllib.loads(path.read_text())["paragraph"]
    ]
    known = set(BlogPage.objects.values_list("pk", flat=True))
    add_posts(BlogIndexPage.objects.get(), count)
    new = [pk for pk in BlogPage.objects.values_list("pk", flat=True) if pk not in known]
    for start in range(0, len(new), BATCH):
        posts = list(BlogPage.objects.filter(pk__in=new[start : start + BATCH]))
        for post in posts:
            chosen = chance.sample(paragraphs, 3)
            post.title = post.draft_title = f"{chosen[0]['title']} {post.pk}"
            post.intro = chosen[1]["text"].split(". ")[0]
            post.body = [("paragraph", f"<p>{one['text']}</p>") for one in chosen]
        BlogPage.objects.bulk_update(posts, ["title", "draft_title", "intro", "body"])
    call_command("update_index", verbosity=0)
    indexing.refresh_everything()
    # What each does by itself within minutes.
    tidy = {"postgresql": "VACUUM ANALYZE", "sqlite": "PRAGMA wal_checkpoint(TRUNCATE)"}
    with connection.cursor() as cursor:
        cursor.execute(tidy[connection.vendor])


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Yield a list that will hold the seconds taken, without looking for the test's own garbage."""
    taken: list[float] = []
    gc.disable()
    began = time.perf_counter()
    try:
        yield taken
    finally:
        taken.append(time.perf_counter() - began)
        gc.enable()


def measure(client: Client) -> Iterator[Times]:
    """Ask every kind of question in turn, by the site's own addresses, loaded as it is live."""
    import_module("config.wsgi")
    for name, (address, texts) in ASKED.items():
        taken = []
        for text in texts:
            client.get(address, {"q": text})
            for _ in range(TIMES):
                began = time.perf_counter()
                assert client.get(address, {"q": text}).status_code == 200
                taken.append((time.perf_counter() - began) * 1000)
        queries = max(_queries(client, address, text) for text in texts)
        yield Times(name, median(taken), quantiles(taken, n=20)[-1], queries)


def _queries(client: Client, address: str, text: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address, {"q": text})
    return len(captured)
