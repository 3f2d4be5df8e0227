"""HTML of any kind becomes blocks of this site, and its words are kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.blocks import BodyBlock
from blog.migrate.convert import Picture, convert

BASE = "http://old.example.org/blog/post.html"


def blocks(html: str, **kwargs: Any) -> list[tuple[str, Any]]:
    converted = convert(html, BASE, **kwargs)
    return [(block["type"], block["value"]) for block in converted.blocks]


def text(html: str) -> str:
    """The one text block that the HTML becomes."""
    [(kind, value)] = blocks(html)
    assert kind == "paragraph"
    return str(value)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Only words", "<p>Only words</p>"),
        ("<p>One</p><p>Two</p>", "<p>One</p><p>Two</p>"),
        ("<div>One<p>Two</p>three</div>", "<p>One</p><p>Two</p><p>three</p>"),
        ("One<br>two", "<p>One<br/>two</p>"),
        ("One<br><br>two", "<p>One</p><p>two</p>"),
        ("<p>&nbsp;</p><p> a \n b </p>", "<p>a b</p>"),
        ("<p><strong>a</strong> <em>b</em></p>", "<p><b>a</b> <i>b</i></p>"),
        ("<b><i>both</i></b>", "<p><b><i>both</i></b></p>"),
        ("<b><p>One</p><p>Two</p></b>", "<p><b>One</b></p><p><b>Two</b></p>"),
        ("<p>“Curly” – it’s – “kept” … é</p>", "<p>“Curly” – it’s – “kept” … é</p>"),
        ("a &lt;b&gt; &amp; c", "<p>a &lt;b&gt; &amp; c</p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ol><li><p>a</p><p>b</p></li></ol>", "<ol><li>a<br/>b</li></ol>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<p><b>a</b></p><p>b</p>"),
        ("<pre>one\n  two</pre>", "<p>one<br/>two</p>"),
        ("<x-unknown>one</x-unknown>", "<p>one</p>"),
        ("<details><summary>a</summary>b</details>", "<p>a</p><p>b</p>"),
        ("a<script>x()</script><style>y</style>b", "<p>ab</p>"),
        ("a<p hidden>b</p><p style='display: none'>c</p>", "<p>a</p>"),
        ('<p onclick="x()" style="color:red">a</p>', "<p>a</p>"),
        ("a\x00\x0b\ufffeb", "<p>ab</p>"),
    ],
)
def test_text(html: str, expected: str) -> None:
    assert text(html) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://e.org/?a=1&amp;b=2", '<a href="https://e.org/?a=1&amp;b=2">w</a>'),
        ("/other", '<a href="http://old.example.org/other">w</a>'),
        ("other", '<a href="http://old.example.org/blog/other">w</a>'),
        ("mailto:a@example.org", '<a href="mailto:a@example.org">w</a>'),
        ("tel:+441632960000", '<a href="tel:+441632960000">w</a>'),
        ("#top", "w"),
        ("", "w"),
        ("javascript:alert(1)", "w"),
        ("data:text/html,x", "w"),
        ("http://[", "w"),
    ],
)
def test_links(href: str, expected: str) -> None:
    assert text(f'<a href="{href}">w</a>') == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("1 2 3", "2 3 3"),
        ("4 4 5", "2 2 3"),
        ("3 2 3", "2 2 3"),
        ("6", "2"),
        ("2 4 2 3", "2 3 2 3"),
    ],
)
def test_headings_are_in_order(levels: str, expected: str) -> None:
    html = "".join(f"<h{level}>Part</h{level}>" for level in levels.split())
    assert [value["level"] for _, value in blocks(html)] == [f"h{n}" for n in expected.split()]


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert blocks("<h1>The  Title</h1>words", title="the title") == [("paragraph", "<p>words</p>")]


def test_a_heading_that_is_too_long_is_a_paragraph() -> None:
    assert text(f"<h2>{'long ' * 40}</h2>") == f"<p><b>{('long ' * 40).strip()}</b></p>"


def test_a_picture_in_the_text() -> None:
    assert blocks('<p>before <a href="/big.jpg"><img src="a.png" alt="A cat"></a> after</p>') == [
        ("paragraph", "<p>before</p>"),
        ("picture", Picture("http://old.example.org/blog/a.png", "A cat")),
        ("paragraph", "<p>after</p>"),
    ]


def test_a_picture_with_a_caption() -> None:
    html = "<figure><img src=/a.png alt=A><figcaption>Two <b>cats</b></figcaption></figure>"
    assert blocks(html) == [("picture", Picture("http://old.example.org/a.png", "A", "Two cats"))]


def test_a_caption_with_a_link_keeps_it_below_the_picture() -> None:
    html = "<figure><img src=/a.png alt=A><figcaption>By <a href='/b'>B</a></figcaption></figure>"
    assert blocks(html)[1] == (
        "paragraph",
        '<p>By <a href="http://old.example.org/b">B</a></p>',
    )


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://count.example/x.gif" width="1" height="1">',
        '<img src="http://count.example/x.gif" width=0>',
        '<img src="http://count.example/x.gif" style="display:none">',
        "<noscript><img src=x.gif></noscript>",
        "<img>",
    ],
)
def test_what_only_counts_readers_is_left_out(html: str) -> None:
    assert text(f"words{html}") == "<p>words</p>"


def test_a_picture_that_a_script_would_have_loaded() -> None:
    html = '<img src="data:image/gif;base64,R0lGOD" data-src="/real.jpg" alt="A">'
    assert blocks(html) == [("picture", Picture("http://old.example.org/real.jpg", "A"))]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0"></iframe>',
        '<iframe src="//www.youtube-nocookie.com/embed/abcdefghijk"></iframe>',
        '<object><param name="movie" value="x"><embed src="https://www.youtube.com/embed/abcdefghijk">'
        "</object>",
        "<p>https://youtu.be/abcdefghijk</p>",
        "<p>https://www.youtube.com/watch?v=abcdefghijk</p>",
    ],
)
def test_videos(html: str) -> None:
    converted = convert(html, BASE)
    [block] = converted.blocks
    assert block["type"] == "video"
    assert block["value"]["url"] == "https://www.youtube.com/watch?v=abcdefghijk"
    assert converted.notes


def test_what_the_site_cannot_play_is_a_link() -> None:
    html = '<iframe src="https://maps.example.org/place" title="Where we are"></iframe>'
    assert text(html) == '<p><a href="https://maps.example.org/place">Where we are</a></p>'


def test_a_simple_table() -> None:
    html = (
        "<table><caption>Costs</caption><tr><th>Course</th><th>Price</th></tr>"
        "<tr><td><a href='/c'>Care</a></td><td>£10</td></tr></table>"
    )
    [(kind, value)] = blocks(html)
    assert kind == "table"
    assert value["caption"] == "Costs"
    assert [column["heading"] for column in value["columns"]] == ["Course", "Price"]
    assert value["rows"] == [
        {"values": ['<p><a href="http://old.example.org/c">Care</a></p>', "<p>£10</p>"]}
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td>one</td><td>two</td></tr>",
        "<tr><td>one</td></tr><tr><td>two</td></tr>",
        "<tr><th colspan=2>one</th></tr><tr><td>two</td></tr>",
        "<tr><th></th><th>one</th></tr><tr><td>two</td><td></td></tr>",
        "<tr><td><table><tr><td>one</table></td><td>two</td></tr>",
    ],
)
def test_any_other_table_is_paragraphs(table: str) -> None:
    assert text(f"<table>{table}</table>") == "<p>one</p><p>two</p>"


HTML_TAGS = [
    "a", "abbr", "article", "aside", "b", "blockquote", "br", "caption", "center", "cite", "code",
    "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "iframe", "img", "input", "ins",
    "label", "li", "main", "nav", "ol", "option", "p", "pre", "q", "section", "select", "small",
    "span", "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td", "textarea", "th",
    "thead", "title", "tr", "u", "ul", "video", "x-thing",
]  # fmt: skip
HTML_ATTRIBUTES = ["", " href=/x", " src=/y.png", " colspan=2", " cite=http://e.org"]
INVISIBLE = {"iframe", "select", "option", "textarea", "title", "video", "svg"}


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> str:
    """HTML as programs write it: nested anyhow, closed or not."""
    words = st.text(st.characters(codec="utf-8"), max_size=12)
    if depth == 0 or draw(st.booleans()):
        return draw(words)
    tag = draw(st.sampled_from(HTML_TAGS))
    attributes = draw(st.sampled_from(HTML_ATTRIBUTES))
    inside = "".join(draw(st.lists(trees(depth=depth - 1), max_size=3)))
    closing = f"</{tag}>" if draw(st.booleans()) else ""
    return f"<{tag}{attributes}>{inside}{closing}"


def check_valid(html: str) -> None:
    converted = convert(html, BASE)
    raw = [block for block in converted.blocks if block["type"] != "picture"]
    body = BodyBlock(required=False)
    body.clean(body.to_python(raw))


@given(trees())
def test_any_html_gives_valid_blocks(html: str) -> None:
    check_valid(html)


@given(st.text(st.characters()))
def test_any_text_gives_valid_blocks(html: str) -> None:
    check_valid(html)


WORD = st.text("abcdefghij", min_size=1, max_size=6)
VISIBLE = sorted(set(HTML_TAGS) - INVISIBLE - {"br", "hr", "img", "input"})


@st.composite
def visible_trees(draw: st.DrawFn, depth: int = 4) -> tuple[str, list[str]]:
    """HTML together with the words that a reader of it sees."""
    word = draw(WORD)
    if depth == 0:
        return f" {word} ", [word]
    tag = draw(st.sampled_from(VISIBLE))
    parts = draw(st.lists(visible_trees(depth=depth - 1), max_size=3))
    html = f" {word} <{tag}>{''.join(part for part, _ in parts)}</{tag}>"
    return html, [word, *(seen for _, words in parts for seen in words)]


@given(visible_trees())
def test_no_visible_word_is_lost(tree: tuple[str, list[str]]) -> None:
    html, seen = tree
    found = str([block["value"] for block in convert(html, BASE).blocks])
    for tag in ("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<li>", "</li>", "<br/>"):
        found = found.replace(tag, " ")
    counts = {word: seen.count(word) for word in seen}
    for word, count in counts.items():
        assert found.count(word) >= count, (word, html)


def test_depth_does_not_matter() -> None:
    html = "<div>" * 5_000 + "deep" + "</div>" * 5_000
    assert "deep" in text(html)
    assert "deep" in text("<ul><li>" * 2_000 + "deep")
