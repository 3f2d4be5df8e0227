"""Who finds nothing is led on: to topics, dates and lists that exist, and to somebody to ask."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from tests import markup
from tests.factories import (
    BlogIndexPageFactory,
    ContactPageFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    OrganisationSettingsFactory,
    StandardPageFactory,
    TopicFactory,
    make_private,
)
from tests.test_queries import BUDGET, queries

pytestmark = pytest.mark.django_db

ADDRESS = "/search/?q=zzyzx"


def main(client: Client, address: str = ADDRESS) -> BeautifulSoup:
    return markup.read(client.get(address).content).main


def ways(client: Client) -> list[str]:
    return [link["href"] for link in main(client).select(".found__ways a")]


@pytest.mark.parametrize("query", ["qqqq", "zzyzx qqqq"])
def test_nonsense_finds_nothing(query: str, client: Client) -> None:
    StandardPageFactory(title="Heather")
    assert "Nothing found" in main(client, f"/search/?q={query}").h2.get_text()


def test_lists_are_offered(client: Client) -> None:
    courses, news = CourseIndexPageFactory(), BlogIndexPageFactory()
    assert ways(client) == [courses.url, f"{courses.url}calendar/", news.url]


@pytest.mark.parametrize("hide", [make_private, Page.unpublish])
def test_what_visitors_may_not_read_is_not_offered(hide: object, client: Client) -> None:
    index = CourseIndexPageFactory()
    course = CoursePageFactory(parent=index, topics=[TopicFactory()])
    CourseRunFactory(course=course)
    contact = ContactPageFactory()
    OrganisationSettingsFactory(contact_page=contact)
    assert len(ways(client)) == 4
    for page in (index, contact):
        hide(page)
    assert ways(client) == []
    assert not main(client).find(class_="date-leaf")


def test_somebody_can_be_asked(client: Client) -> None:
    contact = ContactPageFactory()
    OrganisationSettingsFactory(contact_page=contact)
    asked = main(client).select_one(".found__ways a")
    assert (asked["href"], asked.get_text()) == (contact.url, "Ask us: somebody answers")


def test_topics_of_most_courses_come_first(client: Client) -> None:
    index = CourseIndexPageFactory()
    fern, moss, _ = (TopicFactory(slug=slug, name=slug) for slug in ("fern", "moss", "unused"))
    CoursePageFactory(topics=[fern, moss])
    CoursePageFactory(topics=[moss])
    topics = [way for way in ways(client) if "topic=" in way]
    assert topics == [f"{index.url}?topic=moss", f"{index.url}?topic=fern"]
    assert client.get(topics[0]).status_code == 200


def test_the_next_three_dates_are_shown(client: Client) -> None:
    for days in (40, 10, 30, 20, -5):
        CourseRunFactory(course=CoursePageFactory(title=f"In {days} days"), in_days=days)
    shown = main(client).select("#next-dates ~ .grid .date-leaf__title")
    assert [title.get_text() for title in shown] == ["In 10 days", "In 20 days", "In 30 days"]


def test_nothing_found_asks_the_database_no_oftener_for_more(client: Client) -> None:
    OrganisationSettingsFactory(contact_page=ContactPageFactory())
    BlogIndexPageFactory()

    def add() -> None:
        CourseRunFactory(course=CoursePageFactory(topics=[TopicFactory()]))

    address = "/search/?q=course+zzyzx+qqqq+plugh"
    add()
    assert client.get(address).context["nearest"]
    few = queries(client, address)
    for _ in range(4):
        add()
    assert len(queries(client, address)) == len(few) <= BUDGET


def test_what_only_a_way_to_learn_finds_has_no_order_to_choose(client: Client) -> None:
    for title in ("Heather", "More heather"):
        CoursePageFactory(title=title, online=True)
    assert main(client, "/search/?q=heather").find(class_="views--sort")
    assert main(client, "/search/?q=online").find(class_="results")
    assert not main(client, "/search/?q=online").find(class_="views--sort")
