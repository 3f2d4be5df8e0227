"""The lists of news and courses in the admin: what staff look for, in a fixed number of queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    PersonPageFactory,
)

pytestmark = pytest.mark.django_db

NEWS, COURSES = "/admin/news/", "/admin/course_pages/"


def rows(admin: Client, url: str, **query: str) -> list[list[str]]:
    """The words in each row of a list, cell by cell, without the tick box."""
    page = markup.read(admin.get(url, query).content)
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")][1:]
        for row in page.select("table.listing tbody tr")
    ]


def titles(admin: Client, url: str, **query: str) -> list[str]:
    return [row[0].split()[0] for row in rows(admin, url, **query)]


def test_news_shows_who_wrote_what_and_when(admin: Client) -> None:
    published = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    author = PersonPageFactory(title="Priya")
    BlogPageFactory(title="Rain", authors=[author], byline="a guest", published_at=published)
    [[title, day, names, status]] = rows(admin, NEWS)
    assert title.startswith("Rain")
    assert (day, names) == ("1 July 2026", "Priya, a guest")
    assert "live" in status.lower()


def test_the_newest_post_comes_first_and_staff_may_sort(admin: Client) -> None:
    now = timezone.now()
    for title, days in (("Beta", 3), ("Gamma", 1), ("Alpha", 2)):
        BlogPageFactory(title=title, published_at=now - dt.timedelta(days=days))
    assert titles(admin, NEWS) == ["Gamma", "Alpha", "Beta"]
    assert titles(admin, NEWS, ordering="title") == ["Alpha", "Beta", "Gamma"]
    assert titles(admin, NEWS, ordering="published_at") == ["Beta", "Alpha", "Gamma"]


def test_what_is_being_written_stands_first(admin: Client) -> None:
    BlogPageFactory(title="Beta")
    BlogPageFactory(title="Alpha", published_at=None, live=False)
    [[title, day, *_], [other, *_]] = rows(admin, NEWS)
    assert (title.split()[0], day, other.split()[0]) == ("Alpha", "", "Beta")


def test_courses_show_their_next_date_and_price(admin: Client) -> None:
    run = CourseRunFactory(course__title="Rain", in_days=9)
    CourseRunFactory(course=run.course, in_days=-9)
    CourseRunFactory(course=run.course, in_days=19)
    [[title, day, price, _status]] = rows(admin, COURSES)
    assert title.startswith("Rain")
    assert (day, price) == (f"{timezone.localtime(run.start):%-d %B %Y}", "£145 plus VAT")


def test_courses_are_sorted_by_what_staff_choose(admin: Client) -> None:
    CoursePageFactory(title="Beta", price=1)
    CourseRunFactory(course__title="Gamma", course__price=3, in_days=1)
    CourseRunFactory(course__title="Alpha", course__price=2, in_days=2)
    assert titles(admin, COURSES) == ["Alpha", "Beta", "Gamma"]
    assert titles(admin, COURSES, ordering="next_start") == ["Gamma", "Alpha", "Beta"]
    assert titles(admin, COURSES, ordering="-next_start") == ["Alpha", "Gamma", "Beta"]
    assert titles(admin, COURSES, ordering="-price") == ["Gamma", "Alpha", "Beta"]


@pytest.mark.parametrize("ordering", ["next_start", "-price", "published_at", "title", "nonsense"])
@pytest.mark.parametrize("url", [NEWS, COURSES])
def test_a_search_can_be_sorted_or_leaves_it(url: str, ordering: str, admin: Client) -> None:
    BlogPageFactory(title="Rain")
    CoursePageFactory(title="Rain")
    assert titles(admin, url, q="rain", ordering=ordering) == ["Rain"]


@pytest.mark.parametrize(
    ("url", "add"),
    [
        (NEWS, lambda: BlogPageFactory(authors=[PersonPageFactory()])),
        (COURSES, lambda: CourseRunFactory()),
    ],
)
def test_one_row_or_twenty(url: str, add: Callable[[], object], admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(url).status_code == 200
        return len(captured)

    add()
    queries()
    few = queries()
    for _ in range(19):
        add()
    assert queries() == few
