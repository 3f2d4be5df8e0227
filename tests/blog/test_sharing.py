"""What a post offers beside its text: its size, its neighbours, and how to pass it on."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import BlogPage
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CustomImageFactory,
    PersonPageFactory,
    TopicFactory,
    make_private,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.datetime(2026, 1, 1, 9, 30, tzinfo=dt.UTC)


def at(days: int, **fields) -> BlogPage:
    """A post some days after New Year."""
    return BlogPageFactory(published_at=NEW_YEAR + dt.timedelta(days=days), **fields)


def structured_data(client: Client, post: BlogPage) -> dict:
    page = markup.read(client.get(post.url).content)
    return json.loads(page.find("script", type="application/ld+json").string)


def read_next(client: Client, post: BlogPage) -> list[str]:
    page = markup.read(client.get(post.url).content)
    section = page.find(id="related").find_parent("section")
    return [title.get_text(strip=True) for title in section.select(".card__title")]


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (290, 1), (310, 2), (2_000, 10)])
def test_how_long_reading_takes(words: int, minutes: int, client: Client) -> None:
    text = "<p>" + "word " * words + "</p>"
    post = BlogPageFactory(body=[{"type": "paragraph", "value": text}])
    page = markup.read(client.get(post.url).content)
    shown = page.find(class_="page-head__meta").get_text(" ", strip=True)
    assert f"{minutes} minute{'s' if minutes > 1 else ''} to read" in shown


@pytest.mark.parametrize(("large", "shown"), [(0, 0), (2, 0), (3, 3), (5, 5)])
def test_a_long_post_has_a_table_of_contents(large: int, shown: int, client: Client) -> None:
    heading = {"type": "heading", "value": {"text": "Same", "level": "h2"}}
    small = {"type": "heading", "value": {"text": "Small", "level": "h3"}}
    post = BlogPageFactory(body=[heading] * large + ([small] if large else []))
    page = markup.read(client.get(post.url).content)
    links = page.select(".contents a")
    assert len(links) == shown
    for link in links:
        assert page.find(id=link["href"].removeprefix("#")).name == "h2"


@pytest.mark.parametrize(("minutes", "shown"), [(50, False), (70, True)])
def test_a_post_corrected_on_the_same_day_gives_the_time(
    minutes: int, shown: bool, client: Client
) -> None:
    post = BlogPageFactory()
    out = dt.datetime(2026, 6, 30, 9, 30, tzinfo=dt.UTC)
    BlogPage.objects.filter(pk=post.pk).update(
        first_published_at=out, last_published_at=out + dt.timedelta(minutes=minutes)
    )
    text = " ".join(markup.read(client.get(post.url).content).main.get_text().split())
    assert ("Updated 30 June 2026, 11:40am" in text) is shown
    assert ("Updated" in text) is shown


def test_a_post_changed_on_a_later_day_says_so(client: Client) -> None:
    post = BlogPageFactory()
    assert "Updated" not in client.get(post.url).content.decode()
    before = timezone.now() - dt.timedelta(days=3)
    BlogPage.objects.filter(pk=post.pk).update(first_published_at=before, last_published_at=before)
    post.refresh_from_db()
    assert "Updated" not in client.get(post.url).content.decode()
    post.save_revision().publish()
    page = markup.read(client.get(post.url).content)
    assert "Updated" in page.find(class_="page-head__meta").get_text()
    post.refresh_from_db()
    changed = dt.datetime.fromisoformat(structured_data(client, post)["dateModified"])
    assert changed == post.last_published_at


def test_the_neighbours(client: Client) -> None:
    first, second, third = at(1), at(2), at(3)
    at(2, title="A draft", live=False)
    make_private(at(2, title="Private"))
    twin = at(2)
    around = {
        first: (None, second),
        second: (first, twin),
        twin: (second, third),
        third: (twin, None),
    }
    for post, (older, newer) in around.items():
        page = markup.read(client.get(post.url).content)
        links = [page.find("a", rel=name) for name in ("prev", "next")]
        found = [link and link["href"] for link in links]
        assert found == [older and older.url, newer and newer.url]


def test_related_posts_share_topics(client: Client) -> None:
    rights, learning = TopicFactory(), TopicFactory()
    post = at(9, topics=[rights, learning])
    old_on_both = at(1, title="Old, on both", topics=[rights, learning])
    at(2, title="Older, on one", topics=[rights])
    at(3, title="Newer, on one", topics=[learning])
    at(4, title="On nothing shared", topics=[TopicFactory()])
    at(5, title="A draft", topics=[rights], live=False)
    make_private(at(6, title="Private", topics=[rights]))
    assert read_next(client, post) == [old_on_both.title, "Newer, on one", "Older, on one"]


def test_where_few_share_topics_the_newest_fill_up(client: Client) -> None:
    rights = TopicFactory()
    post = at(2, topics=[rights])
    sharing = at(1, topics=[rights])
    at(3, title="Older")
    newer, newest = at(4, title="Newer", topics=[TopicFactory()]), at(5, title="Newest")
    at(6, title="A draft", live=False)
    make_private(at(7, title="Private"))
    assert read_next(client, post) == [sharing.title, newest.title, newer.title]


def test_the_only_post_has_nothing_to_read_next(client: Client) -> None:
    post = BlogPageFactory()
    assert "Read next" not in client.get(post.url).content.decode()


def test_lists_beside_a_post_say_what_is_out_of_date(client: Client) -> None:
    older, post, newer = at(1), at(2), at(3)
    for old in (older, newer):
        old.superseded_by = post
        old.save()
    page = markup.read(client.get(post.url).content)
    for name in ("prev", "next"):
        assert "Out of date" in page.find("a", rel=name).get_text()
    cards = page.find(id="related").find_parent("section").select(".card")
    assert ["Out of date" in card.get_text() for card in cards] == [True, True]


def test_passing_on_takes_plain_links(client: Client) -> None:
    post = BlogPageFactory(title="Tea & “toast”", slug="tea")
    page = markup.read(client.get(post.url).content)
    links = {link.get_text(): link["href"] for link in page.select(".pass-on a")}
    assert set(links) == {"E-mail", "WhatsApp", "LinkedIn", "Facebook", "Bluesky"}
    for url in links.values():
        assert "%2Fblog%2Ftea%2F" in url
        assert "+" not in url
    assert links["E-mail"].startswith("mailto:?subject=Tea%20%26%20%E2%80%9Ctoast%E2%80%9D&body=")


@pytest.mark.parametrize(
    ("names", "byline", "authors"),
    [
        ([], "", "Brightening Minds Training"),
        ([], "A guest", "A guest"),
        (["Amina", "Bob"], "", "Amina and Bob"),
        (["Amina", "Bob"], "a guest", "Amina, Bob and a guest"),
    ],
)
def test_how_to_cite_a_post(names: list[str], byline: str, authors: str, client: Client) -> None:
    post = at(
        0,
        title="Tea",
        slug="tea",
        byline=byline,
        authors=[PersonPageFactory(title=n) for n in names],
    )
    page = markup.read(client.get(post.url).content)
    assert page.find(id="citation").get_text() == (
        f"{authors} (2026) ‘Tea’, Brightening Minds Training, 1 January. "
        "Available at: http://localhost/blog/tea/"
    )


def test_structured_data(client: Client) -> None:
    post = at(
        180,
        title="</script><script>alert(1)</script>",
        slug="tea",
        image=CustomImageFactory(),
        authors=[PersonPageFactory(title="Amina")],
        byline="a guest",
        topics=[TopicFactory(name="Rights")],
    )
    data = structured_data(client, post)
    assert data["@type"] == "BlogPosting"
    assert data["headline"] == post.title
    assert data["url"] == data["mainEntityOfPage"] == "http://localhost/blog/tea/"
    assert data["datePublished"] == "2026-06-30T10:30:00+01:00"
    assert [author["name"] for author in data["author"]] == ["Amina", "a guest"]
    assert data["publisher"]["name"] == "Brightening Minds Training"
    assert data["keywords"] == ["Rights"]
    assert data["image"][0].startswith("http://localhost/media/images/")
    assert "<script>alert" not in client.get(post.url).content.decode()
