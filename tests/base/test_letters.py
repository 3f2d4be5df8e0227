"""What every mail of the site looks like, and what stands at its foot."""

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.cache import cache
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from base import letters
from base.letters import as_html, as_text, letter_of, quoted, rich_text_as_text
from base.mail import send_later
from tests import markup
from tests.factories import CustomImageFactory, OrganisationSettingsFactory

pytestmark = pytest.mark.django_db

OURS = "https://www.example.org"
LETTER = f"""Dear Ada,

The place is booked.

Reference: BM-1
Course: Care & planning

How to get there:
Turn left at the mill.

- Ada Example
- Grace Example

See your booking:
{OURS}/bookings/b/key/?a=1&b=2

The link is for you alone.
"""
WHY = f"""You get this mail because you booked.

No more of these mails:
{OURS}/stop/
"""
EVERYTHING = {
    "organisation_name": "We & Co",
    "phone": "0113 496 0000",
    "email": "hello@example.org",
    "address": "12 High Street\nLeeds LS1 1AA",
    "company_name": "We Ltd",
    "company_number": "012",
    "registered_in": "England and Wales",
    "registered_address": "1 Low Road, Leeds",
}
COMPANY = (
    "We Ltd is a company registered in England and Wales, number 012. "
    "Registered office: 1 Low Road, Leeds."
)
# HTML leaves how things look to CSS; the Nu checker calls these obsolete.
OBSOLETE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "valign", "background"}
HOSTILE = "</title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def ours(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = OURS


def written(subject: str = "Your booking", text: str = LETTER, why: str = WHY) -> BeautifulSoup:
    return markup.read(as_html(subject, text, why))


def said(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


# The frame


def test_the_head_names_the_organisation_and_leads_home() -> None:
    OrganisationSettingsFactory(**EVERYTHING)
    page = written()
    brand = page.find(class_="brand")
    assert (said(brand), brand["href"]) == ("We & Co", f"{OURS}/")
    assert brand.img["alt"] == ""
    assert page.title.get_text() == "Your booking"
    assert page.html["lang"] == "en-GB"
    assert len(page.find_all("h1")) <= 1


def test_the_foot_says_how_to_reach_the_organisation() -> None:
    OrganisationSettingsFactory(**EVERYTHING)
    foot = written().find(class_="foot")
    assert foot.find("a", href="tel:01134960000").get_text() == "0113 496 0000"
    assert foot.find("a", href="mailto:hello@example.org")
    for words in ("We & Co", "12 High Street Leeds LS1 1AA", COMPANY):
        assert words in said(foot)


@pytest.mark.parametrize("has_settings", [True, False])
def test_what_is_left_empty_is_not_shown(has_settings: bool) -> None:
    if has_settings:
        OrganisationSettingsFactory()
    name = "Brightening Minds Training"
    foot = written(why="").find(class_="foot")
    assert said(foot) == name
    assert all(said(paragraph) for paragraph in foot.find_all("p"))
    assert as_text("Hello").split(letters.SIGNATURE)[1] == f"\n{name}\n{OURS}/\n"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("organisation_name", HOSTILE),
        ("address", HOSTILE),
        ("company_name", HOSTILE),
        ("phone", "<script>alert(1)</script>"),  # as much as it takes
    ],
)
def test_no_words_of_the_settings_become_code(field: str, words: str) -> None:
    OrganisationSettingsFactory(**EVERYTHING | {field: words})
    page = written()
    assert not page.find_all(["script"])
    assert [image["src"] for image in page.find_all("img")] == [f"{OURS}/static/base/mark.png"]
    assert "alert(1)" in said(page.find(class_="foot"))


def test_no_words_of_a_letter_become_code() -> None:
    greeting, fact, section = f"Dear {HOSTILE},", f"A: b\nName: {HOSTILE}", f"Look:\n{HOSTILE}"
    page = written(
        HOSTILE, "\n\n".join([greeting, HOSTILE, fact, section, f"- {HOSTILE}"]), HOSTILE
    )
    assert not page.find_all("script")
    assert len(page.find_all("img")) == 1
    assert page.title.get_text() == HOSTILE
    assert page.find(class_="mail")["aria-label"] == HOSTILE
    assert page.get_text().count("alert(1)") == 2 * 7  # in the title and six times below


