"""The feeds: what readers of feeds get, and that nothing an editor types breaks it."""

import datetime as dt
from collections.abc import Callable

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date
from lxml import etree

from blog.models import BlogPage
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CallToActionFactory,
    CustomImageFactory,
    DocumentFactory,
    PersonPageFactory,
    TestimonialFactory,
    TopicFactory,
    make_private,
)
from tests.test_queries import FEED_BUDGET, queries

pytestmark = pytest.mark.django_db

FEEDS = ["/blog/feed/", "/blog/rss/"]
NOON = dt.datetime(2036, 7, 20, 12, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2019, 5, 3, 6, 43, tzinfo=dt.UTC)
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
LABEL = {
    "is_guidance": True,
    "guidance_source": "Skills for Care",
    "guidance_url": "https://www.skillsforcare.org.uk/",
    "in_england": True,
    "in_wales": True,
    "checked_on": dt.date(2026, 3, 1),
}
A_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def parsed(client: Client, address: str) -> feedparser.FeedParserDict:
    response = client.get(address)
    assert response.status_code == 200
    etree.fromstring(response.content)
    feed = feedparser.parse(
        response.content, response_headers={"content-type": response["Content-Type"]}
    )
    assert not feed.bozo, feed.bozo_exception
    return feed


@pytest.fixture
def post(db: None):
    return BlogPageFactory(
        title="Winter & you",
        slug="winter",
        intro="Keep <well>.",
        image=CustomImageFactory(),
        authors=[PersonPageFactory(title="Amina", slug="amina"), PersonPageFactory(title="Bob")],
        byline="a guest",
        topics=[TopicFactory(name="Rights", slug="rights")],
        published_at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC),
        body=[
            {"type": "heading", "value": {"text": "Wrap up", "level": "h2"}},
            {"type": "paragraph", "value": '<p>See <a href="/courses/">our courses</a>.</p>'},
        ],
    )


@pytest.mark.parametrize("address", FEEDS)
def test_an_entry_tells_all_of_the_post(address: str, post, client: Client) -> None:
    feed = parsed(client, address)
    [entry] = feed.entries
    assert entry.title == "Winter &amp; you" or entry.title == "Winter & you"
    assert entry.link == "http://localhost/blog/winter/"
    assert entry.id == f"urn:uuid:{post.translation_key}"
    assert dt.datetime(*entry.published_parsed[:6], tzinfo=dt.UTC) == post.published_at
    assert [author.name for author in entry.authors] == ["Amina", "Bob", "a guest"]
    assert [tag.term for tag in entry.tags] == ["Rights"]
    assert "Keep" in entry.summary
    assert '<a href="http://localhost/courses/">our courses</a>' in entry.content[0].value
    assert "<h2>Wrap up</h2>" in entry.content[0].value
    [enclosure] = entry.enclosures
    assert enclosure.href.startswith("http://localhost/media/images/")
    assert enclosure.type == "image/jpeg"
    assert int(enclosure.length) > 0


def test_atom_names_its_parts(post, client: Client) -> None:
    root = etree.fromstring(client.get("/blog/feed/").content)
    assert root.xpath("string(atom:id)", namespaces=ATOM) == "http://localhost/blog/feed/"
    own = root.xpath("string(atom:link[@rel='self']/@href)", namespaces=ATOM)
    assert own == "http://localhost/blog/feed/"
    people = root.xpath("atom:entry/atom:author[1]/atom:uri/text()", namespaces=ATOM)
    assert people == [post.author_pages[0].full_url]


@pytest.mark.parametrize("address", [*FEEDS, "/blog/", "/blog/winter/"])
@pytest.mark.parametrize("lost", ["original", "rendition"])
def test_a_picture_without_its_file_keeps_nobody_from_reading(
    lost: str, address: str, post, client: Client
) -> None:
    file = post.image.file if lost == "original" else post.image.for_sharing.file
    file.storage.delete(file.name)
    response = client.get(address)
    assert response.status_code == 200
    text = response.content.decode()
    assert "Winter &amp; you" in text
    assert "fill-1200x630" not in text


