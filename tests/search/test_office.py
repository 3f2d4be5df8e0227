"""What staff see of the search, and what they do about it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from search.models import SearchTally, Synonym
from tests import markup
from tests.factories import BlogPageFactory, StandardPageFactory, UserFactory, make_private

pytestmark = pytest.mark.django_db


def tally(words: str, searches: int, found: int, clicks: int = 0) -> None:
    SearchTally.objects.create(
        day=timezone.localdate(), words=words, searches=searches, found=found, clicks=clicks
    )


def test_staff_see_what_finds_nothing_and_what_nobody_opens(admin: Client) -> None:
    tally("quillwort", 4, 0)
    tally("heather", 9, 3, clicks=5)
    tally("moss", 6, 2)
    page = markup.read(admin.get("/admin/searches/").content)
    rows = {
        name: [
            link.get_text() for link in page.find(attrs={"aria-labelledby": name}).select("th a")
        ]
        for name in ("nothing", "unopened", "top")
    }
    assert rows == {
        "nothing": ["quillwort"],
        "unopened": ["moss"],
        "top": ["heather", "moss", "quillwort"],
    }
    assert "19 searches" in page.find(class_="searches__totals").get_text()
    assert page.find("svg", role="img")


@pytest.mark.parametrize("days", ["30", "90", "365", "", "x", "-1", "9" * 400])
def test_any_period_gives_a_page(days: str, admin: Client) -> None:
    tally("heather", 1, 1)
    assert admin.get("/admin/searches/", {"days": days}).status_code == 200


def test_from_words_that_find_nothing_to_a_synonym_in_one_click(admin: Client) -> None:
    tally("quillwort", 4, 0)
    page = markup.read(admin.get("/admin/searches/").content)
    link = page.find("a", href=lambda href: href and "word=quillwort" in href)
    form = markup.read(admin.get(link["href"]).content)
    assert form.find("input", attrs={"name": "word"})["value"] == "quillwort"
    admin.post(link["href"], {"word": "quillwort", "means": "heather", "both_ways": ""})
    assert Synonym.objects.get(word="quillwort").means == "heather"


def test_several_search_words_deleted_at_once_stop_working_at_once(
    admin: Client, client: Client
) -> None:
    StandardPageFactory(title="Heather")
    words = [Synonym.objects.create(word=word, means="heather") for word in ("ling", "erica")]
    assert client.get("/search/results.json", {"q": "ling"}).json()["total"] == 1
    address = reverse("wagtail_bulk_action", args=("search", "synonym", "delete"))
    admin.post(f"{address}?{urlencode({'id': [word.pk for word in words]}, doseq=True)}")
    assert not Synonym.objects.filter(pk__in=[word.pk for word in words]).exists()
    assert client.get("/search/results.json", {"q": "ling"}).json()["total"] == 0


def test_and_to_a_chosen_page(admin: Client, client: Client) -> None:
    StandardPageFactory(title="Other words")
    page = StandardPageFactory(title="Moss")
    response = admin.post("/admin/searches/", {"promote": "quillwort"})
    query = Query.objects.get(query_string="quillwort")
    assert response.url == f"/admin/searchpicks/{query.pk}/"
    SearchPromotion.objects.create(query=query, page=page, description="Begin <here>", sort_order=0)
    shown = client.get("/search/", {"q": "Quillwort"}).content.decode()
    assert "Start here" in shown
    assert "Begin &lt;here&gt;" in shown
    make_private(page)
    assert "Start here" not in client.get("/search/", {"q": "quillwort"}).content.decode()


def test_a_preview_says_why(admin: Client) -> None:
    new = BlogPageFactory(title="Rules about moss", intro="Heather, too.")
    BlogPageFactory(title="Heather", superseded_by=new)
    page = markup.read(admin.get("/admin/searches/preview/", {"q": "heathre"}).content)
    text = page.find(class_="searches").get_text(" ", strip=True)
    assert "“heathre” to “heather”" in text
    assert "as another page replaced it" in text
    titles = [link.get_text() for link in page.select(".searches__words th a")]
    assert titles == ["Rules about moss", "Heather"]


def test_a_preview_speaks_whole_words_that_pages_say(admin: Client) -> None:
    Synonym.objects.create(word="heathers", means="mosses, quillworts")
    BlogPageFactory(title="Heathers and mosses")
    page = markup.read(admin.get("/admin/searches/preview/", {"q": "heather"}).content)
    text = page.find(class_="searches").get_text(" ", strip=True)
    assert "Looked for heathers or mosses Found 1" in text
    assert "“heathers”:" in text


@pytest.mark.parametrize("words", ["", "\x00", '"', "<script>", "x" * 5_000])
def test_any_words_give_a_preview(words: str, admin: Client) -> None:
    assert admin.get("/admin/searches/preview/", {"q": words}).status_code == 200


@pytest.mark.parametrize("address", ["/admin/searches/", "/admin/searches/preview/?q=x"])
def test_only_those_who_may_do_something_about_it_see_it(address: str, client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(address).status_code in (302, 403)


@pytest.mark.parametrize("words", ["", "!!", "…"])
def test_a_synonym_needs_words(words: str, admin: Client) -> None:
    address = "/admin/snippets/search/synonym/add/"
    assert admin.post(address, {"word": words, "means": "heather"}).status_code == 200
    assert not Synonym.objects.filter(word=words).exists()
