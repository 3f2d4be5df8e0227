import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from search import tally
from search.models import SearchTally
from search.tally import KEPT, counter
from tests import markup
from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _begin_anew() -> None:
    counter.write()
    SearchTally.objects.all().delete()


def numbers() -> list[tuple[str, int, int, int]]:
    counter.write()
    return list(
        SearchTally.objects.order_by("words").values_list("words", "searches", "clicks", "found")
    )


def test_searches_and_clicks_are_added_up(client: Client, django_assert_num_queries) -> None:
    StandardPageFactory(title="Heather")
    for words in ("Heather", "heather!", "quillwort"):
        client.get("/search/", {"q": words})
    client.post("/search/clicked/", {"q": "heather"})
    assert numbers() == [("heather", 2, 1, 1), ("quillwort", 1, 0, 0)]
    client.get("/search/", {"q": "heather"})
    assert numbers() == [("heather", 3, 1, 1), ("quillwort", 1, 0, 0)]


def test_a_visitor_waits_for_no_writing(client: Client) -> None:
    client.get("/search/", {"q": "heather"})
    assert not SearchTally.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "ada@example.org",
        "07700 900123",
        "943 476 5919",
        "AB 12 34 56 C",
        "case 12345",
        "carer in LS1 4AB",
        "ls14ab",
        "Ada 01/02/1953",
        "1.2.53",
        "word " * 30,
        "",
        "!!",
    ],
)
def test_what_may_be_personal_is_not_kept(words: str, client: Client) -> None:
    client.get("/search/", {"q": words})
    client.post("/search/clicked/", {"q": words})
    assert numbers() == []


def test_a_click_alone_makes_no_row(client: Client) -> None:
    client.post("/search/clicked/", {"q": "never searched for"})
    assert numbers() == []


def test_other_looks_at_the_same_answer_count_once(client: Client) -> None:
    looks = {"page": "2", "type": "News", "sort": "date", "exact": "1", "words": "1"}
    client.get("/search/", {"q": "heather"})
    for name, value in looks.items():
        client.get("/search/", {"q": "heather", name: value})
    assert numbers() == [("heather", 1, 0, 0)]


def test_slips_are_counted_as_what_they_were_corrected_to(client: Client) -> None:
    StandardPageFactory(title="Heather and moss")
    page = markup.read(client.get("/search/", {"q": "Heathre & moss"}).content)
    client.post("/search/clicked/", {"q": page.find(attrs={"data-found": True})["data-found"]})
    assert numbers() == [("heather moss", 1, 1, 1)]


def test_a_correction_hides_nothing_personal(client: Client) -> None:
    StandardPageFactory(title="Heather")
    client.get("/search/", {"q": "heathre@example.org"})
    assert numbers() == []


def test_pages_with_some_of_the_words_count_as_nothing_found(client: Client) -> None:
    StandardPageFactory(title="Heather on hills")
    StandardPageFactory(title="Moss under trees")
    answer = client.get("/search/", {"q": "heather hills moss"})
    assert b"No page has all of these words" in answer.content
    assert numbers() == [("heather hills moss", 1, 0, 0)]


def test_a_flood_is_counted_no_further(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_AT_ONCE", 5)
    monkeypatch.setattr(tally, "MOST_A_DAY", 7)
    for number in range(20):
        counter.search(f"one {number}", 0)
    assert len(numbers()) == 5
    for number in range(20):
        counter.search(f"two {number}", 0)
    assert len(numbers()) == 7


def test_old_numbers_are_forgotten() -> None:
    today = timezone.localdate()
    for age in (0, KEPT.days, KEPT.days + 1):
        SearchTally.objects.create(day=today - dt.timedelta(days=age), words=f"{age}")
    tally.forget_old_numbers()
    assert SearchTally.objects.count() == 2
