from typing import Any

import pytest

from blog.migrate.convert import convert

DEFINITION = (
    "Co-production is not just a word, it’s not just a concept, it is a meeting of minds coming "
    "together to find a shared solution."
)


def blocks(html: str) -> list[tuple[str, Any]]:
    return [
        (block["type"], block["value"]) for block in convert(html, "http://old.example/").blocks
    ]


def quotation(text: str, source: str, year: int | None, url: str = "") -> list[tuple[str, Any]]:
    value = {"text": text, "source": source, "year": year, "url": url}
    return [("quotation", value)]


@pytest.mark.parametrize(
    "html",
    [
        f"<p>“{DEFINITION}” Think Local Act Personal (2011)</p>",
        f"<p>“{DEFINITION}”<br>Think Local Act Personal (2011).</p>",
        f"<p>“{DEFINITION}” – Think Local Act Personal (2011)</p>",
        f"<p><em>“{DEFINITION}”</em> <strong>Think Local Act Personal</strong>, (2011)</p>",
        f'<p>"{DEFINITION}" Think Local Act Personal (2011)</p>',
        f"<p>‘{DEFINITION}’ Think Local Act Personal (2011)</p>",
        f"<p>“{DEFINITION}”</p><p>Think Local Act Personal (2011)</p>",
        f"<p>“{DEFINITION}”</p><p>— Think Local Act Personal (2011)</p>",
        f"<blockquote>“{DEFINITION}” Think Local Act Personal (2011)</blockquote>",
        f"<blockquote><p>{DEFINITION}</p><p>Think Local Act Personal (2011)</p></blockquote>",
        f"<blockquote>{DEFINITION}<footer>— <cite>Think Local Act Personal, 2011</cite></footer>"
        "</blockquote>",
    ],
)
def test_a_quotation_with_its_source(html: str) -> None:
    assert blocks(html) == quotation(DEFINITION, "Think Local Act Personal", 2011)


def test_its_link_is_its_address() -> None:
    html = '<p>“Nothing about us.” <a href="https://e.org/x">The movement</a> (1998)</p>'
    assert blocks(html) == quotation("Nothing about us.", "The movement", 1998, "https://e.org/x")


def test_a_blockquote_with_an_address() -> None:
    html = '<blockquote cite="https://e.org/x"><p>Words.</p><cite>Somebody</cite></blockquote>'
    assert blocks(html) == quotation("Words.", "Somebody", None, "https://e.org/x")


def test_paragraphs_of_a_quotation_are_kept_apart() -> None:
    html = "<blockquote><p>One.</p><p>Two.</p><p>— Somebody</p></blockquote>"
    assert blocks(html) == quotation("One.\n\nTwo.", "Somebody", None)


@pytest.mark.parametrize(
    "html",
    [
        "<p>“I was there,” he said in the spring of (2011)</p><p>more</p>".replace(
            "(2011)", "2011"
        ),
        "<p>He said “yes” to the Care Act (2014)</p>",
        "<p>“Words.” Somebody (in the year 2011)</p>",
        "<p>“Words.” Somebody (9999)</p>",
        "<p>“Words.” (2011)</p>",
        f"<p>“Words.” {'long ' * 40} (2011)</p>",
        "<p>The Care Act (2014)</p>",
    ],
)
def test_what_is_none_stays_text(html: str) -> None:
    assert {kind for kind, _ in blocks(html)} == {"paragraph"}


def test_an_apostrophe_in_the_source_ends_nothing() -> None:
    assert blocks("<p>“Words.” O’Brien (2011)</p>") == quotation("Words.", "O’Brien", 2011)


def test_without_a_source_the_words_stand_in_quotation_marks() -> None:
    converted = convert("<blockquote><p>One.</p><p>Two.</p></blockquote>")
    assert converted.blocks == [{"type": "paragraph", "value": "<p>“One.</p><p>Two.”</p>"}]
    assert converted.notes == ["A quotation names no source."]


def test_a_quotation_that_holds_more_than_words_is_text() -> None:
    assert blocks("<blockquote><ul><li>a</li></ul></blockquote>") == [
        ("paragraph", "<ul><li>a</li></ul>")
    ]
