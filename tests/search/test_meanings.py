"""What words mean to the catalogue, and what is said of it."""

import pytest
from django.test import Client
from django.utils import timezone

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
        ("heather under £ 50", "At most £50"),
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


@pytest.mark.parametrize(
    "words", ["heather under 50", "heather below 50", "heather £50", "£ heather under 50"]
)
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
    assert "No course that fits has all of these words. 1 has some of them" in page


def test_the_heading_counts_what_is_shown(client: Client) -> None:
    BlogPageFactory(title="Heather")
    assert "4 results for" in shown(client, "heather")
    assert "1 result for" in shown(client, "heather", type="News")
    assert "3 dates for" in shown(client, "heather", type="Dates")


# With slips


def corrected(words: str) -> str:
    return find(Request(words)).query.corrected


@pytest.mark.parametrize(
    ("words", "label", "better"),
    [
        ("heather leesd", "Leeds", "heather leeds"),
        ("heather in Leedss", "Leeds", "heather in leeds"),
        ("heather virtaul", "Online", "heather virtual"),
        ("onlin", "Online", "online"),
        ("heather in Febuary", "February", "heather in february"),
        ("heather, milton keyns", "Milton Keynes", "heather, milton keynes"),
        ("haether leesd", "Leeds", "heather leeds"),
    ],
)
def test_a_slip_in_a_word_that_means_something_is_forgiven(
    words: str, label: str, better: str
) -> None:
    february = timezone.now().replace(year=timezone.now().year + 1, month=2, day=3)
    course = CoursePageFactory(title="Heather and moss", online=True)
    CourseRunFactory(course=course, start=february, venue=VenueFactory(town="Milton Keynes"))
    answer = find(Request(words))
    assert [chip.label.split(" 2")[0] for chip in answer.chips] == [label]
    assert answer.query.corrected == better
    assert answer.total


def test_what_was_made_of_a_slip_is_said_and_can_be_taken_back(client: Client) -> None:
    page = shown(client, "heather leesd")
    assert "Showing results for <strong>heather leeds</strong>" in page
    assert 'href="?q=heather+leesd&amp;exact=1"' in page
    assert 'href="?q=heather"' in page
    assert "1 result for “heather leeds”" in page


@pytest.mark.parametrize(
    "words", ["leees", "heather hulll", "heather reeds", "heather keynes", "heather keyns"]
)
def test_what_is_not_surely_a_slip_filters_nothing(words: str) -> None:
    for town in ("Leess", "Milton Keynes"):
        CourseRunFactory(venue=VenueFactory(town=town))
    assert read(words) == []
    assert "keynes" not in corrected("heather keyns")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Leads for dogs", "heather leads"),
        ("Lead a dog", "heather leads"),
        ("The Leed family", "heather leed"),
    ],
)
def test_a_word_that_pages_say_in_any_form_is_no_slip(title: str, words: str) -> None:
    StandardPageFactory(title=title)
    assert read(words) == []
    assert corrected(words) == ""


def test_an_accent_is_no_slip_but_its_lack_is() -> None:
    course = CoursePageFactory(title="Heather abroad")
    CourseRunFactory(course=course, venue=VenueFactory(town="Orléans"))
    assert read("heather orléans") == read("heather orleans") == ["Orléans"]
    assert corrected("heather orléans") == ""


def test_no_slip_is_forgiven_where_the_words_count_as_typed() -> None:
    for asked in (Request("leesd", exactly=True), Request("leesd", words_only=True)):
        answer = find(asked)
        assert not answer.chips
        assert not answer.query.corrected


@pytest.mark.parametrize("words", ["quillwort river leeds", "quillwort river leesd"])
def test_what_means_something_is_not_corrected_where_no_course_fits(
    words: str, client: Client
) -> None:
    StandardPageFactory(title="Quillwort by the river, on leads")
    answer = find(Request(words))
    assert [meaning.label for meaning in answer.missed] == ["Leeds"]
    assert answer.query.correct(words) == "quillwort river leeds"
    assert "No such course is Leeds at the moment." in shown(client, words)
