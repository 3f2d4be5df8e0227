"""Twenty thousand searches that nobody means well: no fault, and nobody waits."""

from collections.abc import Callable
from urllib.parse import quote, quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import BlogIndexPageFactory
from tests.search.collection import add_courses, load_paragraphs
from tests.search.speed import stopwatch

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ADDRESSES = ("/search/", "/search/results.json", "/search/suggest/")
# What full-text engines, databases, templates and shells read as commands.
SIGNS = (
    '"', "'", "`", "*", "%", "_", "\\", "/", "(", ")", "[", "]", "{", "}", "<", ">", "|", "||",
    "&", "&&", "!", "-", "+", "~", "^", ":", ";", ",", ".", "=", "#", "@", "$", "?", "\x00",
    "\r\n", "\t", "\u202e", "\u200b", "\ufeff", "\ud7ff", "\uffff", " OR ", " AND ", " NOT ",
    " NEAR(", "NEAR/2", "title:", "{title} :", "':*", "<->", "!!", "--", "/*", "';", "{{", "{%",
    "${", "../", "%00", "&amp;", "\N{COMBINING ACUTE ACCENT}" * 50,
)  # fmt: skip
WORDS = (
    "care",
    "medicines",
    "first aid in March",
    "fire",
    "a",
    "co-production",
    "PBS",
    "£50",
    "in leeds",
    "online",
    "under £1,000",
    "standard 5",
    "next may",
)
LONG = 100_000


def in_plane(plane: int) -> st.SearchStrategy[str]:
    return st.text(
        st.characters(
            min_codepoint=plane << 16,
            max_codepoint=(plane << 16) + 0xFFFF,
            exclude_categories=["Cs"],
        ),
        min_size=1,
        max_size=30,
    )


def pieces() -> st.SearchStrategy[str]:
    """Signs, words and characters of every plane of Unicode, in any order."""
    piece = st.one_of(
        st.sampled_from(SIGNS), st.sampled_from(WORDS), st.integers(0, 16).flatmap(in_plane)
    )
    return st.lists(piece, max_size=12).map("".join)


def long_ones() -> st.SearchStrategy[str]:
    """A hundred kilobytes of one thing, or of several words."""
    return st.sampled_from([*SIGNS, *(f"{word} " for word in WORDS)]).map(
        lambda piece: (piece * LONG)[:LONG]
    )


def values() -> st.SearchStrategy[str]:
    """One value of an address, as it is sent: text, or bytes that are none."""
    text = st.one_of(pieces(), pieces(), pieces(), st.text(max_size=300))
    return st.one_of(text.map(quote), st.binary(max_size=60).map(quote_from_bytes))


def numbers() -> st.SearchStrategy[str]:
    """Numbers of pages that are none, or far too large."""
    return st.one_of(
        st.integers(-(10**30), 10**30).map(str),
        st.sampled_from(["0", "-1", "1e9", "NaN", "²", "١", "last", "9" * 5_000]).map(quote),
    )


def test_nothing_hurts(client: Client, rounds: Callable[[int, int], int]) -> None:
    BlogIndexPageFactory()
    load_paragraphs()
    add_courses()
    patience = rounds(10, 1)  # seconds; the short form runs beside others on the same machine
    client.get("/search/?q=care")  # which loads the site
    slowest = 0.0
    asked = 0

    @settings(
        max_examples=rounds(400, 20_000),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(ADDRESSES),
        st.one_of(*[values()] * 40, long_ones().map(quote)),
        st.dictionaries(
            st.sampled_from(["page", "type", "sort", "exact", "words", "q"]),
            st.one_of(numbers(), values()),
            max_size=3,
        ),
    )
    def search(address: str, words: str, others: dict[str, str]) -> None:
        nonlocal slowest, asked
        pairs = [("q", words), *others.items()]
        with stopwatch() as seconds:
            response = client.get(
                address, QUERY_STRING="&".join(f"{name}={value}" for name, value in pairs)
            )
        [taken] = seconds
        slowest, asked = max(slowest, taken), asked + 1
        assert response.status_code == 200
        assert taken < patience

    search()
    print(f"{asked} searches, the slowest took {slowest * 1000:.0f} ms")
