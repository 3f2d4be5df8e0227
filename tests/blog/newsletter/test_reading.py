"""How hard a text is to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.newsletter.reading import plain, reading_age, sentences_of, word_count

EASY = "The cat sat on the mat. It was glad to be there. "
HARD = (
    "The implementation of organisational safeguarding responsibilities necessitates "
    "comprehensive interdisciplinary communication between authorities. "
)
MIDDLE = (
    "We have written down what changed in the guidance this month, and what it means for your "
    "team. If you book before the end of May, you pay less for every place. "
)
WORDS = st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{3,9}){1,6}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("No mark at all", ["No mark at all"]),
        ("You can come. It is free!", ["You can come.", "It is free!"]),
        ("Can you come? “Yes!” We can.", ["Can you come?", "“Yes!”", "We can."]),
        ("It costs £14.50 or £9.95. Pay later.", ["It costs £14.50 or £9.95.", "Pay later."]),
        ("Come at 9.30 a.m. on Monday. Eat.", ["Come at 9.30 a.m. on Monday.", "Eat."]),
        ("Dr. Smith met Mrs. Jones. They ate.", ["Dr. Smith met Mrs. Jones.", "They ate."]),
        ("In a town (e.g. Leeds). Or here.", ["In a town (e.g. Leeds).", "Or here."]),
        ("One line\nThe next one", ["One line", "The next one"]),
        ("Well… maybe. (Or not.) Yes.", ["Well… maybe.", "(Or not.)", "Yes."]),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


@given(st.text(st.sampled_from("aA1 \n.!?…”)(\u2028\x0b")) | st.text())
def test_no_word_is_lost_or_moved(text: str) -> None:
    sentences = sentences_of(text)
    assert " ".join(sentences).split() == text.split()
    assert all(sentences)


@given(st.lists(st.tuples(WORDS, st.sampled_from([".", "!", "?", "…", ".”", "\n"]))))
def test_every_mark_ends_a_sentence(parts: list[tuple[str, str]]) -> None:
    text = " ".join(words + mark for words, mark in parts)
    assert sentences_of(text) == [(words + mark).strip() for words, mark in parts]


def test_words_of_rich_text() -> None:
    source = (
        "<p>Two <b>bo</b>ld words.</p><ul><li>One</li><li>Two<br/>lines</li></ul><p>End &amp;</p>"
    )
    lines = [line for line in plain(source).splitlines() if line]
    assert lines == ["Two bold words.", "One", "Two", "lines", "End &"]


def test_a_dash_is_no_word() -> None:
    assert word_count("We – all of us – came, at 9.") == 7


def test_the_age_rises_with_the_words() -> None:
    ages = [reading_age(text * 12) for text in (EASY, MIDDLE, HARD)]
    assert ages == [5, 9, 18]


def test_too_little_to_tell() -> None:
    assert reading_age("Come along. " * 49) is None
    # 0.39 * 2 words in a sentence + 11.8 * 1.5 syllables in a word - 15.59 is the third grade.
    assert reading_age("Come along. " * 50) == 8


def test_a_list_is_not_one_long_sentence() -> None:
    items = "\n".join(["What to bring with you"] * 30)
    assert reading_age(items) == reading_age(items.replace("\n", ".\n"))
    assert (reading_age(items) or 99) < (reading_age(items.replace("\n", " ")) or 0)


def test_the_age_is_told_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later versions fetch a word list when they first run."""

    def refuse(*args: object) -> None:
        raise AssertionError("It asks for something.")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    assert reading_age(MIDDLE * 10) == 9
