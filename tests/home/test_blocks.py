"""The blocks that show courses and news: always what is public now."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from base.blocks import BodyBlock
from base.models import Topic
from home.blocks import MAX_POSTS, POSTS, HomeBodyBlock, ValueBlock
from home.models import HomePage
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    StandardPageFactory,
    TopicFactory,
    make_private,
)

pytestmark = pytest.mark.django_db

BODY = HomeBodyBlock()


def show(name: str, value: Any) -> BeautifulSoup:
    return markup.read(BODY.render(BODY.to_python([{"type": name, "value": value}])))


def courses(*chosen: Page, heading: str = "Where to begin") -> BeautifulSoup:
    return show("courses", {"heading": heading, "courses": [course.pk for course in chosen]})


def news(topic: Topic | None = None, count: int | None = 6, heading: str = "News") -> BeautifulSoup:
    topic_key = topic and topic.pk
    return show("latest_news", {"heading": heading, "topic": topic_key, "count": count})


def titles(page: BeautifulSoup) -> list[str]:
    return [tag.a.text for tag in page.select(".card__title")]


def is_nothing(page: BeautifulSoup) -> bool:
    return not str(page).strip()


def queries(render: Callable[[], object]) -> int:
    render()
    with CaptureQueriesContext(connection) as captured:
        render()
    return len(captured)


def test_it_holds_all_blocks_of_the_foundation() -> None:
    assert BODY.child_blocks.keys() - BodyBlock().child_blocks.keys() == {"courses", "latest_news"}


# Courses


def test_courses_stand_in_the_chosen_order() -> None:
    first, second = CoursePageFactory(), CoursePageFactory()
    page = courses(second, first)
    assert page.h2.text == "Where to begin"
    assert titles(page) == [second.title, first.title]


def test_a_course_shows_its_next_date() -> None:
    run = CourseRunFactory()
    assert f"{run.start:%Y-%m-%d}" in str(courses(run.course))


@pytest.mark.parametrize("lose", [Page.unpublish, Page.delete, make_private])
def test_courses_that_are_gone_are_not_shown(lose: Callable[[Page], Any]) -> None:
    stays, goes = CoursePageFactory(), CoursePageFactory()
    value = {"heading": "Where to begin", "courses": [goes.pk, stays.pk]}
    alone = value | {"courses": [goes.pk]}
    assert titles(show("courses", value)) == [goes.title, stays.title]
    lose(goes)
    assert titles(show("courses", value)) == [stays.title]
    assert is_nothing(show("courses", alone))


def test_many_courses_cost_no_more_than_two() -> None:
    chosen = [
        CourseRunFactory(
            course=CoursePageFactory(image=CustomImageFactory(), topics=[TopicFactory()])
        ).course
        for _ in range(5)
    ]
    assert queries(lambda: courses(*chosen[:2])) == queries(lambda: courses(*chosen))


# News


def test_the_newest_posts_come_first() -> None:
    posts = [BlogPageFactory() for _ in range(4)]
    assert titles(news(count=3)) == [post.title for post in posts[:0:-1]]


def test_news_on_one_topic() -> None:
    topic = TopicFactory()
    about = BlogPageFactory(topics=[topic, TopicFactory()])
    BlogPageFactory(topics=[TopicFactory()])
    assert titles(news(topic)) == [about.title]


@pytest.mark.parametrize("lose", [Page.unpublish, Page.delete, make_private])
def test_news_that_is_gone_is_not_shown(lose: Callable[[Page], Any]) -> None:
    stays, goes = BlogPageFactory(), BlogPageFactory()
    lose(goes)
    assert titles(news()) == [stays.title]
    stays.unpublish()
    assert is_nothing(news())


def test_without_news_there_is_no_heading() -> None:
    BlogPageFactory()
    assert is_nothing(news(TopicFactory()))


@pytest.mark.parametrize("count", [0, MAX_POSTS + 1])
def test_the_number_of_posts_has_limits(count: int) -> None:
    block = BODY.child_blocks["latest_news"]
    value = block.to_python({"heading": "", "topic": None, "count": count})
    with pytest.raises(Exception, match="Validation error"):
        block.clean(value)


def test_a_draft_without_a_number_shows_the_usual_one() -> None:
    for _ in range(POSTS + 2):
        BlogPageFactory()
    assert len(titles(news(count=None))) == POSTS


def test_many_posts_cost_no_more_than_two() -> None:
    for _ in range(5):
        BlogPageFactory(image=CustomImageFactory(), topics=[TopicFactory()])
    assert queries(lambda: news(count=2)) == queries(lambda: news(count=5))


@pytest.mark.parametrize(("heading", "level"), [("Read on", "h3"), ("", "h2")])
def test_cards_leave_no_gap_in_the_headings(heading: str, level: str) -> None:
    course = CoursePageFactory()
    BlogPageFactory()
    for page in (courses(course, heading=heading), news(heading=heading)):
        assert page.select_one(".card__title").name == level


# Values, and the whole


def test_a_value_is_a_statement_of_practice() -> None:
    block = ValueBlock()
    page = markup.read(block.render(block.get_preview_value()))
    assert page.section["class"] == ["value", "tone-mindful"]
    assert page.h2.text == "Mindful"


def test_a_page_of_every_block_is_well_made(client: Any, home: HomePage) -> None:
    """Each block as its preview shows it, twice, on one page that a browser would load."""
    CustomImageFactory()
    CourseRunFactory()
    BlogPageFactory()
    blocks = [
        (name, block.get_prep_value(block.get_preview_value()))
        for name, block in [*BODY.child_blocks.items()] * 2
    ]
    page = StandardPageFactory(
        body=[{"type": name, "value": value} for name, value in blocks if value]
    )
    response = client.get(page.url)
    assert response.status_code == 200
    assert markup.faults(response.content) == []
