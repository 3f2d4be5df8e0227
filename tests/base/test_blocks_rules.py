"""What editors may publish, what they are told when they may not, and what a draft may lack."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from wagtail.blocks import StreamValue

from base.blocks import BodyBlock
from base.blocks.body import TAKEN_ANCHORS
from base.blocks.media import video_at
from tests import markup
from tests.factories import StandardPageFactory
from tests.test_architecture import TEMPLATES

BODY = BodyBlock()
THIS_YEAR = dt.datetime.now(dt.UTC).year
VIDEO = "dQw4w9WgXcQ"


def stream(*blocks: tuple[str, Any]) -> StreamValue:
    return BODY.to_python([{"type": name, "value": value} for name, value in blocks])


def faults(*blocks: tuple[str, Any]) -> Any:
    """What the editor is told, as the form shows it beside the blocks; None when all is well."""
    try:
        BODY.clean(stream(*blocks))
    except ValidationError as error:
        return error.as_json_data()
    return None


def fault(block: tuple[str, Any]) -> Any:
    """What the editor is told of one block."""
    return (told := faults(block)) and told["blockErrors"][0]


def draft(*blocks: tuple[str, Any]) -> None:
    """Check what an unpublished draft must hold."""
    BODY.clean_deferred(stream(*blocks))


def places(told: Any) -> Iterable[tuple[Any, ...]]:
    """Where the messages stand: the way through blocks to each of them."""
    for key, error in (told or {}).get("blockErrors", {}).items():
        if "messages" in error:
            yield (key,)
        yield from ((key, *further) for further in places(error))


# Headings in order


def headings(*levels: str) -> list[tuple[str, Any]]:
    return [("heading", {"text": f"Part {n}", "level": level}) for n, level in enumerate(levels)]


def columns(left: list[tuple[str, Any]], right: list[tuple[str, Any]]) -> tuple[str, Any]:
    sides = {"left": left, "right": right}
    return (
        "columns",
        {
            side: [{"type": name, "value": value} for name, value in blocks]
            for side, blocks in sides.items()
        },
    )


@pytest.mark.parametrize(
    "blocks",
    [
        headings("h2"),
        headings("h2", "h3", "h3", "h2", "h3"),
        [*headings("h2"), columns(headings("h3"), headings("h3"))],
        [columns(headings("h2"), headings("h3"))],
        [columns(headings("h2"), headings("h2")), *headings("h3")],
    ],
)
def test_headings_in_order(blocks: list[tuple[str, Any]]) -> None:
    assert faults(*blocks) is None


@pytest.mark.parametrize(
    ("blocks", "where"),
    [
        (headings("h3"), [(0, "level")]),
        (headings("h3", "h2", "h3"), [(0, "level")]),
        (headings("h3", "h3"), [(0, "level"), (1, "level")]),
        ([columns(headings("h3"), headings("h2"))], [(0, "left", 0, "level")]),
        (
            [columns(headings("h3"), headings("h3")), *headings("h2")],
            [(0, "left", 0, "level"), (0, "right", 0, "level")],
        ),
    ],
)
def test_a_small_heading_needs_a_large_one_above(
    blocks: list[tuple[str, Any]], where: list[tuple[Any, ...]]
) -> None:
    told = faults(*blocks)
    assert list(places(told)) == where
    assert "Put a large heading above" in str(told)


@given(st.lists(st.sampled_from(["h2", "h3"]), max_size=6))
def test_exactly_the_small_headings_before_the_first_large_one_are_refused(
    levels: list[str],
) -> None:
    first = levels.index("h2") if "h2" in levels else len(levels)
    expected = [(place, "level") for place in range(first)]
    assert list(places(faults(*headings(*levels)))) == expected


def test_the_anchors_that_templates_use_are_kept_from_headings() -> None:
    used = {
        str(tag["id"])
        for template in TEMPLATES
        if template.suffix == ".html" and "/admin/" not in template.as_posix()
        for tag in markup.read(template.read_text()).find_all(id=True)
        if "{" not in str(tag["id"])
    }
    assert "main" in used
    assert used - TAKEN_ANCHORS == set()


# Years and sources


def quotation(**changes: Any) -> tuple[str, Any]:
    return ("quotation", {"text": "Words", "source": "A report", "year": None, "url": ""} | changes)


@pytest.mark.parametrize("year", [None, 1000, 2011, THIS_YEAR])
def test_a_year_that_may_be(year: int | None) -> None:
    assert fault(quotation(year=year)) is None


@pytest.mark.parametrize("year", [-1, 0, 11, 999, THIS_YEAR + 1, 20111])
def test_a_year_that_cannot_be(year: int) -> None:
    told = fault(quotation(year=year))
    assert told["blockErrors"]["year"]["messages"] == [
        f"Write the year with four digits, at most {THIS_YEAR}."
    ]


def test_a_quotation_needs_its_source() -> None:
    assert "source" in fault(quotation(source=""))["blockErrors"]


# Links: a page or an address


def call(**target: Any) -> tuple[str, Any]:
    link = {"text": "Ask us", "page": None, "url": ""} | target
    return ("call_to_action", {"title": "Not sure?", "text": "", "link": link})


@pytest.mark.django_db
def test_a_link_leads_to_one_place() -> None:
    page = StandardPageFactory()
    address = "https://example.org/"
    assert fault(call(page=page.pk)) is None
    assert fault(call(url=address)) is None
    assert list(places(fault(call()))) == [("link", "page")]
    assert list(places(fault(call(page=page.pk, url=address)))) == [("link", "url")]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "see our page"])
def test_a_link_leads_to_an_address_of_the_web(address: str) -> None:
    assert list(places(fault(call(url=address)))) == [("link", "url")]


# Tables


def test_every_column_of_a_table_has_a_heading() -> None:
    def table(*headings: str) -> tuple[str, Any]:
        columns = [{"type": "text", "heading": heading} for heading in headings]
        rows = [{"values": ["cell"] * len(headings)}]
        return ("table", {"columns": columns, "rows": rows, "caption": ""})

    assert fault(table("Course", "Length")) is None
    assert "heading" in fault(table("Course", "  "))["messages"][0]
    draft(table("", ""))


# Videos


def video(url: str) -> tuple[str, Any]:
    return ("video", {"url": url, "title": "How we plan", "transcript": ""})


YOUTUBE = [
    f"https://www.youtube.com/watch?v={VIDEO}",
    f"https://www.youtube.com/watch?app=desktop&v={VIDEO}&t=30s",
    f"http://youtube.com/watch/?v={VIDEO}",
    f"https://m.youtube.com/watch?v={VIDEO}",
    f"https://WWW.YouTube.com/watch?v={VIDEO}",
    f"https://youtu.be/{VIDEO}",
    f"https://youtu.be/{VIDEO}?si=abc",
    f"https://www.youtube.com/shorts/{VIDEO}",
    f"https://www.youtube.com/live/{VIDEO}",
    f"https://www.youtube.com/embed/{VIDEO}/",
    f"https://www.youtube-nocookie.com/embed/{VIDEO}",
]
VIMEO = [
    "https://vimeo.com/123456789",
    "https://www.vimeo.com/123456789/",
    "https://vimeo.com/123456789?share=copy",
    "https://player.vimeo.com/video/123456789?h=abc",
]
NO_VIDEOS = [
    "https://www.youtube.com/",
    "https://www.youtube.com/@brighteningminds",
    "https://www.youtube.com/playlist?list=PL123",
    "https://www.youtube.com/watch?v=short",
    f"https://www.youtube.com/watch?v={VIDEO}x",
    f"https://www.youtube.com/redirect?q=https://evil.example&v={VIDEO}",
    f"https://youtu.be/{VIDEO}/more",
    "https://vimeo.com/",
    "https://vimeo.com/channels/staffpicks",
    "https://vimeo.com/12345x",
    "https://vimeo.com/٣٣٣٣٣٣٣٣٣",
    "https://example.org/video.mp4",
]
LOOKALIKES = [
    f"https://youtube.com.evil.example/watch?v={VIDEO}",
    f"https://evil-youtube.com/watch?v={VIDEO}",
    f"https://www.youtube.com@evil.example/watch?v={VIDEO}",
    f"https://evil.example@www.youtube.com/watch?v={VIDEO}",
    f"https://www.youtube.com:8443/watch?v={VIDEO}",
    f"https://www.youtube.com:99999/watch?v={VIDEO}",
    f"https://www.youtube.com./watch?v={VIDEO}",
    f"https://evil.example/watch?v={VIDEO}#https://www.youtube.com/",
    f"https://evil.example\\@www.youtube.com/watch?v={VIDEO}",
    f"https://www.youtubе.com/watch?v={VIDEO}",  # the е is Cyrillic
    f"https://www.y0utube.com/watch?v={VIDEO}",
    "https://vimeo.com.evil.example/123456789",
    "https://notvimeo.com/123456789",
    f"https://youtu.be.evil.example/{VIDEO}",
    f"ftp://www.youtube.com/watch?v={VIDEO}",
    f"javascript://www.youtube.com/watch?v={VIDEO}",
    "https://[www.youtube.com/watch?v=",
    "",
]


@pytest.mark.parametrize("url", YOUTUBE)
def test_a_video_on_youtube(url: str) -> None:
    assert fault(video(url)) is None
    assert video_at(url) == (
        "YouTube",
        f"https://www.youtube.com/watch?v={VIDEO}",
        f"https://www.youtube-nocookie.com/embed/{VIDEO}",
    )


@pytest.mark.parametrize("url", VIMEO)
def test_a_video_on_vimeo(url: str) -> None:
    assert fault(video(url)) is None
    assert video_at(url) == (
        "Vimeo",
        "https://vimeo.com/123456789",
        "https://player.vimeo.com/video/123456789?dnt=1",
    )


@pytest.mark.parametrize("url", [*NO_VIDEOS, *LOOKALIKES])
def test_what_is_no_video_is_refused_in_plain_words(url: str) -> None:
    assert video_at(url) is None
    assert list(places(fault(video(url)))) == [("url",)]


def test_the_message_says_what_to_do() -> None:
    told = fault(video("https://example.org/video.mp4"))
    assert "copy the address from there" in told["blockErrors"]["url"]["messages"][0]


HOSTS = ["youtube.com", "www.youtube.com", "youtu.be", "vimeo.com", "player.vimeo.com"]
TRUSTED = (*HOSTS, "m.youtube.com", "youtube-nocookie.com", "www.youtube-nocookie.com")
REST = [f"/watch?v={VIDEO}", f"/embed/{VIDEO}", f"/{VIDEO}", "/123456789", "/video/123456789"]
PIECE = st.text(alphabet="abcyout.-_@:/\\#?%[]0123456789е\t\n ", max_size=12)


@given(before=PIECE, host=st.sampled_from(HOSTS), after=PIECE, rest=st.sampled_from(REST))
def test_no_lookalike_host_gets_through(before: str, host: str, after: str, rest: str) -> None:
    """Whatever stands around a known host: the player is one of two, and never somebody else's."""
    found = video_at(f"https://{before}{host}{after}{rest}")
    if found:
        assert found.player in (
            f"https://www.youtube-nocookie.com/embed/{found.player[-11:]}",
            f"https://player.vimeo.com/video/{found.player.removesuffix('?dnt=1')[31:]}?dnt=1",
        )
        assert found.page.startswith(("https://www.youtube.com/watch?v=", "https://vimeo.com/"))


