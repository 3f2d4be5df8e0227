"""What each block shows: in full, half-finished, and when what it points to has gone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from base.blocks import BodyBlock
from base.models import PersonPage
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CallToActionFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    DocumentFactory,
    PersonPageFactory,
    StandardPageFactory,
    TestimonialFactory,
    make_private,
)

pytestmark = pytest.mark.django_db

BODY = BodyBlock()


def show(*blocks: tuple[str, Any]) -> BeautifulSoup:
    """What visitors see of a text of these blocks."""
    return markup.read(BODY.render(stream(*blocks)))


def stream(*blocks: tuple[str, Any]) -> Any:
    return BODY.to_python([{"type": name, "value": value} for name, value in blocks])


def queries(*blocks: tuple[str, Any]) -> int:
    """How often the database is asked for a text whose pictures were made before."""
    show(*blocks)
    with CaptureQueriesContext(connection) as captured:
        show(*blocks)
    return len(captured)


def is_nothing(page: BeautifulSoup) -> bool:
    return not str(page).strip()


def heading(text: str, level: str = "h2") -> tuple[str, dict[str, str]]:
    return ("heading", {"text": text, "level": level})


def columns(left: list[Any], right: list[Any]) -> tuple[str, dict[str, Any]]:
    sides = {"left": left, "right": right}
    return (
        "columns",
        {side: [{"type": n, "value": v} for n, v in blocks] for side, blocks in sides.items()},
    )


def picture(pk: int, **changes: Any) -> tuple[str, dict[str, Any]]:
    image = {"image": pk, "alt_text": "Two people at a table", "decorative": False} | changes
    return ("image", {"image": image, "caption": "Planning a course"})


def link(**target: Any) -> dict[str, Any]:
    return {"text": "See all dates", "page": None, "url": ""} | target


# Words


def test_headings_carry_their_level_and_anchor() -> None:
    page = show(heading("Who it is for"), heading("On the day", "h3"))
    assert [(tag.name, tag["id"], tag.text) for tag in page.find_all(["h2", "h3"])] == [
        ("h2", "who-it-is-for", "Who it is for"),
        ("h3", "on-the-day", "On the day"),
    ]


@pytest.mark.parametrize(
    ("texts", "anchors"),
    [
        (["Dates for you", "Dates for you"], ["dates-for-you", "dates-for-you-2"]),
        (["Day", "Day 2", "Day"], ["day", "day-2", "day-3"]),
        (["Day", "Day", "Day 2"], ["day", "day-2", "day-2-2"]),
        (["Main", "Dates"], ["main-2", "dates-2"]),
        (["Żółw", "中文"], ["zow", "中文"]),
        (["???"], [None]),
    ],
)
def test_no_two_headings_share_an_anchor(texts: list[str], anchors: list[str | None]) -> None:
    page = show(*(heading(text) for text in texts))
    assert [tag.get("id") for tag in page.find_all("h2")] == anchors


def test_headings_in_columns_have_anchors_of_their_own() -> None:
    page = show(heading("Day"), columns([heading("Day", "h3")], [heading("Day", "h3")]))
    assert [tag["id"] for tag in page.find_all(["h2", "h3"])] == ["day", "day-2", "day-3"]


def test_anchors_are_the_same_however_often_a_text_is_shown() -> None:
    text = stream(heading("Day"), heading("Day"))
    assert BODY.render(text) == BODY.render(text)


def test_a_link_in_a_paragraph_cannot_run_a_script() -> None:
    words = {"text": "read", "type": "unstyled", "key": "a", "depth": 0, "inlineStyleRanges": []}
    typed = {
        "blocks": [words | {"entityRanges": [{"key": 0, "offset": 0, "length": 4}]}],
        "entityMap": {"0": {"type": "LINK", "data": {"url": "javascript:alert(1)"}}},
    }
    block = BODY.child_blocks["paragraph"]
    value = block.value_from_datadict({"body": json.dumps(typed)}, {}, "body")
    page = markup.read(block.render(value))
    assert page.a.text == "read"
    assert not page.a.has_attr("href")


def test_a_quotation_names_its_source() -> None:
    value = {"text": "Words.", "source": "A report", "year": 2011, "url": "https://example.org/"}
    page = show(("quotation", value))
    assert page.figure.blockquote["cite"] == "https://example.org/"
    assert page.figcaption.cite.get_text() == "A report"
    assert "2011" in page.figcaption.get_text()


def test_a_quotation_without_year_and_address() -> None:
    page = show(("quotation", {"text": "Words.", "source": "A report", "year": None, "url": ""}))
    assert not page.blockquote.has_attr("cite")
    assert page.figcaption.get_text(strip=True) == "A report"


def test_a_fact() -> None:
    page = show(("fact", {"figure": "16", "text": "standards", "source": ""}))
    assert page.get_text(" ", strip=True) == "16 standards"


# Pictures and files


def test_a_picture_is_described_sized_and_comes_in_several_widths() -> None:
    page = show(picture(CustomImageFactory(credit="Ada").pk))
    assert page.img["alt"] == "Two people at a table"
    assert page.img["width"]
    assert page.img["height"]
    assert page.img["srcset"]
    assert ".webp" in page.img["src"]
    assert page.figcaption.get_text(" ", strip=True) == "Planning a course Ada"


def test_a_decorative_picture_is_not_read_aloud() -> None:
    image = CustomImageFactory()
    assert show(picture(image.pk, alt_text="x", decorative=True)).img["alt"] == ""


def test_a_picture_that_was_deleted_leaves_nothing() -> None:
    image = CustomImageFactory()
    block = picture(image.pk)
    image.delete()
    assert is_nothing(show(block))


def test_many_pictures_are_looked_up_at_once() -> None:
    pictures = [picture(CustomImageFactory().pk) for _ in range(6)]
    show(*pictures)
    cache.clear()
    assert queries(*pictures[:2]) == queries(*pictures) == 2


def test_a_document_shows_its_kind_and_size() -> None:
    file = ContentFile(b"x" * 120 * 1024, name="what-to-expect.pdf")
    document = DocumentFactory(title="What to expect", file=file)
    page = show(("document", {"document": document.pk, "title": ""}))
    assert page.a["href"] == document.url
    assert page.get_text(" ", strip=True).replace("\xa0", " ") == "What to expect PDF, 120 KB"
    assert show(("document", {"document": document.pk, "title": "Our day"})).a.text == "Our day"


def test_a_document_whose_file_is_lost_is_still_named() -> None:
    document = DocumentFactory(title="Lost")
    document.file.storage.delete(document.file.name)
    page = show(("document", {"document": document.pk, "title": ""}))
    assert "0" not in page.select_one(".download__facts").get_text()


def test_a_document_that_was_deleted_leaves_nothing() -> None:
    document = DocumentFactory()
    block = ("document", {"document": document.pk, "title": "What to expect"})
    document.delete()
    assert is_nothing(show(block))


# Layout

ITEMS = {
    "steps": {"title": "Choose a date", "text": "Every course shows its dates."},
    "accordion": {"question": "Is there parking?", "answer": "<p>Yes.</p>"},
}


def test_steps_are_an_ordered_list() -> None:
    page = show(("steps", {"heading": "How to book", "items": [ITEMS["steps"]] * 3}))
    assert page.h2.text == "How to book"
    assert len(page.ol.find_all("li")) == 3


def test_questions_open_without_a_script() -> None:
    page = show(("accordion", {"heading": "", "items": [ITEMS["accordion"]]}))
    assert not page.h2
    assert page.details.summary.text == "Is there parking?"
    assert page.details.p.text == "Yes."


@pytest.mark.parametrize("name", ITEMS)
def test_a_heading_without_items_is_not_shown(name: str) -> None:
    assert is_nothing(show((name, {"heading": "Nothing below", "items": []})))


def table(headings: list[str], rows: list[list[str]]) -> tuple[str, dict[str, Any]]:
    columns = [{"type": "text", "heading": heading} for heading in headings]
    value = {"columns": columns, "rows": [{"values": row} for row in rows], "caption": "Lengths"}
    return ("table", value)


def test_a_table_has_a_caption_headings_and_a_region_to_scroll() -> None:
    page = show(table(["Course", "Length"], [["Safeguarding <adults>", "6 hours"]]))
    region = page.find(role="group")
    assert region["aria-labelledby"] == page.caption["id"]
    assert page.caption.text == "Lengths"
    assert region["tabindex"] == "0"
    assert [(th["scope"], th.text) for th in page.find_all("th")] == [
        ("col", "Course"),
        ("col", "Length"),
        ("row", "Safeguarding <adults>"),
    ]
    assert page.td.text == "6 hours"


def test_a_table_without_rows_is_not_shown() -> None:
    assert is_nothing(show(table(["Course"], [])))


def test_columns_stand_side_by_side() -> None:
    page = show(columns([("paragraph", "<p>One</p>")], [("paragraph", "<p>Two</p>")]))
    assert [tag.get_text(strip=True) for tag in page.select(".columns__column")] == ["One", "Two"]


def test_a_column_with_nothing_to_show_is_not_there() -> None:
    image = CustomImageFactory()
    gone = picture(image.pk)
    image.delete()
    assert len(show(columns([gone], [("paragraph", "<p>Two</p>")])).select(".columns__column")) == 1
    assert is_nothing(show(columns([gone], [])))


# Links


def call(**target: Any) -> tuple[str, dict[str, Any]]:
    return ("call_to_action", {"title": "Not sure?", "text": "", "link": link(**target)})


def test_a_call_to_action_leads_to_a_page_or_an_address() -> None:
    page = StandardPageFactory()
    assert show(call(page=page.pk)).a["href"] == page.url
    assert show(call(url="https://example.org/")).a["href"] == "https://example.org/"


@pytest.mark.parametrize("lose", [Page.unpublish, Page.delete])
def test_a_call_to_action_goes_with_its_page(lose: Callable[[Page], None]) -> None:
    page = StandardPageFactory()
    shared = CallToActionFactory(link_page=page, link_url="")
    blocks = [call(page=page.pk), ("shared_call_to_action", shared.pk)]
    assert len(show(*blocks).find_all("a")) == 2
    lose(page)
    assert is_nothing(show(*blocks))


def test_a_call_to_action_with_nowhere_to_go_is_not_shown() -> None:
    assert is_nothing(show(call()))


def test_a_shared_call_to_action_changes_everywhere() -> None:
    shared = CallToActionFactory(title="Before")
    block = ("shared_call_to_action", shared.pk)
    shared.title = "After"
    shared.save()
    assert show(block).h2.text == "After"
    shared.delete()
    assert is_nothing(show(block))


# From the site


def people(*chosen: PersonPage, heading: str = "Who teaches") -> tuple[str, dict[str, Any]]:
    return ("people", {"heading": heading, "people": [person.pk for person in chosen]})


def names(page: BeautifulSoup) -> list[str]:
    return [tag.a.text for tag in page.select(".person")]


def test_people_stand_side_by_side_in_the_chosen_order() -> None:
    trainer, expert = PersonPageFactory(), PersonPageFactory(kind_of_expertise="lived")
    page = show(people(expert, trainer))
    assert names(page) == [expert.title, trainer.title]
    first, second = page.select(".person")
    assert (set(first["class"]) ^ set(second["class"])) == {"tone-brave", "tone-mindful"}


@pytest.mark.parametrize(("heading", "level"), [("Who teaches", "h3"), ("", "h2")])
def test_peoples_names_leave_no_gap_in_the_headings(heading: str, level: str) -> None:
    page = show(people(PersonPageFactory(), heading=heading))
    assert page.select_one(".person__name").name == level


@pytest.mark.parametrize("lose", [Page.unpublish, Page.delete, make_private])
def test_people_who_are_gone_are_not_shown(lose: Callable[[Page], Any]) -> None:
    stays, goes = PersonPageFactory(), PersonPageFactory()
    block, alone = people(goes, stays), people(goes)
    assert names(show(block)) == [goes.title, stays.title]
    lose(goes)
    assert names(show(block)) == [stays.title]
    assert is_nothing(show(alone))


def test_many_people_cost_no_more_than_two() -> None:
    chosen = [PersonPageFactory(photo=CustomImageFactory()) for _ in range(5)]
    assert queries(people(*chosen[:2])) == queries(people(*chosen)) == 3


def pages(*chosen: Page, heading: str = "Read on") -> tuple[str, dict[str, Any]]:
    return ("pages", {"heading": heading, "pages": [page.pk for page in chosen]})


def titles(page: BeautifulSoup) -> list[str]:
    return [title.get_text() for title in page.select(".card__title")]


def test_pages_of_any_type_have_their_own_cards_in_the_chosen_order() -> None:
    date = CourseRunFactory()
    chosen = [BlogPageFactory(), date.course, PersonPageFactory(), StandardPageFactory()]
    page = show(pages(*chosen))
    assert titles(page) == [one.title for one in chosen]
    assert [card.select_one(".card__title").name for card in page.select(".card")] == ["h3"] * 4
    assert titles(show(pages(*reversed(chosen)))) == [one.title for one in reversed(chosen)]


def test_a_page_chosen_twice_is_shown_once() -> None:
    page = StandardPageFactory()
    assert titles(show(pages(page, page))) == [page.title]


@pytest.mark.parametrize("lose", [Page.unpublish, Page.delete, make_private])
@pytest.mark.parametrize("factory", [BlogPageFactory, StandardPageFactory])
def test_pages_that_are_gone_are_not_shown(factory: Any, lose: Callable[[Page], Any]) -> None:
    stays, goes = factory(), factory()
    block, alone = pages(goes, stays), pages(goes)
    assert titles(show(block)) == [goes.title, stays.title]
    lose(goes)
    assert titles(show(block)) == [stays.title]
    assert is_nothing(show(alone))


def test_many_pages_cost_no_more_than_a_few() -> None:
    makers = [BlogPageFactory, CoursePageFactory, StandardPageFactory]
    rows = [[make(image=CustomImageFactory()) for make in makers] for _ in range(4)]
    few, many = pages(*rows[0], *rows[1]), pages(*(page for row in rows for page in row))
    assert queries(few) == queries(many)


def test_a_testimonial_says_who_said_it() -> None:
    said = TestimonialFactory(role="Support worker", organisation="A charity", is_sample=True)
    block = ("testimonial", said.pk)
    page = show(block)
    assert page.blockquote.get_text(strip=True) == said.quote
    assert [tag.text for tag in page.find(class_="quotation__who").find_all("span")] == [
        said.name,
        "Support worker",
        "A charity",
        "2026",
        "Sample words",
    ]
    said.delete()
    assert is_nothing(show(block))


# Not finished yet: autosave and preview show what an editor has only just begun


@pytest.mark.parametrize("name", BODY.child_blocks)
def test_a_block_without_content_shows_nothing(name: str) -> None:
    block = BODY.child_blocks[name]
    assert is_nothing(markup.read(block.render(block.get_default())))
