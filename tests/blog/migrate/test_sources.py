"""What each kind of source is read as, and what no source can do to its reader."""

import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blog.migrate.errors import UnreadableError
from blog.migrate.fetching import Fetcher
from blog.migrate.sources import BadItem, SourcePost, open_source
from tests.blog.migrate.sources import export, feed, item, wordpress_item, write_feed
from tests.factories import picture

FIXTURES = Path(__file__).parent / "fixtures"


def read(path: Path) -> list[Any]:
    with open_source(str(path), Fetcher()) as source:
        return list(source.items())


def write(folder: Path, text: str | bytes, name: str = "source.xml") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_rss(tmp_path: Path) -> None:
    path = write_feed(
        tmp_path,
        item(1, "Q&A: “why”", "<p>One</p>", topics=["Care", "Home"]),
        "<item><title>Second</title><link>http://old.example.org/2</link>"
        "<pubDate>Sat, 04 May 2019 06:43:00</pubDate><author>a@example.org (Bob Ray)</author>"
        "<description>&lt;p&gt;All of it.&lt;/p&gt;</description>"
        '<enclosure url="http://old.example.org/a.png" type="image/png" length="1"/></item>',
    )
    first, second = read(path)
    assert first == SourcePost(
        source_id="post-1",
        title="Q&A: “why”",
        html="<p>One</p>",
        author="Ann Lee",
        published=first.published,
        topics=("Care", "Home"),
        address="http://old.example.org/post-1.html",
        base="http://old.example.org/post-1.html",
    )
    assert first.published.isoformat() == "2019-05-03T06:43:00+01:00"
    assert second.source_id == "http://old.example.org/2"
    assert second.html == "<p>All of it.</p>"
    assert second.summary == ""
    assert second.author == "Bob Ray"
    assert second.picture == "http://old.example.org/a.png"


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("A real summary of it.", "A real summary of it."),
        ("The first words of it [&amp;hellip;]", ""),
        ("The first words of it...", ""),
        ("The first words. Read more »", ""),
    ],
)
def test_a_summary_that_was_cut_off_is_none(tmp_path: Path, summary: str, expected: str) -> None:
    [post] = read(write_feed(tmp_path, item(extra=f"<description>{summary}</description>")))
    assert post.summary == expected


def test_atom() -> None:
    first, second = read(FIXTURES / "atom.xml")
    assert first.title == "Fish & chips"
    assert first.author == "Ann Lee and Bob Ray"
    assert first.topics == ("Food",)
    assert first.published.isoformat() == "2019-05-03T07:43:00+01:00"
    assert first.address == "http://old.example.org/blog/fish.html"
    assert first.base == "http://old.example.org/blog/"
    assert first.summary == "What we ate, and why it matters to anybody."
    assert "<p>We ate <em>fish</em>." in first.html
    assert second.html == "1 &lt; 2 &amp; 3"
    assert second.published.isoformat() == "2019-05-04T06:43:00+01:00"


def test_wordpress() -> None:
    post, draft = read(FIXTURES / "wordpress.xml")
    assert post.title == "Knock & wait"
    assert post.source_id == "http://old.example.org/?p=7"
    assert post.author == "Ann Lee"
    assert post.topics == ("Respect & rights", "Home", "Uncategorised")
    assert post.summary == "Why knocking comes first in everything."
    assert post.published.isoformat() == "2019-05-03T06:43:00+01:00"
    assert (post.picture, post.picture_alt) == (
        "http://old.example.org/wp-content/uploads/house.png",
        "A house",
    )
    assert [(comment.author, comment.text) for comment in post.comments] == [("Cal", "So true.")]
    assert "<p>It is<br>her home.</p>" in post.html
    assert "<figcaption> The <em>front</em> door</figcaption>" in post.html
    assert not draft.is_public
    assert draft.published.isoformat() == "2019-06-01T10:00:00+01:00"


def test_a_page_of_the_old_blog() -> None:
    [post] = read(FIXTURES / "old-blog" / "co-production.html")
    assert post.title == "Co-production can change lives!"
    assert post.author == "brighteningminds"
    assert post.published.isoformat() == "2019-05-03T06:43:00+01:00"
    assert post.address == "http://www.old.example.org/blog/4580000/co-production.html"
    assert "“Co-production is a meeting of minds – it involves" in post.html
    assert "our earlier post" in post.html
    for words in ("Add a comment", "Required", "Welcome", "Web feed", "newsletter", "Name *"):
        assert words not in post.html


def test_a_page_with_several_posts() -> None:
    posts = read(FIXTURES / "old-blog" / "list.html")
    assert [(post.title, post.address.rpartition("/")[2]) for post in posts] == [
        ("Our first post", "first.html"),
        ("Support plans that people read", "support-plans.html"),
    ]
    assert "Hello!" in posts[0].html
    assert "So we cut ours." in posts[1].html
    assert "Hello!" not in posts[1].html
    assert "Older posts" not in posts[0].html
    assert posts[1].published.isoformat() == "2019-04-02T23:05:00+01:00"


