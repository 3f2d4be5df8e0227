"""The catalogue: what narrows it down, how many that leaves, and the addresses that say so."""

from itertools import combinations
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from courses.catalogue import Catalogue
from courses.facets import FACETS, Length, PriceBand, Selection
from courses.models import CourseIndexPage, CourseRun
from courses.models.index import COURSES_A_PAGE
from tests import markup
from tests.courses.listing import asked, listed, month_of, save
from tests.factories import (
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    TopicFactory,
    VenueFactory,
    make_private,
)
from tests.test_queries import BUDGET

pytestmark = pytest.mark.django_db


# One facet


@pytest.mark.parametrize(
    ("facet", "value"),
    [
        ("topic", "sleep"),
        ("audience", "night-staff"),
        ("place", "leeds"),
        ("length", "half-day"),
        ("level", "advanced"),
        ("standard", "9"),
        ("price", "to-50"),
        ("month", "THE MONTH"),
    ],
)
def test_a_facet_leaves_what_has_its_value(
    facet: str, value: str, night: CourseRun, client: Client
) -> None:
    value = month_of(night) if facet == "month" else value
    assert listed(client, **{facet: value}) == ["Care at night"]
    link = markup.read(client.get("/courses/").content).find("a", href=f"/courses/?{facet}={value}")
    assert link.find(class_="facet__count").get_text() == "1 course"


def test_a_course_that_is_given_in_several_ways_is_found_by_each(client: Client) -> None:
    CoursePageFactory(title="Both", online=True)
    CoursePageFactory(title="Ours", in_person=False, in_house=True)
    assert listed(client, delivery="in-person") == ["Both"]
    assert listed(client, delivery="online") == ["Both"]
    assert listed(client, delivery="in-house") == ["Ours"]


def test_a_place_is_a_town_with_dates_to_come(client: Client) -> None:
    CourseRunFactory(course__title="Past", venue__town="Hull", in_days=-3)
    CourseRunFactory(course__title="Nameless", venue__town="", venue__name="The Old Hall")
    CourseRunFactory(course__title="At home", online=True)
    cancelled = CourseRunFactory(venue__town="Derby")
    CourseRun.objects.filter(pk=cancelled.pk).update(cancelled_at=timezone.now())
    page = markup.read(client.get("/courses/").content)
    places = [
        dict(parse_qsl(urlsplit(link["href"]).query))["place"]
        for link in page.select(".facet a[href*='place=']")
    ]
    assert places == ["the-old-hall", "online"]
    assert listed(client, place="online") == ["At home"]


@pytest.mark.parametrize(
    ("minutes", "band"),
    [(None, ""), (15, "half-day"), (240, "half-day"), (241, "day"), (480, "day"), (481, "longer")],
)
def test_the_bands_of_lengths(minutes: int | None, band: str) -> None:
    assert Length.of(minutes) == band


@pytest.mark.parametrize(
    ("price", "band"),
    [
        (None, "ask"),
        (0, "free"),
        (0.01, "to-50"),
        (50, "to-50"),
        (50.01, "to-100"),
        (100, "to-100"),
        (200, "to-200"),
        (200.01, "over-200"),
    ],
)
def test_the_bands_of_prices(price: float | None, band: str) -> None:
    assert PriceBand.of(price) == band


def test_only_what_the_public_may_read_is_counted(client: Client) -> None:
    topic = TopicFactory()
    CoursePageFactory(topics=[topic])
    CoursePageFactory(topics=[topic]).unpublish()
    make_private(CoursePageFactory(topics=[topic]))
    link = markup.read(client.get("/courses/").content).find(
        "a", href=f"/courses/?topic={topic.slug}"
    )
    assert link.find(class_="facet__count").get_text() == "1 course"


# Facets that combine


def everything_chosen(night: CourseRun) -> dict[str, str]:
    return {
        "topic": "sleep",
        "audience": "night-staff",
        "delivery": "in-person",
        "place": "leeds",
        "month": month_of(night),
        "length": "half-day",
        "level": "advanced",
        "standard": "9",
        "price": "to-50",
        "places": "yes",
    }


def test_all_of_them_at_once(night: CourseRun, client: Client) -> None:
    chosen = everything_chosen(night)
    assert list(chosen) == list(FACETS)
    assert listed(client, **chosen) == ["Care at night"]


