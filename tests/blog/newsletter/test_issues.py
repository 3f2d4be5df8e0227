"""Issues as pages: what visitors, search engines and feed readers get, and what nobody gets."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date
from lxml import etree
from wagtail.models import Page

from blog.newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from blog.newsletter.models.index import ISSUES_A_PAGE
from blog.newsletter.models.issue import TAKEN_SLUGS
from tests import editor, markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    NewsletterIndexPageFactory,
    NewsletterIssuePageFactory,
    OrganisationSettingsFactory,
    TopicFactory,
    make_private,
)
from tests.test_queries import BUDGET, FEED_BUDGET, queries

from .issues import ago, button, heading, items, paragraph, picture, row

pytestmark = pytest.mark.django_db

FEED = "/newsletter/feed/"
NOON = dt.datetime(2036, 7, 20, 12, tzinfo=dt.UTC)
A_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def read(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    assert markup.faults(response.content) == []
    return markup.read(response.content)


def text_of(tag: BeautifulSoup) -> str:
    return " ".join(tag.get_text(" ").split())


def an_issue(**values: Any) -> NewsletterIssuePage:
    """An issue that came out yesterday, unless it says when."""
    issue: NewsletterIssuePage = NewsletterIssuePageFactory(
        **{"first_published_at": ago(days=1)} | values
    )
    return issue


def listed(client: Client, address: str = "/newsletter/") -> list[str]:
    return [title.get_text() for title in read(client, address).select(".listing .card__title")]


# The page


def test_an_issue_is_a_page_with_all_that_it_tells(client: Client) -> None:
    post = BlogPageFactory(title="Tea & toast", image=CustomImageFactory())
    course = CoursePageFactory(title="Medicines", summary="One day.")
    CourseRunFactory(course=course)
    issue = an_issue(
        title="July",
        intro="Tea, and dates.",
        first_published_at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC),
        body=[
            heading("A word"),
            paragraph("<p>Hello.</p>"),
            items((post, "Read this over a cup."), heading="News", interest="news"),
            items(course, heading="Dates", interest="dates"),
            picture(caption="A door, open"),
            button("See all", url="https://www.example.org/all"),
        ],
    )
    page = read(client, issue.url)
    headings = [each.get_text() for each in page.article.find_all(["h1", "h2", "h3"])]
    assert headings == ["July", "A word", "News", "Tea & toast", "Dates", "Medicines"]
    # By the clock in London.
    assert "1 July 2026" in text_of(page.header.find_next("article").header)
    for words in ("Tea, and dates.", "Hello.", "Read this over a cup.", "One day.", "A door, open"):
        assert words in text_of(page.article)
    assert "What this post says" not in text_of(page.article)
    assert page.article.find("a", string="See all")["href"] == "https://www.example.org/all"
    assert page.article.find("a", string="Tea & toast")["href"] == post.url


def test_an_issue_leads_on(client: Client, newsletter: NewsletterIndexPage) -> None:
    older, issue, newer = (
        an_issue(title=title, first_published_at=ago(days=days))
        for title, days in (("May", 60), ("June", 30), ("July", 1))
    )
    an_issue(title="Draft", live=False, first_published_at=ago(days=29))
    make_private(an_issue(title="Private", first_published_at=ago(days=31)))
    page = read(client, issue.url)
    around = page.find("nav", attrs={"aria-label": "Other issues"})
    found = {link["rel"][0]: link["href"] for link in around.find_all("a", rel=True)}
    assert found == {"prev": older.url, "next": newer.url}
    assert around.find("a", string="All issues of the newsletter")["href"] == newsletter.url
    assert page.find("form", class_="join")["action"] == "/newsletter/join/"
    assert not read(client, newer.url).find("a", rel="next")
    assert not read(client, older.url).find("a", rel="prev")


def test_of_two_issues_of_one_moment_the_later_made_is_newer(client: Client) -> None:
    moment = ago(days=1)
    first, second = (an_issue(first_published_at=moment) for _ in range(2))
    assert read(client, first.url).find("a", rel="next")["href"] == second.url
    assert read(client, second.url).find("a", rel="prev")["href"] == first.url
    assert listed(client) == [second.title, first.title]


def test_the_easy_read_edition_is_a_view_of_the_same_page(client: Client) -> None:
    post = BlogPageFactory(title="Tea")
    issue = an_issue(
        title="July",
        body=[paragraph("<p>Rather long words.</p>")],
        easy_read=[heading("Our news"), row("We wrote something.\nIt is short.", post)],
    )
    usual = read(client, issue.url)
    link = usual.article.find("a", string="Read this in Easy Read")
    page = read(client, f"{issue.url}{link['href'].removeprefix(issue.url)}")
    assert "Rather long words" not in text_of(page.article)
    assert issue.intro not in text_of(page.article)
    [shown] = page.article.select(".easy-read__row")
    assert [tag.name for tag in shown.find_all(["img", "p"])] == ["img", "p", "p"]
    assert shown.img["alt"] == "Two people plan a course at a round table"
    assert shown.find("a")["href"] == post.url
    assert text_of(shown.find("a")) == "Read more about Tea"
    assert shown.p.get_text(" ", strip=True) == "We wrote something. It is short."
    assert page.article.find("a", string="Read the usual edition")["href"] == issue.url
    # Two views, one page: search engines keep the usual one.
    for view in (usual, page):
        assert view.find("link", rel="canonical")["href"] == issue.full_url
    assert usual.title.get_text() != page.title.get_text()


def test_without_an_easy_read_edition_there_is_no_way_to_it(client: Client) -> None:
    issue = an_issue(body=[paragraph("<p>Words.</p>")])
    for address in (issue.url, f"{issue.url}?easy-read"):
        page = read(client, address)
        assert "Easy Read" not in text_of(page.article)
        assert "Words." in text_of(page.article)


def test_search_engines_are_told_what_an_issue_is(client: Client) -> None:
    OrganisationSettingsFactory(organisation_name="We & Co")
    issue = an_issue(title="July", first_published_at=dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC))
    for address in (issue.url, f"{issue.url}?easy-read"):
        script = read(client, address).find("script", type="application/ld+json")
        data = json.loads(script.get_text())
        assert (data["@context"], data["@type"]) == ("https://schema.org", "PublicationIssue")
        assert (data["name"], data["url"]) == ("July", issue.full_url)
        assert data["datePublished"] == "2026-07-01T09:00:00+01:00"
        assert data["isPartOf"]["@type"] == "Periodical"
        assert data["isPartOf"]["url"] == issue.get_parent().full_url
        assert data["publisher"]["name"] == "We & Co"


@pytest.mark.parametrize("slug", sorted(TAKEN_SLUGS))
def test_an_address_that_the_newsletter_uses_itself_is_refused(slug: str, admin: Client) -> None:
    index = NewsletterIndexPageFactory()
    url = editor.add_url(NewsletterIssuePage, index)
    data = editor.form_data(
        admin, url, NewsletterIssuePage, title="July", slug=slug, intro="What is new."
    )
    response = admin.post(url, data | {"action-publish": "1"})
    assert response.status_code == 200
    assert "The newsletter uses this address itself" in response.content.decode()
    assert not NewsletterIssuePage.objects.exists()


def test_every_address_of_the_newsletter_is_taken() -> None:
    from blog.newsletter.urls import urlpatterns

    assert {str(each.pattern).split("/")[0] for each in urlpatterns} == TAKEN_SLUGS


# The list


def test_issues_are_listed_the_newest_first(client: Client) -> None:
    for days in (30, 1, 60):
        an_issue(title=f"{days} days ago", first_published_at=ago(days=days))
    assert listed(client) == ["1 days ago", "30 days ago", "60 days ago"]
    page = read(client, "/newsletter/")
    assert page.main.find("a", href=FEED)
    assert page.find("link", rel="alternate", href=FEED)["type"] == "application/atom+xml"


def test_pages_of_the_list(client: Client) -> None:
    for number in range(ISSUES_A_PAGE + 2):
        an_issue(first_published_at=ago(days=number))
    first, second = listed(client, "/newsletter/?page=1"), listed(client, "/newsletter/?page=2")
    assert (len(first), len(second)) == (ISSUES_A_PAGE, 2)
    assert not set(first) & set(second)
    page = read(client, "/newsletter/?page=2")
    assert page.select_one('a[rel="prev"]')["href"] == "?page=1"
    assert "page 2" in page.title.get_text()
    assert page.find("link", rel="canonical")["href"].endswith("/newsletter/?page=2")
    for number in ("0", "3", "x", "", "9" * 5_000):
        assert client.get(f"/newsletter/?page={number}").status_code == 404


def test_before_the_first_issue_there_is_no_list(client: Client) -> None:
    NewsletterIndexPageFactory()
    an_issue(live=False)
    page = read(client, "/newsletter/")
    assert "issues" not in text_of(page.main)
    assert not page.find_all(href=FEED)
    assert page.find("form", class_="form")


# Who sees what


def private(issue: NewsletterIssuePage) -> None:
    make_private(issue)


def a_draft(issue: NewsletterIssuePage) -> None:
    issue.unpublish()


def expired(issue: NewsletterIssuePage) -> None:
    issue.expire_at = ago(minutes=1)
    issue.save_revision().publish()
    call_command("publish_scheduled")


@pytest.mark.parametrize("hide", [private, a_draft, expired])
def test_an_issue_that_is_not_public_is_nowhere(
    hide: Callable[[NewsletterIssuePage], None], client: Client
) -> None:
    an_issue(title="Another")
    issue = an_issue(title="Marmalade day", slug="marmalade-day")
    addresses = ["/newsletter/", FEED, "/search/?q=marmalade", "/sitemap.xml", issue.url]
    ways = [(address, {}) for address in addresses] + [(FEED, {"accept": A_BROWSER})]
    for address, headers in ways:
        assert "marmalade-day" in client.get(address, headers=headers).content.decode()
    hide(issue)
    for address, headers in ways:
        text = client.get(address, headers=headers).content.decode()
        assert "marmalade-day" not in text, address
        assert "Marmalade day" not in text, address


def test_searches_find_issues_as_such(client: Client) -> None:
    an_issue(title="July", body=[paragraph("<p>All about marmalade.</p>")])
    page = read(client, "/search/?q=marmalade")
    [card] = page.select("ol.results .card--row")
    assert card.find("a")["href"].endswith("/newsletter/july/")
    assert "Newsletter" in text_of(card.select_one(".card__meta"))
    found = read(client, "/search/?q=marmalade&type=Newsletter")
    assert len(found.select("ol.results .card--row")) == 1


def hide(page: Page) -> None:
    page.unpublish()


@pytest.mark.parametrize("hide", [hide, make_private])
def test_pages_that_are_not_public_leave_no_trace_in_an_issue(
    hide: Callable[[Page], object], client: Client
) -> None:
    post, other = BlogPageFactory(title="Marmalade"), BlogPageFactory(title="Tea")
    issue = an_issue(
        body=[items((post, "On toast."), other), items(post, heading="Only this")],
        easy_read=[row("Something new.", post)],
    )
    hide(post)
    for address in (issue.url, f"{issue.url}?easy-read", FEED):
        text = client.get(address).content.decode()
        assert "<h1" in text or "Tea" in text
        for words in ("Marmalade", "On toast", "Only this", post.slug):
            assert words not in text, address
    assert "Nothing found" in client.get("/search/?q=toast").content.decode()


# The feed


def parsed(client: Client) -> feedparser.FeedParserDict:
    response = client.get(FEED)
    assert response.status_code == 200
    etree.fromstring(response.content)
    feed = feedparser.parse(
        response.content, response_headers={"content-type": response["Content-Type"]}
    )
    assert not feed.bozo, feed.bozo_exception
    return feed


def test_an_entry_tells_all_of_the_issue(client: Client) -> None:
    OrganisationSettingsFactory(organisation_name="We & Co")
    post = BlogPageFactory(title="Tea & toast", slug="tea", image=CustomImageFactory())
    issue = an_issue(
        title="July & August",
        intro="Keep <well>.",
        first_published_at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC),
        body=[
            heading("A word"),
            paragraph('<p>Hello. <a href="/courses/">Our courses</a></p>'),
            items((post, "Over a cup."), heading="News", interest="news"),
            picture(caption="A door"),
            button("See all", post),
        ],
    )
    feed = parsed(client)
    assert "We & Co" in feed.feed.title
    assert feed.feed.links[0].href == "http://localhost/newsletter/"
    [entry] = feed.entries
    assert entry.title in ("July & August", "July &amp; August")
    assert entry.link == issue.full_url
    assert entry.id == f"urn:uuid:{issue.translation_key}"
    assert dt.datetime(*entry.published_parsed[:6], tzinfo=dt.UTC) == issue.first_published_at
    content = markup.read(entry.content[0].value)
    assert [h.get_text() for h in content.find_all(["h2", "h3"])] == [
        "A word",
        "News",
        "Tea & toast",
    ]
    for words in ("Hello.", "Over a cup.", "A door", "See all"):
        assert words in text_of(content)
    addresses = [tag.get("href") or tag.get("src") for tag in content.find_all(["a", "img"])]
    assert addresses.count(post.full_url) == 2
    assert "http://localhost/courses/" in addresses
    assert all(address.startswith("http://localhost/") for address in addresses)
    own = etree.fromstring(client.get(FEED).content)
    assert own.xpath("string(atom:id)", namespaces=ATOM) == "http://localhost/newsletter/feed/"


def test_a_browser_gets_a_page_to_read(client: Client) -> None:
    issue = an_issue(title="July", first_published_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
    response = client.get(FEED, headers={"accept": A_BROWSER})
    assert response["Content-Type"].startswith("text/html")
    assert "Accept" in response["Vary"]
    assert markup.faults(response.content) == []
    page = markup.read(response.content)
    assert page.code.get_text() == "http://localhost/newsletter/feed/"
    assert page.main.find("a", string="July")["href"] == issue.url
    assert "1 July 2026" in text_of(page.main)


def test_a_feed_of_no_public_newsletter_is_not_found(client: Client) -> None:
    assert client.get(FEED).status_code == 404
    index = NewsletterIndexPageFactory()
    assert parsed(client).entries == []
    make_private(index)
    assert client.get(FEED).status_code == 404


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make it some seconds past noon on a day long after the site was made."""

    def at(seconds: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOON + dt.timedelta(seconds=seconds))

    return at