@pytest.mark.parametrize("address", FEEDS)
def test_only_what_every_visitor_may_read(address: str, client: Client) -> None:
    BlogPageFactory(title="Public")
    BlogPageFactory(title="Draft", live=False)
    make_private(BlogPageFactory(title="Private"))
    assert [entry.title for entry in parsed(client, address).entries] == ["Public"]


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_without_posts_is_a_feed(address: str, client: Client) -> None:
    BlogIndexPageFactory()
    assert parsed(client, address).entries == []


def test_topics_authors_years_and_months_have_feeds_of_their_own(post, client: Client) -> None:
    BlogPageFactory(title="Another", published_at=LONG_AGO)
    for address in ("topics/rights/", "authors/amina/", "2026/", "2026/07/"):
        page = BeautifulSoup(client.get(f"/blog/{address}").content, "html.parser")
        announced = [link["href"] for link in page.find_all("link", type="application/atom+xml")]
        assert announced == ["/blog/feed/", f"/blog/{address}feed/"]
        [entry] = parsed(client, f"/blog/{address}feed/").entries
        assert entry.link == post.full_url


def test_every_page_announces_the_feeds(client: Client) -> None:
    BlogIndexPageFactory()
    for address in ("/", "/blog/", "/search/"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        links = page.find_all("link", rel="alternate")
        assert [link["href"] for link in links] == FEEDS


def test_an_entry_keeps_its_id_at_a_new_address(post, client: Client) -> None:
    before = parsed(client, "/blog/feed/").entries[0].id
    post.slug = "winter-and-you"
    post.save_revision().publish()
    entry = parsed(client, "/blog/feed/").entries[0]
    assert entry.link.endswith("/winter-and-you/")
    assert entry.id == before


@pytest.mark.parametrize("address", FEEDS)
def test_a_reader_that_has_it_all_gets_nothing(address: str, post, at, client: Client) -> None:
    at(1)
    first = client.get(address)
    for header in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(address, headers=header)
        assert (again.status_code, again.content) == (304, b"")
    post.intro = "Keep warm."
    post.save_revision().publish()
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make it some seconds past noon on a day long after the site was made."""

    def at(seconds: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOON + dt.timedelta(seconds=seconds))

    return at


def correct(post: BlogPage) -> None:
    post.intro = "Keep warm."
    post.save_revision().publish()


def take_off_the_topic(post: BlogPage) -> None:
    post.topics = []
    post.save_revision().publish()


def date_back(post: BlogPage) -> None:
    new = BlogPageFactory(live=False, topics=list(post.topics.all()), published_at=LONG_AGO)
    new.save_revision().publish()


@pytest.mark.parametrize("address", [*FEEDS, "/blog/topics/rights/feed/"])
@pytest.mark.parametrize(
    "change",
    [correct, date_back, take_off_the_topic, BlogPage.unpublish, BlogPage.delete, make_private],
)
def test_a_reader_that_knows_only_the_time_misses_no_change(
    change: Callable[[BlogPage], object], address: str, at, post, client: Client
) -> None:
    at(0)
    BlogPageFactory(topics=list(post.topics.all()))
    post.save_revision().publish()
    at(1)
    since = {"if-modified-since": client.get(address)["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304
    at(2)
    change(post)
    at(3)
    assert client.get(address, headers=since).status_code == 200
    since = {"if-modified-since": client.get(address)["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304


def test_a_draft_changes_nothing_for_readers(at, post, client: Client) -> None:
    at(0)
    post.save_revision().publish()
    at(1)
    since = {"if-modified-since": client.get("/blog/feed/")["Last-Modified"]}
    at(2)
    post.save_revision(log_action=True)
    assert client.get("/blog/feed/", headers=since).status_code == 304


def test_what_may_change_again_within_the_second_has_no_time(at, post, client: Client) -> None:
    at(0)
    post.save_revision().publish()
    assert "Last-Modified" not in client.get("/blog/feed/")
    at(1)
    assert client.get("/blog/feed/")["Last-Modified"] == http_date(NOON.timestamp())


def test_atom_tells_when_an_entry_and_the_feed_changed(at, post, client: Client) -> None:
    at(0)
    post.save_revision().publish()
    at(2)
    correct(post)
    feed = parsed(client, "/blog/feed/")
    assert feed.entries[0].updated == feed.feed.updated == "2036-07-20T12:00:02+00:00"
    at(3)
    post.unpublish()
    assert parsed(client, "/blog/feed/").feed.updated == "2036-07-20T12:00:03+00:00"


@pytest.mark.parametrize("address", FEEDS)
def test_a_browser_gets_a_page_to_read(address: str, post, client: Client) -> None:
    response = client.get(address, headers={"accept": A_BROWSER})
    assert response["Content-Type"].startswith("text/html")
    assert "Accept" in response["Vary"]
    page = BeautifulSoup(response.content, "html.parser")
    assert page.code.get_text() == f"http://localhost{address}"
    assert page.main.find("a", string="Winter & you")


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (A_BROWSER, True),
        ("text/html", True),
        ("text/html, */*", True),
        ("text/html, application/xml;q=0.9", True),
        ("application/xml, text/html;q=0.5", False),
        ("text/xml, text/html;q=0.9", False),
        ("application/*, text/html;q=0.9", False),
        ("application/xml, text/html", False),
        ("text/html, application/xml", False),
        ("text/html;q=0", False),
        ("image/png", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_only_who_prefers_a_page_gets_one(
    accept: str, is_page: bool, address: str, post, client: Client
) -> None:
    response = client.get(address, headers={"accept": accept})
    assert response["Content-Type"].startswith("text/html") is is_page


def test_the_feeds_stay_where_they_are_when_the_news_page_moves(post, client: Client) -> None:
    before = {address: client.get(address).content for address in FEEDS}
    index = post.get_parent().specific
    index.slug = "latest"
    index.save_revision().publish()
    announced = BeautifulSoup(client.get("/latest/").content, "html.parser")
    assert [link["href"] for link in announced.find_all("link", rel="alternate")] == FEEDS
    for address in FEEDS:
        [entry] = parsed(client, address).entries
        assert entry.link == "http://localhost/latest/winter/"
        moved = client.get(address.replace("blog", "latest"))
        assert (moved.status_code, moved["Location"]) == (301, address)
        own = b'href="http://localhost' + address.encode()
        assert own in before[address]
        assert own in client.get(address).content


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_of_no_public_news_is_not_found(address: str, client: Client) -> None:
    assert client.get(address).status_code == 404
    make_private(BlogIndexPageFactory())
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", FEEDS)
def test_the_trust_label_comes_first(address: str, client: Client) -> None:
    newer = BlogPageFactory(title="Newer", slug="newer", published_at=LONG_AGO)
    BlogPageFactory(
        title="Older",
        superseded_by=newer,
        **LABEL,
        meaning=f'<p>Check your <a linktype="page" id="{newer.pk}">rota</a>.</p>',
    )
    entry = parsed(client, address).entries[0]
    assert entry.title == "Out of date: Older"
    soup = BeautifulSoup(entry.content[0].value, "html.parser")
    text = " ".join(soup.get_text(" ", strip=True).split())
    label, _, words = text.partition("Words")
    for fact in (
        "This post is out of date. Read instead: Newer",
        "Source Skills for Care",
        "Applies in England and Wales",
        "Last checked 1 March 2026",
        "What this means for you Check your rota .",
    ):
        assert fact in label
    assert words
    links = [link["href"] for link in soup.find_all("a")]
    assert links == [newer.full_url, "https://www.skillsforcare.org.uk/", newer.full_url]
    page = BeautifulSoup(client.get(address, headers={"accept": A_BROWSER}).content, "html.parser")
    assert "out of date" in page.main.find("a", string="Older").parent.get_text()


def many_blocks() -> list[dict]:
    """A text with every block that asks the database for what it shows."""
    page, person, document = BlogPageFactory(), PersonPageFactory(), DocumentFactory()
    picture = {"image": CustomImageFactory().pk, "alt_text": "A door", "decorative": False}
    links = (
        f'<p><a linktype="page" id="{page.pk}">page</a> '
        f'<a linktype="document" id="{document.pk}">document</a></p>'
    )
    paragraph = {"type": "paragraph", "value": links}
    image = {"type": "image", "value": {"image": picture, "caption": ""}}
    return [
        paragraph,
        paragraph,
        image,
        image,
        {"type": "columns", "value": {"left": [paragraph, image], "right": [image]}},
        {"type": "accordion", "value": {"items": [{"question": "Why?", "answer": links}]}},
        {"type": "document", "value": {"document": document.pk, "title": ""}},
        {"type": "pages", "value": {"heading": "", "pages": [page.pk]}},
        {"type": "people", "value": {"heading": "", "people": [person.pk]}},
        {"type": "testimonial", "value": TestimonialFactory(image=CustomImageFactory()).pk},
        {"type": "shared_call_to_action", "value": CallToActionFactory(link_page=page).pk},
        {
            "type": "call_to_action",
            "value": {"title": "Go", "link": {"text": "Go", "page": page.pk, "url": ""}},
        },
    ]


@pytest.mark.parametrize("address", FEEDS)
def test_twenty_posts_ask_as_often_as_one(address: str, client: Client) -> None:
    newer = BlogPageFactory(published_at=LONG_AGO)
    counts = {}
    for posts in range(1, 21):
        BlogPageFactory(
            body=many_blocks(),
            image=CustomImageFactory(),
            authors=[PersonPageFactory()],
            topics=[TopicFactory()],
            superseded_by=newer,
            **LABEL,
            meaning=f'<p>See <a linktype="page" id="{newer.pk}">this</a>.</p>',
        )
        if posts in (1, 10, 20):
            counts[posts] = len(queries(client, address))
    assert set(counts.values()) == {counts[1]}
    assert counts[1] <= FEED_BUDGET


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize(
    "sign", ["\x0b", "\x00", "\x1f", "\ufffe", "\uffff", "]]>", "<!--", "&#0;"]
)
def test_no_sign_breaks_a_feed(sign: str, address: str, client: Client) -> None:
    # SQLite keeps a NUL, PostgreSQL refuses it: then nobody can have typed it.
    text = f"a{sign}b" if sign != "\x00" else "ab"
    BlogIndexPageFactory(title=text, intro=text, slug="blog")
    BlogPageFactory(
        title=text,
        intro=text,
        byline=text,
        topics=[TopicFactory(name=text)],
        authors=[PersonPageFactory(title=text)],
        body=[
            {"type": "heading", "value": {"text": text, "level": "h2"}},
            {"type": "paragraph", "value": f"<p>{text}</p>"},
        ],
    )
    assert len(parsed(client, address).entries) == 1


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_carries_no_script(address: str, client: Client) -> None:
    BlogPageFactory(
        body=[
            {
                "type": "paragraph",
                "value": '<p onclick="x()">a<script>x()</script>'
                '<a href="javascript:x()">b</a><img src="x" onerror="x()"></p>',
            },
            {
                "type": "video",
                "value": {"url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "title": "Film"},
            },
        ]
    )
    content = parsed(client, address).entries[0].content[0].value
    soup = BeautifulSoup(content, "html.parser")
    assert not soup.find_all(["script", "iframe", "button", "svg"])
    assert not soup.find_all(onclick=True)
    assert not soup.find_all(onerror=True)
    assert "javascript:" not in content