def test_a_page_of_another_blog(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '<html><head><meta property="article:published_time" content="2020-02-03T10:00:00Z">'
        '<meta name="author" content="Ann Lee"></head><body><nav>Menu</nav><article><h1>Title</h1>'
        "<p>Text.</p><footer>Share</footer></article></body></html>",
        "page.html",
    )
    [post] = read(path)
    assert (post.title, post.author, post.source_id) == ("Title", "Ann Lee", "page.html")
    assert post.address == "/page.html"
    assert "Text." in post.html
    assert "Share" not in post.html


def test_a_page_that_calls_itself_xml(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        "<h1>Title</h1><p>By Ann, May 3 2019 06:43AM</p><p>Text.</p></body></html>"
    )
    [post] = read(write(tmp_path, page, "page.html"))
    assert (post.title, post.author) == ("Title", "Ann")


def test_a_folder_of_everything() -> None:
    items = read(FIXTURES)
    assert {item.title for item in items if isinstance(item, SourcePost)} == {
        "Fish & chips", "Plain", "Knock & wait", "Not finished", "Co-production can change lives!",
        "Our first post", "Support plans that people read",
    }  # fmt: skip
    assert [item for item in items if isinstance(item, BadItem)] == [
        BadItem("old-blog/about.html", "No post was found in this page.")
    ]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", ""),
        ("windows-1252", "windows-1252"),
        ("windows-1252", "iso-8859-1"),
        ("windows-1252", "utf-8"),
        ("windows-1252", "no-such-thing"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, declared: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    page = (
        f"<html><head>{meta}</head><body><h1>Title</h1><p>By Ann, May 3 2019 06:43AM</p>"
        "<p>“Curly” – it’s £5 … café</p></body></html>"
    )
    [post] = read(write(tmp_path, page.encode(encoding), "page.html"))
    assert "“Curly” – it’s £5 … café" in post.html


def test_a_feed_in_another_encoding(tmp_path: Path) -> None:
    text = feed(item(html="<p>“Curly” – it’s £5</p>")).replace("UTF-8", "windows-1252")
    [post] = read(write(tmp_path, text.encode("windows-1252")))
    assert post.html == "<p>“Curly” – it’s £5</p>"


def test_a_feed_with_mistakes_is_read_leniently(tmp_path: Path) -> None:
    text = feed(item(1), item(2), item(3)).replace("<title>Post 2", "<title>Fish & chips &nbsp; 2")
    posts = read(write(tmp_path, text))
    assert [post.source_id for post in posts] == ["post-1", "post-2", "post-3"]
    assert posts[1].title.startswith("Fish & chips")


@pytest.mark.parametrize(
    "mistake",
    ["\x0b", "\x00", "\x1f", "\ufffe", "&#11;", "&#x0B;", "&#xFFFE;", "&#xD800;", "&#0;"],
)
@pytest.mark.parametrize("kind", ["feed", "export"])
def test_what_xml_cannot_hold_is_left_out(tmp_path: Path, mistake: str, kind: str) -> None:
    if kind == "feed":
        text = feed(*(item(number, "A title") for number in range(1, 8)))
    else:
        text = export(*(wordpress_item(number) for number in range(1, 8)))
    text = text.replace("Words enough", f"Words{mistake} enough", 4)
    posts = read(write(tmp_path, text))
    assert len(posts) == 7
    assert {post.html for post in posts} == {"<p>Words enough to read.</p>"}


def test_a_reference_at_the_edge_of_what_is_read_at_once(tmp_path: Path) -> None:
    """Wherever the reader's pieces end."""
    for length in range(16_300, 16_320):
        html = f"<p>{'x' * (length - 290)} Q &amp; A &#8211; done</p>"
        [post] = read(write(tmp_path, export(wordpress_item(1, html))))
        assert post.html == html


def test_letters_of_another_encoding_in_an_export(tmp_path: Path) -> None:
    """As databases leave them that changed their encoding half-way."""
    text = export(wordpress_item(1, "<p>“Curly” – it’s £5</p>"), wordpress_item(2, "<p>café §</p>"))
    data = text.encode().replace("café".encode(), "café’s".encode("windows-1252"))
    first, second = read(write(tmp_path, b"\n" + data))
    assert first.html == "<p>“Curly” – it’s £5</p>"
    assert second.html == "<p>café’s §</p>"


@pytest.mark.parametrize("fault", ["</b>", "&nbsp;", "< ", "&"])
def test_the_posts_before_a_fault_are_read(tmp_path: Path, fault: str) -> None:
    items = [wordpress_item(number) for number in range(1, 6)]
    *posts, rest = read(write(tmp_path, export(*items[:3], fault, *items[3:])))
    assert [post.title for post in posts] == ["Post 1", "Post 2", "Post 3"]
    assert rest.name == "The rest of the file"
    assert "not well-formed" in rest.reason


def test_an_export_that_was_cut_off(tmp_path: Path) -> None:
    text = export(*(wordpress_item(number) for number in range(1, 6)))
    *posts, rest = read(write(tmp_path, text[: text.index("Post 4") + 200]))
    assert [post.title for post in posts] == ["Post 1", "Post 2", "Post 3"]
    assert isinstance(rest, BadItem)


def test_a_feed_that_was_cut_off(tmp_path: Path) -> None:
    text = feed(*(item(number) for number in range(1, 4)))
    *posts, rest = read(write(tmp_path, text[: text.rindex("enough to read")]))
    assert [post.title for post in posts] == ["Post 1", "Post 2"]
    assert rest == BadItem("Post 3", "The file ends in the middle of it.")


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
)


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE rss [{LAUGHS}]>",
        '<!DOCTYPE rss [<!ENTITY k SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % k SYSTEM "http://127.0.0.1/x"> %k;]>',
    ],
)
@pytest.mark.parametrize("wordpress", [False, True])
@pytest.mark.parametrize("broken", [False, True])
def test_entities_are_never_expanded(
    tmp_path: Path, doctype: str, wordpress: bool, broken: bool
) -> None:
    text = feed(item(title="x").replace("<title>x", "<title>&k;"))
    if wordpress:
        text = text.replace("<rss ", '<rss xmlns:wp="http://wordpress.org/export/1.2/" ')
    if broken:
        text = text.replace("</channel>", "<b></channel>")
    path = write(tmp_path, text.replace("<rss ", f"{doctype}<rss ", 1))
    with pytest.raises(UnreadableError, match="entities"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50, b"%PDF-1.7", b"<rss", b"words", b"{}"])