def test_a_count_is_what_its_link_finds(night: CourseRun, client: Client) -> None:
    """For every pair of facets, and every link on the page that they make."""
    CourseRunFactory(
        course__title="Third", course__level="advanced", online=True, course__online=True
    )
    CoursePageFactory(title="No dates", price=None, topics=[night.course.topics.first()])
    index = CourseIndexPage.objects.get()
    chosen = everything_chosen(night)
    catalogue = Catalogue.of(index)
    for pair in combinations(chosen, 2):
        selection = Selection({name: chosen[name] for name in pair})
        for facet in catalogue.facets(selection):
            for option in facet.options:
                if not option.is_chosen:
                    assert len(catalogue.find(option.selection)) == option.count > 0
    page = markup.read(client.get("/courses/", {"level": "advanced"}).content)
    for link in page.select(".facet a:not([aria-current])"):
        count = int(link.find(class_="facet__count").get_text().split()[0])
        found = markup.read(client.get(link["href"]).content).select(".listing .card")
        assert len(found) == count, link["href"]


def test_links_are_written_in_one_way(night: CourseRun, client: Client) -> None:
    chosen = everything_chosen(night)
    backwards = dict(reversed(chosen.items())) | {"utm_source": "mail"}
    page = markup.read(client.get("/courses/", backwards).content)
    for link in page.select(".facet a, .chosen a"):
        names = [name for name, _ in parse_qsl(urlsplit(link["href"]).query)]
        assert names == [name for name in FACETS if name in names]
    canonical = page.find("link", rel="canonical")["href"]
    assert [name for name, _ in parse_qsl(urlsplit(canonical).query)] == list(FACETS)


def test_what_is_chosen_can_be_taken_back_one_by_one(night: CourseRun, client: Client) -> None:
    page = markup.read(client.get("/courses/", {"topic": "sleep", "level": "advanced"}).content)
    links = {
        " ".join(link.get_text(" ").split()): link["href"] for link in page.select(".chosen a")
    }
    assert links == {
        "Take away: Topic, Sleep": "/courses/?level=advanced",
        "Take away: Level, Advanced": "/courses/?topic=sleep",
        "Clear all": "/courses/",
    }
    current = page.select(".facet a[aria-current]")
    assert {link["href"] for link in current} == {
        "/courses/?level=advanced",
        "/courses/?topic=sleep",
    }
    assert not markup.read(client.get("/courses/").content).select(".chosen")


def test_nothing_found_offers_the_nearest_wider_choice(night: CourseRun, client: Client) -> None:
    for number in range(3):
        CoursePageFactory(title=f"Free {number}", price=0)
    chosen = {"topic": "sleep", "price": "free"}
    page = markup.read(client.get("/courses/", chosen).content)
    empty = page.find(class_="empty")
    assert "3 courses fit" in empty.get_text()
    assert empty.a["href"] == "/courses/?price=free"
    assert empty.a.get_text() == "Look without “Sleep”"
    far = {"topic": "sleep", "price": "free", "level": "intermediate"}
    empty = markup.read(client.get("/courses/", far).content).find(class_="empty")
    assert empty.a["href"] == "/courses/"


# Sorting, pages


def test_sorting(client: Client) -> None:
    for title, price, days in (("B", 20, 30), ("a", None, 10), ("C", 10, 20)):
        CourseRunFactory(course__title=title, course__price=price, in_days=days)
    CoursePageFactory(title="No date", price=0)
    assert listed(client) == ["a", "C", "B", "No date"]
    assert listed(client, sort="title") == ["a", "B", "C", "No date"]
    assert listed(client, sort="price") == ["No date", "C", "B", "a"]


def test_a_long_list_comes_in_pages(client: Client) -> None:
    for number in range(COURSES_A_PAGE + 1):
        CoursePageFactory(
            title=f"Course {number:02}", level="advanced" if number else "introductory"
        )
    first = client.get("/courses/", {"sort": "title"})
    page = markup.read(first.content)
    assert len(page.select(".listing .card")) == COURSES_A_PAGE
    assert "25 courses" in page.get_text()
    onward = page.find("a", rel="next")["href"]
    assert onward == "?sort=title&page=2"
    assert listed(client, sort="title", page="2") == [f"Course {COURSES_A_PAGE:02}"]
    second = markup.read(client.get("/courses/", {"page": "2"}).content)
    assert second.find("link", rel="canonical")["href"].endswith("/courses/?page=2")


# Addresses


@pytest.mark.parametrize("value", ["x", "\x00", "'", "-1", "9" * 5_000, "²", "2027-13", "0", "😀"])
def test_nonsense_is_not_found(value: str, client: Client) -> None:
    CourseIndexPageFactory()
    for facet in [*FACETS, "sort", "page"]:
        assert client.get("/courses/", {facet: value}).status_code == 404, facet


