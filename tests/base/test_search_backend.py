"""The admin's search boxes take whatever somebody types or pastes."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.search.query import MATCH_ALL, MATCH_NONE, And, Or, Phrase, PlainText

from base.search_backend import safe_query
from tests.factories import (
    BlogPageFactory,
    CallToActionFactory,
    CourseRunFactory,
    CustomImageFactory,
    DocumentFactory,
    StandardPageFactory,
    TestimonialFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

SNIPPETS = [
    "base_topic",
    "base_testimonial",
    "base_calltoaction",
    "courses_venue",
    "courses_carecertificatestandard",
]
SEARCHES = [
    "wagtailadmin_pages:search",
    "wagtailadmin_pages:search_results",
    "wagtailadmin_choose_page_search",
    "news:index",
    "course_pages:index",
    "wagtailimages:index",
    "wagtailimages_chooser:choose_results",
    "wagtaildocs:index",
    "wagtaildocs_chooser:choose_results",
    "wagtailredirects:index",
    "wagtailusers_users:index",
    "wagtailusers_groups:index",
    "dates_modeladmin_index",
    *(f"wagtailsnippets_{name}:list" for name in SNIPPETS),
    *(f"wagtailsnippetchoosers_{name}:choose_results" for name in SNIPPETS),
]
QUERIES = {
    "a quotation mark": '"',
    "an open quotation": 'a "b',
    "many quotations": '"a" b ' * 1_600,
    "a space": " ",
    "nul": "\x00",
    "nul between": "a\x00b",
    "a star": "*",
    "an operator": "AND",
    "operators": "a AND NOT (b OR",
    "a bracket": "(",
    "an apostrophe": "don't",
    "signs": "& : ! \\ % {} ^ -",
    "one long word": "x" * 10_000,
    "many words": "a " * 5_000,
}


@pytest.fixture
def _something_to_find() -> None:
    """One of everything: SQLite never looks at a search in a table without rows."""
    for factory_class in (
        BlogPageFactory,
        CallToActionFactory,
        CourseRunFactory,
        CustomImageFactory,
        DocumentFactory,
        TestimonialFactory,
        TopicFactory,
    ):
        factory_class()


@pytest.mark.usefixtures("_something_to_find")
@pytest.mark.parametrize("name", SEARCHES)
def test_every_box_takes_what_is_no_word(name: str, admin: Client) -> None:
    for query in ('"', 'a "b', " ", "\x00", "(" * 10_000):
        assert admin.get(reverse(name), {"q": query}).status_code == 200


@pytest.mark.usefixtures("_something_to_find")
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_any_words_give_a_page(query: str, admin: Client) -> None:
    home = Page.objects.get(depth=2)
    for url in (
        reverse("wagtailadmin_pages:search"),
        reverse("wagtailadmin_explore", args=[home.pk]),
        reverse("wagtailimages_chooser:choose_results"),
        reverse("wagtailsnippets_base_topic:list"),
        reverse("dates_modeladmin_index"),
    ):
        assert admin.get(url, {"q": query}).status_code == 200


@pytest.mark.parametrize("query", ["mid", "“Midnight”", '"midnight', "midnight & (sun", "sun mid"])
def test_what_was_meant_is_found(query: str, admin: Client) -> None:
    StandardPageFactory(title="Midnight sun")
    CustomImageFactory(title="Midnight sun")
    TopicFactory(name="Midnight sun")
    lists = ["wagtailadmin_pages:search", "wagtailimages:index", "wagtailsnippets_base_topic:list"]
    for name in lists:
        assert "Midnight sun" in admin.get(reverse(name), {"q": query}).content.decode()


@pytest.mark.parametrize(
    ("query", "safe"),
    [
        ('a "b', "a b"),
        ('"', MATCH_NONE),
        (PlainText('"'), MATCH_NONE),
        (And([PlainText("&"), Phrase('"')]), MATCH_NONE),
        (MATCH_ALL, MATCH_ALL),
    ],
)
def test_only_words_are_asked_for(query: object, safe: object) -> None:
    assert safe_query(query) == safe


def test_what_is_nested_deep_is_as_short_as_what_stands_side_by_side() -> None:
    nested = PlainText("a0")
    for number in range(1, 5_000):
        nested &= Phrase(f"a{number}")
    query = safe_query(nested)
    assert isinstance(query, And)
    assert [part.query_string for part in query.subqueries] == [f"a{n}" for n in range(12)]


def test_operators_and_phrases_keep_their_meaning() -> None:
    query = safe_query(Or([PlainText("a & b", operator="and"), Phrase("c-d"), PlainText("!")]))
    assert isinstance(query, Or)
    plain, phrase = query.subqueries
    assert (plain.query_string, plain.operator) == ("a b", "and")
    assert isinstance(phrase, Phrase)
    assert phrase.query_string == "c d"