def correct(issue: NewsletterIssuePage) -> None:
    issue.intro = "Put right."
    issue.save_revision().publish()


def unpublish_what_it_tells_of(issue: NewsletterIssuePage) -> None:
    issue.body[0].value["pages"][0]["page"].specific.unpublish()


@pytest.mark.parametrize(
    "change",
    [
        correct,
        unpublish_what_it_tells_of,
        NewsletterIssuePage.unpublish,
        NewsletterIssuePage.delete,
        make_private,
    ],
)
def test_a_reader_that_has_it_all_gets_nothing_until_something_changes(
    change: Callable[[NewsletterIssuePage], object], at: Callable[[int], None], client: Client
) -> None:
    at(0)
    issue = an_issue(body=[items(BlogPageFactory(title="Tea"))])
    an_issue(title="Another")
    issue.save_revision().publish()
    at(1)
    first = client.get(FEED)
    assert first["Last-Modified"] == http_date(NOON.timestamp())
    known = [{"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}]
    for headers in known:
        again = client.get(FEED, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    at(2)
    change(issue)
    at(3)
    for headers in known:
        assert client.get(FEED, headers=headers).status_code == 200
    assert parsed(client).feed.updated == "2036-07-20T12:00:02+00:00"


def test_a_new_date_changes_nothing_in_the_feed(client: Client) -> None:
    """Nobody published anything, so that a reader that knows only the time would miss it."""
    run = CourseRunFactory(in_days=28)
    an_issue(body=[items(run.course)])
    before = client.get(FEED).content
    assert run.course.title in before.decode()
    CourseRunFactory(course=run.course, in_days=14)
    assert client.get(FEED).content == before


# What it asks of the database


def much() -> list[dict[str, Any]]:
    """Several sections of several kinds of pages, with pictures."""
    topics = [TopicFactory()]
    posts = [BlogPageFactory(image=CustomImageFactory(), topics=topics) for _ in range(2)]
    runs = [CourseRunFactory(course__image=CustomImageFactory()) for _ in range(2)]
    return [
        items(*posts, heading="News"),
        items(*(run.course for run in runs), posts[0], heading="Dates"),
        picture(),
        picture(),
        paragraph(f'<p><a linktype="page" id="{posts[0].pk}">Tea</a></p>'),
    ]


def test_a_long_issue_asks_as_often_as_a_short_one(client: Client) -> None:
    OrganisationSettingsFactory()
    short, long = an_issue(body=much()), an_issue(body=[*much(), *much()[:4], *much()[:4]])
    # Within the budget if it is for words, news and dates; pictures and links ask besides.
    plain = an_issue(body=[paragraph("<p>Hello.</p>"), *much()[:2]])
    assert len(queries(client, plain.url)) <= BUDGET
    assert len(queries(client, long.url)) == len(queries(client, short.url))
    post = BlogPageFactory()
    short, long = (an_issue(easy_read=[row("Tea.", post)] * number) for number in (2, 20))
    addresses = [f"{issue.url}?easy-read" for issue in (short, long)]
    few, many = (len(queries(client, address)) for address in addresses)
    assert few == many <= BUDGET


@pytest.mark.parametrize(("address", "most"), [("/newsletter/", BUDGET), (FEED, FEED_BUDGET)])
def test_one_issue_or_twelve(address: str, most: int, client: Client) -> None:
    OrganisationSettingsFactory()
    an_issue(body=much())
    few = queries(client, address)
    for _ in range(11):
        an_issue(body=much())
    many = queries(client, address)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(many) <= most