@pytest.mark.parametrize(
    "address", ["?topic=", "?utm_source=mail", "?level=&sort=", "?month=2020-01"]
)
def test_what_says_nothing_is_overlooked(address: str, client: Client) -> None:
    CourseIndexPageFactory()
    assert client.get(f"/courses/{address}").status_code == 200


@pytest.mark.parametrize(
    ("chosen", "is_indexed", "canonical"),
    [
        ({}, True, "/courses/"),
        ({"topic": "sleep"}, True, "/courses/?topic=sleep"),
        ({"sort": "title"}, True, "/courses/"),
        ({"topic": "sleep", "sort": "price"}, True, "/courses/?topic=sleep"),
        ({"level": "advanced"}, False, "/courses/?level=advanced"),
        ({"topic": "sleep", "level": "advanced"}, False, "/courses/?topic=sleep&level=advanced"),
        ({"topic": "sleep", "price": "ask"}, False, "/courses/?topic=sleep&price=ask"),
    ],
    ids=str,
)
def test_search_engines_keep_the_list_and_its_topics(
    chosen: dict[str, str], is_indexed: bool, canonical: str, night: CourseRun, client: Client
) -> None:
    CoursePageFactory(price=None)
    response = client.get("/courses/", chosen)
    page = markup.read(response.content)
    assert (page.find("meta", attrs={"name": "robots"}) is None) is is_indexed
    assert page.find("link", rel="canonical")["href"].endswith(canonical)
    assert markup.faults(response.content) == []
    assert page.find(attrs={"role": "status"}).get_text() == ""


def test_a_topics_list_says_what_it_is(night: CourseRun, client: Client) -> None:
    page = markup.read(client.get("/courses/?topic=sleep").content)
    assert page.title.get_text().startswith("Sleep: Courses")
    assert page.find("meta", attrs={"name": "description"})["content"] == "Nights that rest."
    assert page.find("link", type="text/calendar", href="/courses/topics/sleep/calendar.ics")


# How often the database is asked, and what it remembers


@pytest.mark.parametrize("is_cold", [True, False])
def test_any_choice_asks_the_database_as_often_as_none(
    is_cold: bool, night: CourseRun, client: Client
) -> None:
    chosen = everything_chosen(night)
    counts = set()
    for names in ((), ("topic",), ("place", "month"), tuple(chosen)):
        query = "&".join(f"{name}={chosen[name]}" for name in names)
        client.get("/courses/")
        if is_cold:
            CourseIndexPage.objects.get().save()
        counts.add(len(asked(client, f"/courses/?{query}")))
    assert len(counts) == 1
    assert max(counts) <= BUDGET


CHANGES: dict[str, Any] = {
    "a course's level": lambda run: save(run.course, level="intermediate"),
    "a course that is unpublished": lambda run: run.course.unpublish(),
    "a course that is private": lambda run: make_private(run.course),
    "a course's topic": lambda run: save(run.course, topics=[TopicFactory()]),
    "a course that is deleted": lambda run: (run.delete(), run.course.delete()),
    "a date's venue": lambda run: save(run, venue=VenueFactory(town="Hull")),
    "a date that is cancelled": lambda run: save(run, cancelled_at=timezone.now()),
    "a venue's town": lambda run: save(run.venue, town="Hull"),
    "a topic's name": lambda run: save(run.course.topics.first(), slug="rest"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows_at_once(change: str, night: CourseRun, client: Client) -> None:
    chosen = everything_chosen(night)
    del chosen["places"]
    assert listed(client, **chosen) == ["Care at night"]
    CHANGES[change](night)
    response = client.get("/courses/", chosen)
    assert "Care at night" not in response.content.decode()


def test_a_course_that_moves_elsewhere_leaves(night: CourseRun, client: Client) -> None:
    assert "Care at night" in listed(client)
    elsewhere = CourseIndexPageFactory(
        slug="elsewhere", parent=night.course.get_parent().get_parent()
    )
    night.course.move(elsewhere, pos="last-child")
    assert "Care at night" not in listed(client)


@pytest.mark.parametrize(
    "slug", ["calendar", "programme", "topics", "bookings", "enquiries", "planner"]
)
def test_no_course_takes_an_address_of_the_catalogue(slug: str) -> None:

    course = CoursePageFactory()
    course.slug = slug
    with pytest.raises(ValidationError, match="choose another one"):
        course.full_clean()