def test_styles_stand_in_the_elements_and_media_queries_in_the_head() -> None:
    page = written()
    for tag in page.find(class_="letter").find_all(["p", "ul", "th", "td", "a", "h2"]):
        assert tag.get("style"), tag
    [sheet] = page.find_all("style")
    assert sheet.find_parent("head")
    assert "prefers-color-scheme: dark" in sheet.get_text()
    assert "max-width: 480px" in sheet.get_text()
    assert re.sub(r"@media[^{]+{(?:[^{}]*{[^{}]*})*\s*}", "", sheet.get_text()).strip() == ""


def test_nothing_is_loaded_to_write_a_mail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p { color: red }")
    page = (
        f'<link rel="stylesheet" href="{sheet}"><link rel="stylesheet" href="file://{sheet}">'
        '<link rel="stylesheet" href="http://127.0.0.1:9/sheet.css"><p>Hello</p>'
    )
    monkeypatch.setattr(letters, "render_to_string", lambda *_: page)
    assert markup.read(letters.render_mail("a.html", {})).p.attrs == {}


def test_a_mail_asks_for_nothing_but_our_own_pictures() -> None:
    OrganisationSettingsFactory(**EVERYTHING, logo=CustomImageFactory())
    html = as_html("Your booking", LETTER, WHY)
    page = markup.read(html)
    asked = list(markup.resources(page))
    assert asked
    assert all(address.startswith(f"{OURS}/") for address in asked)
    assert not page.find_all(["script", "link", "iframe", "object", "form", "base"])
    assert not re.search(r"url\(|@import|@font-face", html)


def test_the_page_is_html_5() -> None:
    OrganisationSettingsFactory(**EVERYTHING)
    html = as_html("Your booking", LETTER, WHY)
    page = markup.read(html)
    assert html.startswith("<!DOCTYPE html>")
    used = {name for tag in page.find_all(True) for name in tag.attrs}
    assert not used & OBSOLETE
    sized = {tag.name for tag in page.find_all(width=True)}
    assert sized == {"img"}
    assert not list(markup.id_faults(page))


# The letter


def test_paragraphs_become_what_their_readers_take_them_for() -> None:
    letter = written().find(class_="letter")
    assert said(letter.h1) == "The place is booked."
    rows = [[said(cell) for cell in row(["th", "td"])] for row in letter("tr")]
    assert rows == [["Reference", "BM-1"], ["Course", "Care & planning"]]
    assert said(letter.h2) == "How to get there"
    assert said(letter.h2.find_next("p")) == "Turn left at the mill."
    assert [said(item) for item in letter("li")] == ["Ada Example", "Grace Example"]


def test_links_lead_where_the_words_do() -> None:
    page = written()
    [action] = page.find(class_="letter").find_all("a")
    assert action["href"] == f"{OURS}/bookings/b/key/?a=1&b=2"
    assert said(action) == "See your booking"
    [stop] = page.find(class_="foot").find_all("a")
    assert (stop["href"], said(stop)) == (f"{OURS}/stop/", "No more of these mails")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Dear Ada,\n\nHello.\n\nMore.", ["greeting", "lead", "text"]),
        ("One line", ["lead"]),
        ("Go:\nhttps://a.example/", ["action"]),
        ("Ada:\nhttps://a.example/\n\nSam:\nhttps://b.example/", ["link", "link"]),
        ("It is now:\nWhen: today\nWhere: here", ["section"]),
        ("Only: this", ["lead"]),
        ("\r\n- a\r\n- b\r\n", ["list"]),
        ("> a\n>\n> b", ["quote"]),
        ("She says:\n> a", ["section"]),
        ("", []),
    ],
)
def test_kinds_of_paragraphs(text: str, kinds: list[str]) -> None:
    assert [part.kind for part in letter_of(text)] == kinds


def test_a_heading_has_no_headings_below_it() -> None:
    [part] = letter_of("Deep:\n" * 5_000 + "end")
    assert part.kind == "section"
    assert [below.kind for below in part.parts] == ["text"]


def test_a_heading_ends_without_a_colon() -> None:
    assert [part.text for part in letter_of("Grace says:\n\n> Yes.")] == ["Grace says", "Yes."]


