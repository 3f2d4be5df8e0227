"""How often a page asks the database: the same for one child as for twenty."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import CoursePage, ProgrammePage
from search.services import A_PAGE
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CareCertificatePageFactory,
    CareCertificateStandardFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CreditFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    PeopleIndexPageFactory,
    PersonPageFactory,
    ProgrammePageFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db

HOME_BUDGET = 12
BUDGET = 15
FEED_BUDGET = 30  # with every kind of block in its posts


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


def day() -> list[dict]:
    """What happens on the day, with a picture."""
    value = {"title": "At the door", "text": "Somebody says hello."}
    image = {"image": CustomImageFactory().pk, "alt_text": "A door", "decorative": False}
    return [{"type": "moment", "value": value | {"image": image}}]


def the_course() -> CoursePage:
    return CoursePage.objects.get(slug="the-course")


def add_date() -> None:
    """One more date of the same course, at another venue, and more of all that goes with it."""
    course = the_course()
    CourseRunFactory(course=course, venue=VenueFactory(day=day()))
    CourseRunFactory(course=course, in_days=-7)
    CourseRunFactory(course=course, cancelled_at=timezone.now())
    CreditFactory(course=course)
    ProgrammePageFactory(courses=[course])
    topic, standard = TopicFactory(), CareCertificateStandardFactory()
    for page in (course, CoursePageFactory(image=CustomImageFactory())):
        page.topics.add(topic)
        page.care_certificate_standards.add(standard)
        page.save()


def add_step() -> None:
    """One more course of the same programme, which covers one more standard."""
    course = CoursePageFactory(
        image=CustomImageFactory(),
        topics=[TopicFactory()],
        care_certificate_standards=[CareCertificateStandardFactory()],
    )
    CourseRunFactory(course=course)
    CareCertificateStandardFactory()
    ProgrammePage.objects.get(slug="the-programme").steps.create(course=course, why="Next.")


@pytest.mark.parametrize(
    ("url", "add"),
    [
        ("/", add_one_of_each),
        ("/blog/", add_post),
        ("/courses/", add_course),
        ("/our-people/", add_person),
        ("/search/?q=night", add_post),
        ("/search/?q=night&type=News", add_one_of_each),
        ("/search/?q=night+in+person", add_course),
        ("/search/?q=in+person&type=Dates", add_course),
        ("/courses/the-course/", add_date),
        ("/courses/the-programme/", add_step),
        ("/courses/the-map/", add_step),
    ],
)
def test_one_child_or_twenty(url: str, add: Callable[[], None], client: Client) -> None:
    OrganisationSettingsFactory()
    BlogIndexPageFactory()
    CourseIndexPageFactory()
    PeopleIndexPageFactory()
    course = CoursePageFactory(slug="the-course", image=CustomImageFactory(), day=day())
    CourseRunFactory(course=course)
    ProgrammePageFactory(slug="the-programme", image=CustomImageFactory())
    CareCertificatePageFactory(slug="the-map")
    # Where answers are fewer than a page has, what is near to them is looked up too.
    for _ in range(A_PAGE if url.startswith("/search/") else 1):
        add()
    few = queries(client, url)
    for _ in range(19):
        add()
    many = queries(client, url)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(many) <= (HOME_BUDGET if url == "/" else BUDGET)


def test_one_answer_and_what_is_near_to_it(client: Client) -> None:
    OrganisationSettingsFactory()
    topic = TopicFactory()
    for title in ("Care at dawn", "Care at dusk"):
        BlogPageFactory(title=title, topics=[topic], image=CustomImageFactory())
    response = client.get("/search/?q=dawn")
    assert response.context["related"]
    assert len(queries(client, "/search/?q=dawn")) <= BUDGET
