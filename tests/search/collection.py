"""A judged collection: paragraphs, queries as people type them, and what is wanted."""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model
from wagtail.models import Page

from base.models import Topic
from base.task_backend import once
from blog.models import BlogIndexPage, BlogPage
from tests.factories import (
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    VenueFactory,
)

FOLDER = Path(__file__).parent / "judged"
# Three more collections, by three people who did not know each other's: 60 paragraphs each.
SMALL = sorted(FOLDER.glob("small-*.toml"))
BEST = 10
# So many answers are looked at where only those from one collection count.
MOST = 50
PUBLISHED = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
# Queries that nothing answers.
NONE = "none"

Search = Callable[[str], Sequence[int]]


@dataclass(frozen=True)
class Judged:
    """A query, its kind, and the grade (1 to 3) of every page that is of use, by its slug."""

    words: str
    kind: str
    grades: dict[str, int]
    is_held_out: bool = True


def load_paragraphs() -> None:
    """Make a post of each paragraph, filed under its topic as staff would."""
    parent = BlogIndexPage.objects.get()
    topics = {
        beginning: Topic.objects.get_or_create(name=name, defaults={"slug": beginning})[0]
        for beginning, name in tomllib.loads((FOLDER / "topics.toml").read_text()).items()
    }
    for path in sorted(FOLDER.glob("corpus-*.toml")):
        for paragraph in tomllib.loads(path.read_text())["paragraph"]:
            topic = topics[paragraph["id"].rpartition("-")[0]]
            _add_post(parent, paragraph, [topic])


def load_small(path: Path) -> list[Judged]:
    """Make a post of each paragraph of a small collection, and return its queries."""
    parent = BlogIndexPage.objects.get()
    small = tomllib.loads(path.read_text())
    for paragraph in small["paragraph"]:
        _add_post(parent, paragraph, [])
    return [Judged(query["words"], query["kind"], query["judged"]) for query in small["query"]]


def _add_post(parent: BlogIndexPage, paragraph: dict[str, str], topics: list[Topic]) -> None:
    intro, rest = re.split(r"(?<=[.!?]) ", paragraph["text"], maxsplit=1)
    post = BlogPage(
        title=paragraph["title"],
        slug=paragraph["id"],
        published_at=PUBLISHED,
        intro=intro,
        body=[("paragraph", f"<p>{rest}</p>")],
    )
    post.topics = topics
    with once():
        parent.add_child(instance=post)


def add_courses() -> None:
    """Make courses for a year to come, so that months, places and prices mean something."""
    CourseIndexPageFactory()
    venues = [VenueFactory(town=town) for town in ("Leeds", "York", "Hull")]
    for month in range(12):
        course = CoursePageFactory(title=f"First aid {month}", price=month * 20)
        CourseRunFactory(course=course, venue=venues[month % 3], in_days=30 * month + 20)
    CoursePageFactory(title="Online safety", price=40, online=True, in_person=False)


def queries() -> list[Judged]:
    """Return the queries; every second one is held out, to be scored and not tuned to.

    Each writer graded the paragraphs of their own file; who wrote `queries-visitors.toml`, last and
    without knowing the search or the others' queries, those of all. Pages that any of the searches
    had found besides were graded by somebody who did not know which had (`pooled.toml`).
    """
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("queries-*.toml")):
        for query in tomllib.loads(path.read_text())["query"]:
            known = found.setdefault(query["words"], query | {"judged": {}})
            known["judged"] |= query["judged"]
    for query in tomllib.loads((FOLDER / "pooled.toml").read_text())["query"]:
        found[query["words"]]["judged"] |= query["judged"]
    return [
        Judged(query["words"], query["kind"], query["judged"], number % 2 == 1)
        for number, query in enumerate(found.values())
    ]


def ndcg(found: Sequence[str], grades: dict[str, int]) -> float:
    """Return the normalised discounted cumulative gain of the first ten.

    Source: Järvelin and Kekäläinen, “Cumulated gain-based evaluation of IR techniques”, 2002.

    Where nothing is wanted, finding nothing is right.
    """
    if not grades:
        return 1.0 if not found else 0.0
    gain = _gain([grades.get(slug, 0) for slug in found[:BEST]])
    return gain / _gain(sorted(grades.values(), reverse=True)[:BEST])


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def first_is_right(found: Sequence[str], grades: dict[str, int]) -> float:
    """Return 1 where the first answer is one of the best there are."""
    if not grades:
        return ndcg(found, grades)
    return float(bool(found) and grades.get(found[0], 0) == max(grades.values()))


@dataclass(frozen=True)
class Line:
    """How a search did on some queries."""

    name: str
    queries: int
    ndcg: float
    success: float


def measure(search: Search, judged: Sequence[Judged]) -> Iterator[tuple[Judged, list[str], float]]:
    """Yield what a search finds for every query, as slugs, and its score."""
    slugs = dict(Page.objects.values_list("pk", "slug"))
    for query in judged:
        found = [slugs[pk] for pk in search(query.words)]
        yield query, found, ndcg(found, query.grades)


def summary(search: Search, judged: Sequence[Judged]) -> list[Line]:
    """Return how a search did: on all, on each half, and on each kind."""
    rows = list(measure(search, judged))
    halves = {"tuning half": False, "held-out half": True}
    parts = [("all", rows)]
    parts += [
        (name, [row for row in rows if row[0].is_held_out == held]) for name, held in halves.items()
    ]
    kinds = dict.fromkeys(query.kind for query in judged)
    parts += [(kind, [row for row in rows if row[0].kind == kind]) for kind in kinds]
    return [
        Line(
            name,
            len(some),
            fmean(score for _, _, score in some),
            fmean(first_is_right(found, query.grades) for query, found, _ in some),
        )
        for name, some in parts
        if some
    ]


def among(path: Path, search: Search) -> Search:
    """Return a search that finds the posts of a small collection alone: others are not judged."""
    slugs = [paragraph["id"] for paragraph in tomllib.loads(path.read_text())["paragraph"]]
    keys = set(BlogPage.objects.filter(slug__in=slugs).values_list("pk", flat=True))
    return lambda words: [pk for pk in search(words) if pk in keys]


def stock(operator: str) -> Search:
    """Return Wagtail's own search."""
    return lambda words: [
        page.pk for page in Page.objects.live().search(words, operator=operator)[:MOST]
    ]


def ours(words: str, *, related: bool = True) -> list[int]:
    """Return the pages that visitors get, in the order in which they see them.

    What is near to few answers stands below them, under a heading of its own.
    """
    from search.services import Request, find

    documents = ContentType.objects.get_for_model(get_document_model())
    answer = find(Request(words))
    found = [*answer.scores, *answer.related] if related else answer.scores
    entries = [score.entry for score in found]
    pages = [entry for entry in entries if entry.content_type_id != documents.pk]
    return [int(entry.object_id) for entry in pages[:MOST]]
