"""Every page of the demo, read as a visitor, a screen reader and a search engine would."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from base.models import PersonPage, Topic
from blog.models import BlogPage
from courses.models import CoursePage, CourseRun
from home.models import HomePage
from tests import databases, markup
from tests.test_queries import BUDGET, HOME_BUDGET, queries

Pages = dict[str, bytes]

pytestmark = pytest.mark.usefixtures("demo")

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

OTHERS = [
    "/search/",
    "/search/?q=care",
    "/search/?q=qqqq",
    "/blog/?page=2",
    "/contact/?sent=1",
    "/newsletter/dull-things-that-work/?easy-read",
    "/courses/?audience=managers&level=introductory",
    "/courses/?level=advanced&price=free",
    "/courses/calendar/",
    "/courses/programme/",
    "/courses/planner/",
    "/courses/enquiries/",
]


@pytest.fixture(scope="module")
def pages(demo: None, django_db_blocker: object) -> Pages:
    """The HTML of every page by its address, and of those that are not in the tree."""
    client = Client()
    with django_db_blocker.unblock():
        live = Page.objects.live().filter(depth__gt=1).specific()
        topics = [
            f"/blog/topics/{slug}/"
            for slug in BlogPage.objects.live().values_list("topics__slug", flat=True).distinct()
            if slug
        ]
        topics += [
            f"/courses/?topic={slug}"
            for slug in CoursePage.objects.live().values_list("topics__slug", flat=True).distinct()
            if slug
        ]
        answers = {url: client.get(url) for url in [*(page.url for page in live), *OTHERS, *topics]}
        databases.connection.close()
    assert {
        url: answer.status_code for url, answer in answers.items() if answer.status_code != 200
    } == {}
    return {url: answer.content for url, answer in answers.items()}


@pytest.mark.parametrize("kind", markup.ALL)
def test_every_page_is_well_made(kind: str, pages: Pages) -> None:
    faults = {
        url: found for url, html in pages.items() if (found := list(markup.ALL[kind](read(html))))
    }
    assert faults == {}


@cache
def read(html: bytes) -> BeautifulSoup:
    """A page of the demo, read once for all questions."""
    return markup.read(html)


def addresses(pages: Pages) -> Iterator[tuple[str, str]]:
    """Every address of this site that a page leads to or loads, with the page."""
    for url, html in pages.items():
        page = read(html)
        for link in [
            *(str(tag["href"]) for tag in page.find_all("a", href=True)),
            *markup.resources(page),
        ]:
            if link.startswith("/"):
                yield url, link
            elif link.startswith("?"):
                yield url, url.split("?")[0] + link


def kind_of(address: str) -> tuple[str, ...]:
    """A path, and what is asked of it."""
    path, _, query = address.partition("?")
    return (path, *sorted({name for name, _ in parse_qsl(query)}))


@pytest.mark.django_db
def test_every_link_leads_somewhere(pages: Pages, client: Client) -> None:
    named_on = {link.split("#")[0]: url for url, link in addresses(pages)}
    # Of the hundreds of choices that a list offers, one of each kind.
    kinds = {kind_of(address): (address, url) for address, url in named_on.items()}
    broken = {}
    for address, url in kinds.values():
        if address in pages or address.startswith("/static/"):
            continue
        response = client.get(address)
        if response.streaming:
            list(response)
        if response.status_code not in (200, 302):
            broken[address] = f"{response.status_code} on {url}"
    assert broken == {}


def test_every_file_of_the_design_is_there(pages: Pages) -> None:
    names = {link.split("#")[0] for _, link in addresses(pages) if link.startswith("/static/")}
    assert names
    assert {name for name in names if not finders.find(name.removeprefix("/static/"))} == set()


def test_every_anchor_is_there(pages: Pages) -> None:
    broken = []
    for url, html in pages.items():
        page = read(html)
        ids = {tag["id"] for tag in page.find_all(id=True)}
        broken += [
            f"{tag['href']} on {url}"
            for tag in page.find_all("a", href=True)
            if tag["href"].startswith("#") and tag["href"][1:] not in ids
        ]
    assert broken == []


def test_no_two_pages_have_the_same_title(pages: Pages) -> None:
    titles: dict[str, str] = {}
    for url, html in pages.items():
        title = read(html).title.get_text()
        assert title not in titles, f"{url} and {titles[title]}: {title}"
        titles[title] = url


def test_cards_have_a_picture_that_is_not_read_aloud(pages: Pages) -> None:
    """The words beside it say all; its description belongs to the page itself."""
    wrong = [
        f"{card.h3.get_text() if card.h3 else card} on {url}"
        for url in ("/", "/blog/", "/courses/")
        for card in read(pages[url]).find_all(class_="card")
        if not card.img or card.img["alt"]
    ]
    assert wrong == []


# How much there is


@pytest.mark.django_db
def test_the_site_looks_lived_in() -> None:
    now = timezone.now()
    assert CoursePage.objects.live().count() >= 12
    assert Topic.objects.filter(coursepage__live=True).distinct().count() >= 4
    assert CourseRun.objects.count() >= 30
    assert CourseRun.objects.upcoming().count() >= 15
    assert CourseRun.objects.filter(start__lt=now).count() >= 3
    assert BlogPage.objects.live().count() >= 24
    assert Topic.objects.filter(blogpage__live=True).distinct().count() >= 6
    dates = BlogPage.objects.values_list("published_at", flat=True)
    assert max(dates) <= now
    assert max(dates) - min(dates) > dt.timedelta(days=500)


@pytest.mark.django_db
def test_people_are_marked_as_samples() -> None:
    people = PersonPage.objects.live()
    assert people.count() >= 6
    assert all(person.is_sample for person in people)
    kinds = {person.kind_of_expertise for person in people}
    assert kinds == {"learned", "lived"}


def test_samples_say_so_wherever_they_are_shown(pages: Pages) -> None:
    for url, html in pages.items():
        for person in read(html).find_all(class_="person"):
            assert "Sample person" in person.get_text(), url


@pytest.mark.django_db
def test_the_values_are_the_strapline(pages: Pages) -> None:
    names = [block.value["name"] for block in HomePage.objects.get().values]
    assert names == ["Brave", "Mindful", "Trustworthy"]
    for url, html in pages.items():
        header = read(html).find(class_="site-header")
        assert "Brave | Mindful | Trustworthy" in header.get_text(), url


@pytest.mark.django_db
def test_the_post_on_co_production_names_its_source(pages: Pages) -> None:
    quotations = [
        figure.get_text(" ", strip=True)
        for figure in read(pages["/blog/co-production-can-change-lives/"]).find_all("figure")
        if figure.blockquote
    ]
    assert any("Think Local Act Personal" in text and "2011" in text for text in quotations)


@pytest.mark.django_db
def test_dates_are_on_working_days_and_in_order() -> None:
    for run in CourseRun.objects.all():
        assert run.start < run.end
        assert timezone.localtime(run.start).weekday() < 5
        run.full_clean()


# What it asks of the database


@pytest.mark.django_db
def test_every_page_of_the_demo_keeps_to_its_budget(client: Client) -> None:
    over = {}
    for page in Page.objects.live().filter(depth__gt=1).specific():
        number = len(queries(client, page.url))
        if number > (HOME_BUDGET if isinstance(page, HomePage) else BUDGET):
            over[page.url] = number
    lists = ["/blog/?page=2", "/blog/topics/co-production/", "/blog/2026/"]
    for url in ["/search/?q=care", "/search/", *lists]:
        if (number := len(queries(client, url))) > BUDGET:
            over[url] = number
    assert over == {}


@pytest.mark.django_db
def test_reading_writes_nothing(client: Client) -> None:
    addresses = [page.url for page in Page.objects.live().filter(depth__gt=1).specific()]
    writes = {
        url: sql
        for url in [*addresses, "/search/?q=care", "/sitemap.xml", "/health/ready", "/nowhere/"]
        for sql in _writes(client, url)
    }
    assert writes == {}


def _writes(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return [query["sql"] for query in captured if query["sql"].startswith(WRITES)]
