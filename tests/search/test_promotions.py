"""What staff put first for some words."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from search.models import SearchTally
from tests import markup
from tests.factories import StandardPageFactory, make_private

pytestmark = pytest.mark.django_db


def promote(words: str, **chosen: Any) -> None:
    SearchPromotion.objects.create(query=Query.get(words), **chosen)


def promoted(client: Client, words: str, **extra: str) -> list[dict[str, str]]:
    answer = client.get("/search/results.json", {"q": words, **extra}).json()
    found: list[dict[str, str]] = answer["promoted"]
    return found


def test_a_page_of_another_site_stands_first(client: Client) -> None:
    promote(
        "heather",
        external_link_url="https://example.org/heather",
        external_link_text="Heather & heath",
        description="About <it>",
    )
    found = markup.read(client.get("/search/", {"q": "heather"}).content)
    link = found.select_one(".found__promoted a")
    assert (link["href"], link.get_text()) == ("https://example.org/heather", "Heather & heath")
    assert promoted(client, "heather") == [
        {
            "title": "Heather & heath",
            "kind": "Website",
            "url": "https://example.org/heather",
            "excerpt": "About <it>",
        }
    ]


def test_programs_are_told_what_stands_first(client: Client) -> None:
    page = StandardPageFactory(title="Heather")
    promote("start", page=page, description="Begin here")
    assert promoted(client, "start") == [
        {
            "title": "Heather",
            "kind": "Page",
            "url": f"http://testserver{page.url}",
            "excerpt": "Begin here",
        }
    ]
    for number in range(11):
        StandardPageFactory(title=f"Start {number}")
    assert promoted(client, "start", page="2") == []
    make_private(page)
    assert promoted(client, "start") == []


@pytest.mark.parametrize("words", ["heathre-moss", "Heather moss", "heather, moss!"])
def test_however_the_words_are_typed(words: str, client: Client) -> None:
    page = StandardPageFactory(title="Heather and moss")
    promote("heather moss", page=page)
    promote("heather-moss", page=page)
    assert [each["title"] for each in promoted(client, words)] == ["Heather and moss"]


def test_words_for_which_staff_chose_an_answer_found_something(admin: Client) -> None:
    page = StandardPageFactory()
    promote("quill-wort", page=page)
    for words in ("quill wort", "moss"):
        SearchTally.objects.create(day=timezone.localdate(), words=words, searches=3)
    report = admin.get("/admin/searches/").context["report"]
    assert [row["words"] for row in report.without_result] == ["moss"]
    assert report.totals["nothing"] == 3
    make_private(page)
    report = admin.get("/admin/searches/").context["report"]
    assert [row["words"] for row in report.without_result] == ["moss", "quill wort"]
