"""The tab of dates, whichever kind is shown beside it."""

import pytest
from django.test import Client

from courses.models import CourseRun
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
