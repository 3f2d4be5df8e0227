"""What words mean to the catalogue, and what is said of it."""

import pytest
from django.test import Client

from search.services import Request, find
from tests.factories import (
    BlogPageFactory,
    CareCertificateStandardFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    StandardPageFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courses() -> None:
    CourseIndexPageFactory()
    for town, price in (("Leeds", 40), ("York", 90), ("Hull", 1_500)):
        course = CoursePageFactory(title=f"Heather {price}", price=price)
        CourseRunFactory(course=course, venue=VenueFactory(town=town))


def read(words: str) -> list[str]:
    return [chip.label for chip in find(Request(words)).chips]


def titles(client: Client, text: str, **asked: str) -> list[str]:
    found = client.get("/search/results.json", {"q": text, **asked}).json()["results"]
    return sorted(each["title"] for each in found)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("heather under £50", "At most £50"),
        ("heather less than £50", "At most £50"),
        ("heather max £50", "At most £50"),
        ("heather £50 or less", "At most £50"),
        ("heather up to 50 pounds", "At most £50"),
        ("heather under £49.99", "At most £50"),
        ("heather under £1,000", "At most £1,000"),
        ("heather up to £1,234.50, please", "At most £1,235"),
    ],
)
def test_a_price_is_read_as_written(words: str, label: str) -> None:
    assert read(words) == [label]


@pytest.mark.parametrize("words", ["heather under 50", "heather below 50", "heather £50"])
def test_a_number_alone_is_no_price_and_neither_is_an_amount(words: str) -> None:
    assert read(words) == []


def test_a_price_is_still_one_when_another_filter_is_taken_back() -> None:
    chips = find(Request("heather leeds under £1,000.50")).chips
    assert [chip.text_without for chip in chips] == ["heather under £1,000.50", "heather leeds"]


@pytest.mark.parametrize("words", ["heather leeds or york", "leeds and york"])
def test_of_two_towns_either_will_do(words: str, client: Client) -> None:
    assert read(words) == ["Leeds", "York"]
    assert titles(client, words) == ["Heather 40", "Heather 90"]
    page = client.get("/search/", {"q": words, "type": "Dates"}).content.decode()
    assert page.count('class="date-leaf-frame"') == 2


@pytest.mark.parametrize(
    "words", ["standard 5", "standard five", "care certificate 5", "care certificate standard five"]
)
def test_a_standard_is_read(words: str, client: Client) -> None:
    standard = CareCertificateStandardFactory(number=5)
    CoursePageFactory(title="Quillwort", care_certificate_standards=[standard])
    assert titles(client, words) == ["Quillwort"]


# What is said of it


def shown(client: Client, words: str, **asked: str) -> str:
    return client.get("/search/", {"q": words, **asked}).content.decode()


def test_other_pages_that_say_the_words_are_counted(client: Client) -> None:
    assert "Look for the words on all pages" in shown(client, "heather leeds")
    StandardPageFactory(title="Heather in Leeds")
    page = shown(client, "heather leeds")
    assert 'words=1" rel="nofollow">1 other page says these words' in page
    BlogPageFactory(title="From Leeds: more heather")
    BlogPageFactory(title="Heather alone")
    assert "2 other pages say these words" in shown(client, "heather leeds")
    assert titles(client, "heather leeds") == ["Heather 40"]
    assert "Heather in Leeds" in titles(client, "heather leeds", words="1")


def test_where_no_course_fits_it_is_said(client: Client) -> None:
    StandardPageFactory(title="Free quillwort in Leeds")
    page = shown(client, "free quillwort leeds")
    assert "No such course is Free, Leeds at the moment. These pages say the words." in page
    assert "No such course" not in shown(client, "quillwort")
    assert "No such course" not in shown(client, "heather leeds")


def test_what_comes_close_is_counted_among_what_was_asked(client: Client) -> None:
    StandardPageFactory(title="Fern moss thistle")
    CourseRunFactory(
        course=CoursePageFactory(title="Moss and thistle"), venue=VenueFactory(town="Leeds")
    )
    page = shown(client, "fern moss thistle leeds")
    assert "No course that fits has all of these words. 1 comes close" in page


def test_the_heading_counts_what_is_shown(client: Client) -> None:
    BlogPageFactory(title="Heather")
    assert "4 results for" in shown(client, "heather")
    assert "1 result for" in shown(client, "heather", type="News")
    assert "3 dates for" in shown(client, "heather", type="Dates")
