"""How often a page asks the database: the same for one child as for twenty."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CourseRun
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    PeopleIndexPageFactory,
    PersonPageFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

HOME_BUDGET = 12
BUDGET = 15


def queries(client: Client, url: str) -> list[str]:
    """What the second visitor's request asks the database: the first one's made the pictures."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def add_post() -> None:
    BlogPageFactory(
        search_description="Care at night",
        image=CustomImageFactory(),
        topics=[TopicFactory()],
        authors=[PersonPageFactory()],
    )


def add_course() -> None:
    course = CoursePageFactory(
        search_description="Care at night",
        image=CustomImageFactory(),
        topics=[TopicFactory()],
        trainers=[PersonPageFactory(photo=CustomImageFactory())],
    )
    CourseRunFactory(course=course)
    CourseRunFactory(course=course, in_days=-28)


def add_person() -> None:
    PersonPageFactory(search_description="Care at night", photo=CustomImageFactory())


def add_one_of_each() -> None:
    add_post()
    add_course()
    add_person()


def add_date() -> None:
    """One more date of the same course, at another venue."""
    CourseRunFactory(course=CourseRun.objects.first().course)
    CourseRunFactory(course=CourseRun.objects.first().course, in_days=-7)


@pytest.mark.parametrize(
    ("url", "add"),
    [
        ("/", add_one_of_each),
        ("/blog/", add_post),
        ("/courses/", add_course),
        ("/our-people/", add_person),
        ("/search/?q=night", add_post),
        ("/courses/the-course/", add_date),
    ],
)
def test_one_child_or_twenty(url: str, add: Callable[[], None], client: Client) -> None:
    OrganisationSettingsFactory()
    BlogIndexPageFactory()
    CourseIndexPageFactory()
    PeopleIndexPageFactory()
    course = CoursePageFactory(slug="the-course", image=CustomImageFactory())
    CourseRunFactory(course=course)
    add()
    few = queries(client, url)
    for _ in range(19):
        add()
    many = queries(client, url)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(many) <= (HOME_BUDGET if url == "/" else BUDGET)
