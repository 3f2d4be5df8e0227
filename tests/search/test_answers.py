"""The same answers for programs: JSON, suggestions, a description of the search."""

import datetime as dt

import defusedxml.ElementTree as ElementTree
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from search.models import SearchTally
from tests.factories import (
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    DocumentFactory,
    StandardPageFactory,
    TopicFactory,
    VenueFactory,
    make_private,
)

pytestmark = pytest.mark.django_db


def suggestions(client: Client, words: str) -> list[tuple[str, str]]:
    found = client.get("/search/suggest/", {"q": words}).json()["suggestions"]
    return [(each["text"], each["kind"]) for each in found]


def test_json_says_what_the_page_says(client: Client) -> None:
    page = StandardPageFactory(title="Heather", search_description="All about heather.")
    DocumentFactory(title="Heather list")
    answer = client.get("/search/results.json", {"q": "heathre"}).json()
    assert answer["corrected"] == "heather"
    assert answer["total"] == 2
    assert answer["counts"] == {"Pages": 1, "Documents": 1}
    assert answer["results"][0] == {
        "title": "Heather",
        "kind": "Page",
        "url": f"http://testserver{page.url}",
        "excerpt": "All about heather.",
    }


@pytest.mark.parametrize(
    "words", ["", " ", '"', "\x00", "%", "x" * 9_000, "\ud800".encode("utf-16", "surrogatepass")]
)
@pytest.mark.parametrize("address", ["/search/results.json", "/search/suggest/"])
def test_any_words_give_an_answer(words: str, address: str, client: Client) -> None:
    response = client.get(address, {"q": words, "page": words, "type": words})
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert response.json()


@pytest.mark.parametrize(("kind", "total"), [("\x00", 1), ("Pages\x00", 1), ("\x00zzyzx", 0)])
def test_any_kind_gives_an_answer_where_words_are_found(
    kind: str, total: int, client: Client
) -> None:
    StandardPageFactory(title="Heather")
    answer = client.get("/search/results.json", {"q": "heather", "type": kind}).json()
    assert answer["total"] == total


def test_titles_topics_and_places_are_suggested(client: Client) -> None:
    CourseIndexPageFactory()
    CoursePageFactory(title="Heather for beginners", topics=[TopicFactory(name="Heathland")])
    StandardPageFactory(title="All about heather")
    assert suggestions(client, "hea") == [
        ("Heathland", "Topic"),
        ("Heather for beginners", "Courses"),
        ("All about heather", "Pages"),
    ]
    assert suggestions(client, "about hea") == [("All about heather", "Pages")]
    assert suggestions(client, "h") == []


@pytest.mark.parametrize("words", ["mental h", "health", "men hea you", "mental health: young"])
def test_a_topic_is_suggested_by_the_beginnings_of_its_words(words: str, client: Client) -> None:
    CourseIndexPageFactory()
    CoursePageFactory(title="Quillwort", topics=[TopicFactory(name="Mental health (young people)")])
    assert suggestions(client, words) == [("Mental health (young people)", "Topic")]


@pytest.mark.parametrize("words", ["health m", "mental x", "ental"])
def test_other_words_suggest_no_topic(words: str, client: Client) -> None:
    CourseIndexPageFactory()
    CoursePageFactory(title="Quillwort", topics=[TopicFactory(name="Mental health")])
    assert suggestions(client, words) == []


def test_a_venue_is_suggested_and_leads_to_its_town(client: Client) -> None:
    CourseIndexPageFactory()
    CourseRunFactory(venue=VenueFactory(name="The Old Printworks", town="Leeds"))
    found = client.get("/search/suggest/", {"q": "old pri"}).json()["suggestions"]
    place = {"text": "The Old Printworks, Leeds", "kind": "Place", "url": "/courses/?place=leeds"}
    assert found == [place]
    assert suggestions(client, "lee") == [("Leeds", "Place")]


def test_a_venue_without_a_town_is_suggested_once(client: Client) -> None:
    CourseIndexPageFactory()
    CourseRunFactory(venue=VenueFactory(name="Printworks", town=""))
    assert suggestions(client, "pri") == [("Printworks", "Place")]


def test_a_venue_that_nobody_can_come_to_is_not_suggested(client: Client) -> None:
    CourseIndexPageFactory()
    CourseRunFactory(venue=VenueFactory(name="Market Hall", town="Leeds"))
    make_private(CourseRunFactory(venue=VenueFactory(name="Private house", town="Leeds")).course)
    cancelled = VenueFactory(name="Private barn", town="Leeds")
    CourseRunFactory(venue=cancelled, cancelled_at=timezone.now())
    VenueFactory(name="Private yard", town="Leeds")
    assert suggestions(client, "pri") == []


def searched_for(words: str, searches: int, days: int, found: int = 1) -> None:
    for day in range(days):
        SearchTally.objects.create(
            day=timezone.localdate() - dt.timedelta(days=day),
            words=words,
            searches=1 if day else searches - days + 1,
            found=found,
        )


def test_what_others_found_is_suggested(client: Client) -> None:
    StandardPageFactory(title="Moss and heather")
    searched_for("heather in the moss", searches=5, days=3)
    assert ("heather in the moss", "Search") in suggestions(client, "hea")


@pytest.mark.parametrize(
    ("words", "searches", "days", "found"),
    [
        ("heather moss", 4, 3, 1),
        ("heather moss", 9, 2, 1),
        ("heather moss", 9, 3, 0),
        ("heather smith", 9, 3, 1),
    ],
    ids=["too seldom", "on too few days", "found nothing", "no word of the site"],
)
def test_what_one_person_may_have_typed_is_not(
    words: str, searches: int, days: int, found: int, client: Client
) -> None:
    StandardPageFactory(title="Moss and heather")
    searched_for(words, searches, days, found)
    assert suggestions(client, "heather") == [("Moss and heather", "Pages")]


def test_words_that_have_become_private_are_suggested_no_more(client: Client) -> None:
    StandardPageFactory(title="Heather")
    page = StandardPageFactory(title="Quillwort")
    searched_for("heather quillwort", searches=5, days=3)
    assert ("heather quillwort", "Search") in suggestions(client, "hea")
    make_private(page)
    assert suggestions(client, "hea") == [("Heather", "Pages")]


def test_suggestions_take_as_many_queries_for_one_title_as_for_forty(client: Client) -> None:
    StandardPageFactory(title="Heather 0")
    suggestions(client, "hea")
    with CaptureQueriesContext(connection) as few:
        suggestions(client, "hea")
    for number in range(1, 40):
        StandardPageFactory(title=f"Heather {number}")
    suggestions(client, "hea")
    with CaptureQueriesContext(connection) as many:
        assert len(suggestions(client, "hea")) == 8
    assert len(many) == len(few)


def test_browsers_can_add_the_search(client: Client) -> None:
    assert b'href="/search/opensearch.xml"' in client.get("/").content
    response = client.get("/search/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.content)
    templates = [url.get("template") for url in root if url.tag.endswith("Url")]
    assert any(template.endswith("/search/?q={searchTerms}") for template in templates)


def test_answers_stay_out_of_search_engines(client: Client) -> None:
    response = client.get("/search/", {"q": "heather"})
    assert response["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in response.content