def test_what_is_no_source(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(write(tmp_path, content))


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="There is no file"):
        read(tmp_path / "nothing.xml")
    with pytest.raises(UnreadableError, match="There is no web feed"):
        read(tmp_path)


def test_memory_does_not_grow_with_the_number_of_posts(tmp_path: Path) -> None:
    """Beside the file itself and its posts, reading needs the same for ten as for a thousand."""

    def needed(count: int) -> float:
        items = (item(number, html="<p>" + "words " * 500 + "</p>") for number in range(count))
        path = write_feed(tmp_path, *items)
        tracemalloc.start()
        read(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / path.stat().st_size

    assert needed(600) < 6


@pytest.mark.parametrize("kind", ["feed", "export"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    html = "<p>" + "words " * 2_000 + "</p>"
    items = (item(n, html=html) if kind == "feed" else wordpress_item(n, html) for n in range(500))
    path = write(tmp_path, (feed if kind == "feed" else export)(*items))
    tracemalloc.start()
    with open_source(str(path), Fetcher()) as source:
        assert source.count() == sum(isinstance(post, SourcePost) for post in source.items()) == 500
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 4


def test_how_many_posts_there_are(tmp_path: Path) -> None:
    others = [wordpress_item(number, kind="attachment") for number in range(10, 20)]
    text = export(wordpress_item(1), *others, wordpress_item(2))
    for fault in ("", "<b>"):
        with open_source(str(write(tmp_path, text + fault)), Fetcher()) as source:
            assert source.count() == 2
    with open_source(str(FIXTURES), Fetcher()) as source:
        assert source.count() == len(list(source.items())) - 1, "one page holds two posts"


def test_one_post_read_from_two_places_is_the_same() -> None:
    post = SourcePost("1", "Title", "<p>a</p>", base="http://old.example.org/feed")
    assert replace(post, base="").fingerprint == post.fingerprint
    assert replace(post, html="<p>b</p>").fingerprint != post.fingerprint


def test_pictures_are_found_beside_the_posts(tmp_path: Path) -> None:
    (tmp_path / "site" / "files").mkdir(parents=True)
    for name in ("site/files/a b.png", "site/c.png"):
        (tmp_path / name).write_bytes(picture())
    (tmp_path / "link.png").symlink_to("/etc/hostname")
    write_feed(tmp_path, item())
    with open_source(str(tmp_path), Fetcher()) as source:
        for address, name in {
            "http://old.example.org/files/a%20b.png?x=1": "site/files/a b.png",
            "file:///site/c.png": "site/c.png",
            "http://old.example.org/elsewhere/C.PNG": "site/c.png",
            "http://old.example.org/../../etc/passwd": None,
            "file:///etc/passwd": None,
            "file:///link.png": None,
            "http://old.example.org/": None,
        }.items():
            found = source.picture_file(address)
            assert (found.relative_to(tmp_path).as_posix() if found else None) == name, address
