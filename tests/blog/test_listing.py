"""The news: newest first, twelve a page, by topic."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import POSTS_A_PAGE
from tests import markup
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CoursePageFactory,
    TopicFactory,
    make_private,
)

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str = "/blog/") -> list[str]:
    page = markup.read(client.get(address).content)
    return [title.get_text() for title in page.select(".listing .card__title")]


def test_the_newest_comes_first(client: Client) -> None:
    now = timezone.now()
    for days in (3, 1, 2):
        BlogPageFactory(title=f"{days} days ago", published_at=now - dt.timedelta(days=days))
    assert titles(client) == ["1 days ago", "2 days ago", "3 days ago"]


def test_posts_of_the_same_minute_keep_their_order(client: Client) -> None:
    now = timezone.now()
    for number in range(5):
        BlogPageFactory(title=f"Post {number}", published_at=now)
    assert titles(client) == [f"Post {number}" for number in (4, 3, 2, 1, 0)]


def test_only_what_every_visitor_may_read_is_listed(client: Client) -> None:
    BlogPageFactory(title="Public")
    BlogPageFactory(title="Draft", live=False)
    make_private(BlogPageFactory(title="Private"))
    assert titles(client) == ["Public"]


def test_pages_of_the_list(client: Client) -> None:
    for _ in range(POSTS_A_PAGE + 2):
        BlogPageFactory()
    first, second = titles(client, "/blog/?page=1"), titles(client, "/blog/?page=2")
    assert (len(first), len(second)) == (POSTS_A_PAGE, 2)
    assert not set(first) & set(second)
    page = markup.read(client.get("/blog/?page=2").content)
    assert page.select_one('a[rel="prev"]')["href"] == "?page=1"
    assert page.select_one('a[rel="next"]') is None
    assert "page 2" in page.title.get_text()
    assert page.find("link", rel="canonical")["href"].endswith("/blog/?page=2")


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "3", "99999", "abc", "", "1.0", "1e9", "%00", "²", "9" * 5_000, " 1", "+1"],
    ids=lambda number: number[:8],
)
def test_a_page_that_does_not_exist_is_not_found(number: str, client: Client) -> None:
    for _ in range(POSTS_A_PAGE + 1):
        BlogPageFactory()
    assert client.get(f"/blog/?page={number}").status_code == 404


def test_an_empty_list_says_what_to_do(client: Client) -> None:
    BlogIndexPageFactory()
    page = markup.read(client.get("/blog/").content)
    assert "Nothing here yet" in page.main.get_text()
    assert client.get("/blog/?page=2").status_code == 404


def test_posts_on_one_topic(client: Client) -> None:
    learning, rights = TopicFactory(name="Learning"), TopicFactory(name="Rights")
    both = BlogPageFactory(title="On both", topics=[learning, rights])
    BlogPageFactory(title="On learning", topics=[learning])
    BlogPageFactory(title="On nothing")
    assert titles(client, f"/blog/?topic={rights.slug}") == [both.title]
    assert sorted(titles(client, f"/blog/?topic={learning.slug}")) == ["On both", "On learning"]
    page = markup.read(client.get(f"/blog/?topic={rights.slug}").content)
    assert page.select_one(".filter [aria-current]").get_text(strip=True) == "Rights"
    assert page.title.get_text().startswith("Rights")


def test_the_topics_offered_are_those_of_readable_posts(client: Client) -> None:
    BlogPageFactory(topics=[TopicFactory(name="Offered")])
    BlogPageFactory(topics=[TopicFactory(name="Only in a draft")], live=False)
    make_private(BlogPageFactory(topics=[TopicFactory(name="Only in private")]))
    CoursePageFactory(topics=[TopicFactory(name="Only of a course")])
    TopicFactory(name="Of nothing")
    page = markup.read(client.get("/blog/").content)
    offered = [link.get_text(strip=True) for link in page.select(".filter a")]
    assert offered == ["All news", "Offered"]


@pytest.mark.parametrize("slug", ["nothing", "%00", "a/b", "x" * 500, "'", "of-a-draft"])
def test_an_unknown_topic_is_not_found(slug: str, client: Client) -> None:
    BlogPageFactory(topics=[TopicFactory(slug="of-a-draft")], live=False)
    assert client.get(f"/blog/?topic={slug}").status_code == 404


def test_a_topic_keeps_through_the_pages(client: Client) -> None:
    topic = TopicFactory(slug="rights")
    for _ in range(POSTS_A_PAGE + 1):
        BlogPageFactory(topics=[topic])
    page = markup.read(client.get("/blog/?topic=rights").content)
    assert page.select_one('a[rel="next"]')["href"] == "?topic=rights&page=2"
    assert len(titles(client, "/blog/?topic=rights&page=2")) == 1


def test_the_panel_about_the_news_is_there_only_when_written(client: Client) -> None:
    index = BlogIndexPageFactory()
    assert "About the news" not in client.get("/blog/").content.decode()
    index.about_heading, index.about_text = "Who writes this", "<p>People who know.</p>"
    index.save()
    text = markup.read(client.get("/blog/").content).main.get_text()
    assert "Who writes this" in text
    assert "People who know." in text
