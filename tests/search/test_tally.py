import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from search import tally
from search.models import SearchTally
from search.tally import KEPT, counter
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
    ["ada@example.org", "07700 900123", "943 476 5919", "AB 12 34 56 C", "word " * 30, "", "!!"],
)
def test_what_may_be_personal_is_not_kept(words: str, client: Client) -> None:
    client.get("/search/", {"q": words})
    client.post("/search/clicked/", {"q": words})
    assert numbers() == []


def test_a_click_alone_makes_no_row(client: Client) -> None:
    client.post("/search/clicked/", {"q": "never searched for"})
    assert numbers() == []


def test_other_pages_of_the_same_answer_count_once(client: Client) -> None:
    for extra in ({}, {"page": "2"}, {"type": "News"}):
        client.get("/search/", {"q": "heather", **extra})
    assert numbers() == [("heather", 1, 0, 0)]


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