def test_the_same_words_twice_lead_once() -> None:
    assert [part.kind for part in letter_of("Again.\n\nAgain.")] == ["lead", "text"]


def test_nothing_that_strangers_write_becomes_a_button_of_ours() -> None:
    theirs = "Hello:\r\n\r\nConfirm your account:\r\nhttps://evil.example/\r\n\r\n- a\r\n-- \r\nb"
    letter = written(text=f"Sam says:\n\n{quoted(theirs)}").find(class_="letter")
    assert not letter.find(class_="button")
    assert not letter.find("li")
    assert said(letter.blockquote) == "Hello: Confirm your account: https://evil.example/ - a -- b"
    assert len(letter.blockquote("p")) == 3
    assert "\n-- \n" not in quoted(theirs)


# The plain text


def test_the_plain_text_ends_with_the_same_foot() -> None:
    OrganisationSettingsFactory(**EVERYTHING)
    letter, foot = as_text(LETTER, WHY).split("\n-- \n")
    assert letter == LETTER
    assert foot.startswith(WHY)
    for words in ("We & Co\n", "0113 496 0000", "hello@example.org", "12 High Street\n", COMPANY):
        assert words in foot
    assert "\n\n\n" not in foot


def test_the_worker_sends_both(work: Any) -> None:
    OrganisationSettingsFactory(**EVERYTHING)
    send_later("Your booking", LETTER, ["ada@example.org"], why=WHY)
    work()
    [message] = mail.outbox
    assert message.body == as_text(LETTER, WHY)
    assert (as_html("Your booking", LETTER, WHY), "text/html") in message.alternatives
    assert b"\n-- \n" in message.message().as_bytes()


def test_writing_a_mail_asks_the_database_little(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    OrganisationSettingsFactory(**EVERYTHING, logo=CustomImageFactory())
    written()
    cache.clear()
    with django_assert_max_num_queries(2):
        written()


# The mark


def test_the_mark_is_drawn_for_sharp_screens() -> None:
    shown = written().find(class_="brand").img
    with Image.open(finders.find("base/mark.png")) as picture:
        assert picture.size == (2 * int(shown["width"]), 2 * int(shown["height"]))
        assert picture.mode == "RGBA"


def test_the_own_logo_stands_in_its_place() -> None:
    organisation = OrganisationSettingsFactory(logo=CustomImageFactory())
    shown = written().find(class_="brand").img
    assert shown["src"].startswith(f"{OURS}/media/")
    assert shown["src"].endswith(".png")
    assert max(int(shown["width"]), int(shown["height"])) <= 56
    organisation.logo.renditions.all().delete()
    organisation.logo.file.delete(save=False)
    assert written().find(class_="brand").img["src"] == f"{OURS}/static/base/mark.png"


# What editors write with the mouse

VISIBLE = st.characters(categories=["L", "N", "P", "S"], codec="utf-8")
WORD = st.text(VISIBLE, min_size=1, max_size=12)
SENTENCE = st.lists(WORD, min_size=1, max_size=5).map(" ".join)


@given(st.lists(SENTENCE, max_size=4), st.lists(SENTENCE, max_size=4))
def test_every_word_of_a_rich_text_is_in_the_plain_one(
    paragraphs: list[str], listed: list[str]
) -> None:
    html = "".join(f"<p><b>{escape(each)}</b></p>" for each in paragraphs)
    html += f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in listed)}</ul>" if listed else ""
    expected = [*paragraphs, "\n".join(f"- {each}" for each in listed)]
    assert rich_text_as_text(html) == "\n\n".join(filter(None, expected))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p></p>", ""),
        ("<p>One<br/>two</p><p>three</p>", "One\ntwo\n\nthree"),
        ("<ol><li>First</li><li>Second</li></ol>", "1. First\n2. Second"),
        ('<p>See <a href="/a/">this</a>.</p>', f"See this ({OURS}/a/)."),
        ('<p><a href="mailto:a@example.org">a@example.org</a></p>', "a@example.org"),
        ('<p>Gone: <a linktype="page" id="99999">this</a></p>', "Gone: this"),
        ("<p>Tea &amp; &lt;b&gt;</p>", "Tea & <b>"),
    ],
)
def test_a_rich_text_reads_well_as_plain_text(html: str, text: str) -> None:
    assert rich_text_as_text(html) == text
