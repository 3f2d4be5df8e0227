"""Writes sources of posts, as small or as large as a test needs them."""

import datetime as dt
from collections.abc import Iterable
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from tests.factories import picture

OLD = "http://old.example.org"
SENTENCES = (
    "Support works when the person decides what it is for. "
    "“Nobody had asked me before,” he said – and then he told us. "
    "The next session asks for a daily record that two people write together. "
)


def item(
    number: int = 1,
    title: str = "",
    html: str = "",
    *,
    guid: str = "",
    link: str | None = None,
    date: str = "Fri, 03 May 2019 06:43:00 +0100",
    author: str = "Ann Lee",
    topics: Iterable[str] = (),
    extra: str = "",
) -> str:
    """One item of an RSS feed. What a test does not care about is filled in."""
    address = f"{OLD}/post-{number}.html" if link is None else link
    return (
        f"<item><title>{escape(title or f'Post {number}')}</title><link>{escape(address)}</link>"
        f"<guid isPermaLink='false'>{escape(guid or f'post-{number}')}</guid>"
        f"<dc:creator>{escape(author)}</dc:creator><pubDate>{date}</pubDate>"
        + "".join(f"<category>{escape(topic)}</category>" for topic in topics)
        + f"<content:encoded>{escape(html or '<p>Words enough to read.</p>')}</content:encoded>"
        f"{extra}</item>"
    )


def feed(*items: str) -> str:
    """An RSS feed of these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old blog</title>'
        f"<link>{OLD}/</link>{''.join(items)}</channel></rss>"
    )


def wordpress_item(number: int, html: str = "", *, kind: str = "post", extra: str = "") -> str:
    """One item of a WordPress export."""
    return (
        f"<item><title><![CDATA[Post {number}]]></title><link>{OLD}/{number}/</link>"
        f"<guid>{OLD}/?p={number}</guid><dc:creator><![CDATA[ann]]></dc:creator>"
        f"<content:encoded><![CDATA[{html or '<p>Words enough to read.</p>'}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_type>{kind}</wp:post_type>"
        "<wp:post_date_gmt>2019-05-03 05:43:00</wp:post_date_gmt>"
        f"<wp:status>publish</wp:status>{extra}</item>"
    )


def export(*items: str) -> str:
    """A WordPress export of these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old blog</title>'
        f"{''.join(items)}</channel></rss>"
    )


def write_feed(folder: Path, *items: str) -> Path:
    """Write a feed of these items to a file."""
    file = folder / "feed.xml"
    file.write_text(feed(*items), "utf-8")
    return file


def write_many(folder: Path, count: int) -> Path:
    """Write a folder with a feed of many posts, newest first, each with a picture of its own.

    Every post links to the one before it, which the feed names later.
    """
    first = dt.datetime(2010, 1, 1, 9, tzinfo=dt.UTC)
    items = []
    for number in range(count, 0, -1):
        colour = (number % 251, number // 251 % 251, 99)
        content = picture((640, 480), "JPEG", colour=colour) + str(number).encode()
        (folder / f"picture-{number}.jpg").write_bytes(content)
        html = (
            f"<h2>Part one of {number}</h2><p>{SENTENCES * 4}</p>"
            f'<p><img src="{OLD}/pictures/picture-{number}.jpg" alt="Picture {number}"></p>'
            f"<ul><li>{SENTENCES}</li><li>{SENTENCES}</li></ul><h3>Part two</h3>"
            + f"<p>{SENTENCES * 3}</p>" * 4
            + f'<p>See <a href="{OLD}/post-{number - 1}.html">what we wrote before</a>.</p>'
        )
        date = format_datetime(first + dt.timedelta(days=number))
        items.append(item(number, html=html, date=date, topics=[f"Topic {number % 7}"]))
    write_feed(folder, *items)
    return folder
