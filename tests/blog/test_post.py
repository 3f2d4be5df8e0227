"""One post: who wrote it, when, and what it is about."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.test import Client

from blog.models import BlogPageAuthor
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CustomImageFactory,
    PersonPageFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def header(client: Client, url: str) -> str:
    meta = markup.read(client.get(url).content).find(class_="page-head__meta")
    return " ".join(meta.get_text().split())


@pytest.mark.parametrize(
    ("names", "byline", "shown"),
    [
        ([], "", ""),
        ([], "A guest", "By A guest"),
        (["Amina"], "", "By Amina"),
        (["Amina"], "a guest", "By Amina and a guest"),
        (["Zoe", "Amina"], "", "By Zoe and Amina"),
        (["Zoe", "Amina", "Bob"], "", "By Zoe, Amina and Bob"),
        (["Zoe", "Amina"], "a guest", "By Zoe, Amina and a guest"),
    ],
)
def test_the_byline(names: list[str], byline: str, shown: str, client: Client) -> None:
    people = [PersonPageFactory(title=name) for name in names]
    post = BlogPageFactory(byline=byline, authors=people)
    text = header(client, post.url)
    assert (shown in text) if shown else ("By" not in text)


def test_an_author_without_a_public_page_is_not_named(client: Client) -> None:
    gone = PersonPageFactory(title="Somebody who left")
    post = BlogPageFactory(authors=[gone, PersonPageFactory(title="Amina")])
    gone.unpublish()
    text = client.get(post.url).content.decode()
    assert "Somebody who left" not in text
    assert "Amina" in text


def test_an_author_is_named_once() -> None:
    person = PersonPageFactory()
    post = BlogPageFactory(authors=[person])
    with pytest.raises(IntegrityError):
        BlogPageAuthor.objects.create(page=post, person=person)


@pytest.mark.parametrize(
    ("published_at", "shown"),
    [
        # 23:30 in winter and in summer, when London is an hour ahead of UTC.
        (dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC), "31 January 2026"),
        (dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), "1 July 2026"),
    ],
)
def test_the_day_is_that_of_london(published_at: dt.datetime, shown: str, client: Client) -> None:
    post = BlogPageFactory(published_at=published_at)
    page = markup.read(client.get(post.url).content)
    moment = page.find(class_="page-head__meta").time
    assert moment.get_text() == shown
    assert dt.datetime.fromisoformat(moment["datetime"]) == published_at


@pytest.mark.parametrize(("decorative", "alt"), [(True, ""), (False, "Two people at a table")])
def test_the_picture_is_described_or_decorative(decorative: bool, alt: str, client: Client) -> None:
    image = CustomImageFactory(description="Two people at a table", credit="Sam")
    post = BlogPageFactory(image=image, image_is_decorative=decorative)
    figure = markup.read(client.get(post.url).content).find(class_="article-picture")
    assert figure.img["alt"] == alt
    assert figure.img["srcset"]
    assert "Sam" in figure.get_text()


def test_a_topic_leads_to_the_other_posts_about_it(client: Client) -> None:
    post = BlogPageFactory(topics=[TopicFactory(name="Rights", slug="rights")])
    page = markup.read(client.get(post.url).content)
    link = page.find("a", string="Rights")
    assert link["href"] == "/blog/?topic=rights"
    assert client.get(link["href"]).status_code == 200


def test_what_editors_write_is_escaped(client: Client) -> None:
    nasty = "<script>alert(1)</script>"
    post = BlogPageFactory(
        title=f"Title {nasty}", intro=f"Intro {nasty}", byline=nasty, slug="nasty"
    )
    for url in (post.url, "/blog/", "/"):
        assert nasty not in client.get(url).content.decode()


def test_a_shared_post_names_its_picture_and_words(client: Client) -> None:
    post = BlogPageFactory(image=CustomImageFactory(), intro="In short.", search_description="")
    page = markup.read(client.get(post.url).content)
    tags = {tag.get("property"): tag["content"] for tag in page.find_all("meta", property=True)}
    assert tags["og:type"] == "article"
    assert tags["og:title"] == post.title
    assert tags["og:description"] == "In short."
    assert tags["og:image"].startswith("http://localhost/media/images/")
    assert page.find("link", rel="canonical")["href"] == post.full_url
