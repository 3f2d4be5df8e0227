"""The tab of dates, whichever kind is shown beside it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import CoursePage, CourseRun
from search.views import A_PAGE_OF_DATES
from tests.factories import (
    BlogPageFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    DocumentFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
LEAF = 'class="date-leaf-frame"'


@pytest.fixture(autouse=True)
def run() -> CourseRun:
    CourseIndexPageFactory()
    course = CoursePageFactory(title="Heather in practice", price=0)
    return CourseRunFactory(course=course, venue=VenueFactory(town="Leeds"))


def tab(client: Client, words: str, kind: str = "") -> int:
    """Return the count on the tab of dates; 0 where there is none."""
    kinds = client.get("/search/", {"q": words, "type": kind}).context["kinds"]
    return next((count for name, count, *_ in kinds if name == "Dates"), 0)


@pytest.mark.parametrize("words", ["leeds", "free", "heather leeds", "heather practice quillwort"])
def test_dates_are_listed(words: str, client: Client) -> None:
    BlogPageFactory(title="Quillwort")
    page = client.get("/search/", {"q": words, "type": "Dates"}).content.decode()
    assert page.count(LEAF) == 1


@pytest.mark.parametrize("kind", ["", "News", "Courses", "Dates"])
@pytest.mark.parametrize(
    "words", ["heather", "heather practice quillwort", "leeds", "heather leeds"]
)
def test_the_tab_counts_the_same_whatever_is_chosen(words: str, kind: str, client: Client) -> None:
    BlogPageFactory(title="Heather")
    BlogPageFactory(title="Quillwort")
    assert tab(client, words, kind) == 1


def test_a_document_with_the_number_of_a_course_brings_no_dates(
    run: CourseRun, client: Client
) -> None:
    DocumentFactory(title="Quillwort", pk=run.course.pk)
    assert tab(client, "quillwort") == 0


def test_nor_does_it_stand_for_a_post_that_replaced_another(client: Client) -> None:
    new = BlogPageFactory(title="Moss")
    BlogPageFactory(title="Thistle by bog and nettle", superseded_by=new)
    for word in ("Thistle", "Bog"):
        BlogPageFactory(title=word)
    DocumentFactory(title="Nettle and much else in one long list", pk=new.pk)
    results = client.get("/search/results.json", {"q": "thistle bog nettle"}).json()["results"]
    kinds = [each["kind"] for each in results]
    assert "Document" in kinds
    assert results[0]["title"] == "Thistle by bog and nettle"


def test_without_dates_the_courses_are_listed(run: CourseRun, client: Client) -> None:
    run.delete()
    page = client.get("/search/", {"q": "heather", "type": "Dates"}).content.decode()
    assert "Heather in practice" in page


def add_dates(course: CoursePage, count: int) -> None:
    for day in range(count):
        start = timezone.now() + dt.timedelta(days=200 + day)
        CourseRunFactory(course=course, start=start)


def test_all_dates_are_counted_and_reached(run: CourseRun, client: Client) -> None:
    add_dates(run.course, A_PAGE_OF_DATES + 1)
    assert tab(client, "heather") == A_PAGE_OF_DATES + 2
    asked = {"q": "heather", "type": "Dates"}
    first, last = (client.get("/search/", asked | {"page": page}) for page in (1, 2))
    assert [len(page.context["dates"]) for page in (first, last)] == [A_PAGE_OF_DATES, 2]
    starts = [leaf.start for page in (first, last) for leaf in page.context["dates"]]
    assert starts == sorted(set(starts))
    assert f"{A_PAGE_OF_DATES + 2} dates for" in last.content.decode()
    assert 'rel="next" href="?q=heather&amp;type=Dates&amp;page=2"' in first.content.decode()


def test_a_page_of_dates_takes_as_many_queries_for_one_as_for_thirty(
    run: CourseRun, client: Client
) -> None:
    asked = {"q": "heather", "type": "Dates"}
    client.get("/search/", asked)
    with CaptureQueriesContext(connection) as few:
        client.get("/search/", asked)
    add_dates(run.course, A_PAGE_OF_DATES)
    client.get("/search/", asked)
    with CaptureQueriesContext(connection) as many:
        client.get("/search/", asked)
    assert len(many) == len(few)
