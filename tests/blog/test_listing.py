"""The news: newest first, twelve a page, by topic, author, year and month."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from blog.models import POSTS_A_PAGE
from tests import markup
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CoursePageFactory,
    PersonPageFactory,
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
    learning, rights = TopicFactory(name="Learning"), TopicFactory(name="Rights", slug="rights")
    both = BlogPageFactory(title="On both", topics=[learning, rights])
    BlogPageFactory(title="On learning", topics=[learning])
    BlogPageFactory(title="On nothing")
    assert titles(client, "/blog/topics/rights/") == [both.title]
    assert sorted(titles(client, f"/blog/topics/{learning.slug}/")) == ["On both", "On learning"]
    page = markup.read(client.get("/blog/topics/rights/").content)
    assert page.select_one(".filter [aria-current]").get_text(strip=True) == "Rights"


def test_posts_of_one_author(client: Client) -> None:
    amina, bob = PersonPageFactory(title="Amina", slug="amina"), PersonPageFactory(title="Bob")
    BlogPageFactory(title="By both", authors=[amina, bob])
    BlogPageFactory(title="By Bob", authors=[bob])
    assert titles(client, "/blog/authors/amina/") == ["By both"]
    assert sorted(titles(client, f"/blog/authors/{bob.slug}/")) == ["By Bob", "By both"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("2025/", ["December", "First of January"]),
        ("2025/12/", ["December"]),
        ("2025/01/", ["First of January"]),
        ("2026/", ["Summer"]),
        ("2026/07/", ["Summer"]),
    ],
)
def test_posts_of_a_year_or_a_month(address: str, shown: list[str], client: Client) -> None:
    moments = {
        "First of January": dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        "December": dt.datetime(2025, 12, 31, 23, 59, tzinfo=dt.UTC),
        # In London this is the first of July.
        "Summer": dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC),
    }
    for title, moment in moments.items():
        BlogPageFactory(title=title, published_at=moment)
    assert titles(client, f"/blog/{address}") == shown


def test_a_post_leads_to_its_month(client: Client) -> None:
    # In London this is the first of July.
    post = BlogPageFactory(published_at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC))
    page = markup.read(client.get(post.url).content)
    assert page.select_one(".page-head__meta time").parent["href"] == "/blog/2026/07/"
    assert titles(client, "/blog/2026/07/") == [post.title]


def test_the_archive_leads_to_every_month_with_posts(client: Client) -> None:
    for month in (1, 3, 3):
        BlogPageFactory(published_at=dt.datetime(2025, month, 10, tzinfo=dt.UTC))
    BlogPageFactory(published_at=dt.datetime(2025, 2, 10, tzinfo=dt.UTC), live=False)
    page = markup.read(client.get("/blog/").content)
    links = [link["href"] for link in page.select(".archive a")]
    assert links == ["/blog/2025/", "/blog/2025/03/", "/blog/2025/01/"]
    for link in links:
        assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("topics/rights/", "Rights"),
        ("authors/amina/", "Posts by Amina"),
        ("2025/", "News from 2025"),
        ("2025/03/", "News from March 2025"),
    ],
)
def test_a_part_of_the_news_stands_for_itself(address: str, heading: str, client: Client) -> None:
    BlogPageFactory(
        topics=[TopicFactory(name="Rights", slug="rights")],
        authors=[PersonPageFactory(title="Amina", slug="amina")],
        published_at=dt.datetime(2025, 3, 10, tzinfo=dt.UTC),
    )
    page = markup.read(client.get(f"/blog/{address}").content)
    assert page.h1.get_text() == heading
    assert page.title.get_text().startswith(heading)
    assert page.find("link", rel="canonical")["href"] == f"http://localhost/blog/{address}"
    crumbs = page.select_one(".breadcrumbs").get_text(" ", strip=True)
    assert crumbs == f"Home News {heading}"
    whole = markup.read(client.get("/blog/").content)
    descriptions = [each.find("meta", {"name": "description"})["content"] for each in (page, whole)]
    assert len(set(descriptions)) == 2
    own = [link["href"] for link in page.find_all("link", type="application/atom+xml")]
    assert own == ["/blog/feed/", f"/blog/{address}feed/"]
    assert not markup.faults(client.get(f"/blog/{address}").content)


def test_the_topics_offered_are_those_of_readable_posts(client: Client) -> None:
    BlogPageFactory(topics=[TopicFactory(name="Offered")])
    BlogPageFactory(topics=[TopicFactory(name="Only in a draft")], live=False)
    make_private(BlogPageFactory(topics=[TopicFactory(name="Only in private")]))
    CoursePageFactory(topics=[TopicFactory(name="Only of a course")])
    TopicFactory(name="Of nothing")
    page = markup.read(client.get("/blog/").content)
    offered = [link.get_text(strip=True) for link in page.select(".filter a")]
    assert offered == ["All news", "Offered"]


@pytest.mark.parametrize(
    "address",
    [
        *(f"topics/{slug}/" for slug in ("nothing", "%00", "a/b", "x" * 500, "'", "of-a-draft")),
        *(f"authors/{slug}/" for slug in ("nobody", "%00", "of-a-draft", "private", "writes-not")),
        *("0000/", "2024/", "9999/", "2025/00/", "2025/13/", "2025/04/", "2025/3/", "²025/"),
        *(
            "topics/",
            "authors/",
            "topics/nothing/feed/",
            "authors/nobody/feed/",
            "2024/feed/",
            "2025/04/feed/",
        ),
    ],
)
def test_a_list_without_posts_is_not_found(address: str, client: Client) -> None:
    PersonPageFactory(slug="writes-not")
    private = make_private(PersonPageFactory(slug="private"))
    BlogPageFactory(authors=[private], published_at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC))
    BlogPageFactory(
        topics=[TopicFactory(slug="of-a-draft")],
        authors=[PersonPageFactory(slug="of-a-draft")],
        live=False,
    )
    assert client.get(f"/blog/{address}").status_code == 404


@pytest.mark.parametrize("slug", ["feed", "rss", "topics", "authors", "2026"])
def test_a_post_does_not_take_an_address_of_the_news(slug: str) -> None:
    post = BlogPageFactory()
    post.slug = slug
    with pytest.raises(ValidationError, match="uses this address itself"):
        post.full_clean()


def test_a_topic_keeps_through_the_pages(client: Client) -> None:
    topic = TopicFactory(slug="rights")
    for _ in range(POSTS_A_PAGE + 1):
        BlogPageFactory(topics=[topic])
    page = markup.read(client.get("/blog/topics/rights/").content)
    assert page.select_one('a[rel="next"]')["href"] == "?page=2"
    assert len(titles(client, "/blog/topics/rights/?page=2")) == 1


def test_the_panel_about_the_news_is_there_only_when_written(client: Client) -> None:
    index = BlogIndexPageFactory()
    assert "About the news" not in client.get("/blog/").content.decode()
    index.about_heading, index.about_text = "Who writes this", "<p>People who know.</p>"
    index.save()
    text = markup.read(client.get("/blog/").content).main.get_text()
    assert "Who writes this" in text
    assert "People who know." in text
