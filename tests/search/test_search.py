"""Whatever somebody types gives a page; only what every visitor may read is in it."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from base.search_backend import MAX_WORDS, words_of
from search.services import A_PAGE
from tests import markup
from tests.factories import (
    BlogPageFactory,
    ContactPageFactory,
    CoursePageFactory,
    PersonPageFactory,
    StandardPageFactory,
    make_private,
)

pytestmark = pytest.mark.django_db


def search(client: Client, query: str, **others: str) -> HttpResponse:
    return client.get("/search/", {"q": query, **others})


def results(client: Client, query: str, **others: str) -> list[str]:
    """The addresses that a search shows."""
    listing = markup.read(search(client, query, **others).content).find(class_="results")
    return [link["href"] for link in listing.select(".card__title a")] if listing else []


# Queries that crash a search that passes them on


@pytest.mark.parametrize(
    "query",
    [
        '"',
        'a "b',
        '50% "off"',
        " ",
        "\x00",
        "care\x00",
        "\x0b\r\n\t",
        "",
        "x" * 10_000,
        "care " * 2_000,
        "🙂",
        "👩‍👩‍👧‍👦 care",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(care, 2)",
        "care AND",
        "NOT care",
        "title:care",
        "care*",
        "^care",
        "-care",
        "+care",
        "{care}",
        "(care",
        "care)",
        "care:*",
        "care & ! | <->",
        "%",
        "_",
        "\\",
        "\\'",
        "'",
        "' OR 1=1 --",
        "; DROP TABLE x;",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}",
        "e\u0301" * 50,
        "\u202ecare",
        "\ufeff",
        "\uffff",
        "ﬁ",
        "İ",
        "ß",
        "٣",
        "½",
        "ก็",
        "&amp;",
        "care's",
    ],
    ids=lambda query: repr(query[:20]),
)
def test_any_query_gives_a_page(query: str, client: Client) -> None:
    StandardPageFactory(search_description="Care and support")
    response = search(client, query)
    assert response.status_code == 200
    faults = markup.faults(response.content)
    # What somebody typed may look like a placeholder.
    assert [fault for fault in faults if not fault.startswith("says")] == []


@pytest.mark.parametrize("raw", ["%", "%ff%fe", "%ED%A0%80", "%00", "a%", "q", "%C0%AF", "%F4%90"])
def test_any_bytes_give_a_page(raw: str, client: Client) -> None:
    assert client.get(f"/search/?q={raw}").status_code == 200


@settings(max_examples=80)
@given(query=st.text(max_size=60), page=st.text(max_size=8))
def test_any_text_gives_a_page(query: str, page: str, client: Client) -> None:
    raw = query.encode("utf-8", "surrogatepass")
    response = client.get("/search/", {"q": raw, "page": page.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["a" * 500, "one two three " * 30, "“care” & more", " "])
def test_words_are_few_and_plain(query: str) -> None:
    words = words_of(query)
    assert len(words) <= MAX_WORDS
    assert all(word.isalnum() for word in words)


@pytest.mark.parametrize(
    "page", ["abc", "0", "-1", "1", "2", "99999", "1e9", "9" * 5_000, "1.5", "", "None", "٣"]
)
def test_any_page_number_gives_a_page(page: str, client: Client) -> None:
    for _ in range(A_PAGE + 1):
        StandardPageFactory(search_description="Heather")
    assert search(client, "heather", page=page).status_code == 200


# What is found


def test_pages_of_every_kind_are_found_by_their_text(client: Client) -> None:
    pages = [
        StandardPageFactory(title="Heather in the title"),
        StandardPageFactory(intro="We grow heather."),
        BlogPageFactory(body=[{"type": "paragraph", "value": "<p>More <b>heather</b>.</p>"}]),
        CoursePageFactory(audience="<p>People who like heather.</p>"),
        CoursePageFactory(outcomes=[{"type": "outcome", "value": "Name heather."}]),
        PersonPageFactory(title="Heather Hill"),
    ]
    StandardPageFactory(title="Something else")
    assert sorted(results(client, "Heather")) == sorted(page.url for page in pages)


def test_what_has_every_word_comes_first(client: Client) -> None:
    StandardPageFactory.create_batch(9)
    some = StandardPageFactory(title="Heather alone")
    both = StandardPageFactory(title="Heather and quillwort")
    assert results(client, "quillwort heather") == [both.url, some.url]


def test_what_visitors_may_not_read_is_not_found(client: Client) -> None:
    public = StandardPageFactory(title="Heather in public")
    StandardPageFactory(title="Heather as a draft", live=False)
    StandardPageFactory(title="Heather expired", live=False, expired=True)
    StandardPageFactory(title="Heather unpublished").unpublish()
    private = make_private(StandardPageFactory(title="Heather in private"))
    StandardPageFactory(title="Heather below it", parent=private)
    draft = StandardPageFactory(title="Something else")
    draft.title = "Heather in a later draft"
    draft.save_revision()
    assert results(client, "heather") == [public.url]
    assert b"Heather as" not in search(client, "heather").content


def test_a_page_that_is_taken_away_is_not_found_any_more(client: Client) -> None:
    page = StandardPageFactory(title="Heather")
    assert results(client, "heather") == [page.url]
    page.unpublish()
    assert results(client, "heather") == []


# What is shown of it


def test_a_result_says_what_it_is_and_when_it_was(client: Client) -> None:
    day = dt.datetime(2026, 5, 3, 6, 43, tzinfo=dt.UTC)
    BlogPageFactory(title="Heather", published_at=day)
    page = markup.read(search(client, "heather").content)
    result = page.find(class_="results").li
    meta = result.find(class_="card__meta").get_text(" ", strip=True)
    assert "News" in meta
    assert "3 May 2026" in meta
    assert result.time["datetime"] == "2026-05-03"


def test_a_post_says_who_wrote_it(client: Client) -> None:
    people = [PersonPageFactory(title="Ada Fern"), make_private(PersonPageFactory(title="Bo Moss"))]
    BlogPageFactory(title="Heather", authors=people, byline="Cy Reed")
    meta = markup.read(search(client, "heather").content).find(class_="card__meta")
    assert "By Ada Fern and Cy Reed" in meta.get_text(" ", strip=True)
    assert "Bo Moss" not in meta.get_text()


def test_a_post_on_guidance_says_where_it_comes_from_and_when_it_was_checked(
    client: Client,
) -> None:
    label: dict[str, Any] = {
        "guidance_source": "Skills for Care, the Care Certificate",
        "guidance_url": "https://www.skillsforcare.org.uk/",
        "meaning": "<p>Nothing changes.</p>",
        "in_england": True,
        "in_wales": True,
        "checked_on": dt.date(2026, 5, 3),
    }
    BlogPageFactory(title="Heather", is_guidance=True, **label)
    BlogPageFactory(title="Quillwort", is_guidance=False, **label)
    facts = markup.read(search(client, "heather").content).find(class_="card__facts")
    assert [fact.get_text(" ", strip=True) for fact in facts.find_all("li")] == [
        "Source: Skills for Care, the Care Certificate",
        "Applies in: England and Wales",
        "Last checked: 3 May 2026",
    ]
    assert not markup.read(search(client, "quillwort").content).find(class_="card__facts")


def test_a_result_shows_its_summary_with_the_words_marked(client: Client) -> None:
    BlogPageFactory(intro="We grow Heather & moss; heather mostly, not sheather.")
    summary = markup.read(search(client, "heather MOSS").content).find(class_="card__summary")
    assert summary.get_text() == "We grow Heather & moss; heather mostly, not sheather."
    assert [mark.get_text() for mark in summary.find_all("mark")] == ["Heather", "moss", "heather"]


def test_a_summary_in_rich_text_is_shown_as_words(client: Client) -> None:
    ContactPageFactory(title="Heather", intro="<p>Ask <b>us</b>.</p>", search_description="")
    summary = markup.read(search(client, "heather").content).find(class_="card__summary")
    assert "<" not in summary.get_text()


def test_what_editors_and_visitors_write_is_escaped(client: Client) -> None:
    nasty = "<img src=x onerror=alert(1)> heather & <b>bold</b>"
    StandardPageFactory(title=f"Title {nasty}", intro=f"Intro {nasty}")
    response = search(client, "heather onerror <script>")
    page = markup.read(search(client, "heather").content)
    assert not page.main.find("img", src="x")
    assert not page.main.find("script")
    assert b"<script>" not in response.content
    assert "onerror" in page.find(class_="results").get_text()


def test_the_query_stays_in_the_field(client: Client) -> None:
    query = 'care & "support" <b>'
    page = markup.read(search(client, query).content)
    assert page.find("input", id="page-search")["value"] == query
    assert query in page.title.get_text()


def test_results_come_in_pages(client: Client) -> None:
    pages = {StandardPageFactory(title=f"Heather {n}").url for n in range(13)}
    first, second = results(client, "heather"), results(client, "heather", page="2")
    assert (len(first), len(second)) == (10, 3)
    assert {*first, *second} == pages
    text = markup.read(search(client, "heather").content)
    assert "13 results" in text.find(class_="results__count").get_text()
    assert text.select_one('a[rel="next"]')["href"] == "?q=heather&page=2"


def test_search_works_from_the_header_of_every_page(client: Client) -> None:
    form = markup.read(client.get("/").content).find("header").find("form")
    assert (form["action"], form.get("method", "get")) == ("/search/", "get")
    assert form.input["name"] == "q"