@given(label=st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), host=st.sampled_from(HOSTS))
def test_hosts_that_only_contain_a_known_name_are_refused(label: str, host: str) -> None:
    for lookalike in (f"{host}.{label}.example", f"{label}{host}", f"{host}{label}"):
        if lookalike not in TRUSTED:
            for rest in REST:
                assert video_at(f"https://{lookalike}{rest}") is None


@given(st.text())
def test_no_address_breaks_it(url: str) -> None:
    video_at(url)
    video_at(f"https://www.youtube.com{url}")


# A draft may be half-finished: nobody loses work for a rule that only publishing needs


@pytest.mark.parametrize(
    "block",
    [
        *headings("h3"),
        quotation(text="", source=""),
        call(),
        video(""),
        ("image", {"image": {"image": None, "alt_text": "", "decorative": False}, "caption": ""}),
        ("people", {"heading": "", "people": []}),
        columns(headings("h3"), []),
    ],
    ids=lambda block: block[0],
)
def test_a_draft_may_be_half_finished(block: tuple[str, Any]) -> None:
    draft(block)


def test_publishing_still_asks_after_a_draft_was_saved() -> None:
    draft(*headings("h3"), call())
    assert list(places(faults(*headings("h3")))) == [(0, "level")]
    assert list(places(fault(call()))) == [("link", "page")]


def test_a_draft_cannot_hold_what_is_wrong_rather_than_missing() -> None:
    for block in (video("https://example.org/"), quotation(year=20111)):
        with pytest.raises(ValidationError):
            draft(block)
