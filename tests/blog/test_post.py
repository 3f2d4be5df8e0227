"""One post: who wrote it, when, and what it is about."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from blog.models import BlogPage, BlogPageAuthor
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CustomImageFactory,
    PersonPageFactory,
    TopicFactory,
    make_private,
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


@pytest.mark.parametrize("above", [False, True], ids=["itself", "inherited"])
def test_an_author_whose_page_is_private_is_not_named(above: bool, client: Client) -> None:
    private = PersonPageFactory(title="Somebody unnamed")
    post = BlogPageFactory(authors=[private])
    make_private(private.get_parent() if above else private)
    post.save_revision().publish()
    text = client.get(post.url).content.decode()
    assert "Somebody unnamed" not in text
    assert private.url not in text


def test_authors_cost_one_query(django_assert_num_queries: Any) -> None:
    post = BlogPageFactory(authors=[PersonPageFactory(photo=CustomImageFactory()) for _ in "abc"])
    post = BlogPage.objects.get(pk=post.pk)
    with django_assert_num_queries(1):
        assert [person.photo.title for person in post.author_pages]


def test_a_preview_names_the_same_authors() -> None:
    amina, private = PersonPageFactory(title="Amina"), make_private(PersonPageFactory())
    post = BlogPageFactory.build(authors=[])
    post.authors = [BlogPageAuthor(person=private), BlogPageAuthor(person=amina)]
    assert post.author_pages == [amina]


def test_staff_learn_where_somebody_is_named_before_they_delete_the_page(admin: Client) -> None:
    person = PersonPageFactory()
    post = BlogPageFactory(authors=[person])
    url = reverse("wagtailadmin_pages:delete", args=[person.pk])
    usage = reverse("wagtailadmin_pages:usage", args=[person.pk])
    assert usage in admin.get(url).content.decode()
    assert post.title in admin.get(usage).content.decode()
    assert admin.post(url).status_code == 302
    assert admin.get(post.url).status_code == 200
    assert BlogPage.objects.get().author_pages == []


def test_an_author_is_named_once() -> None:
    person = PersonPageFactory()
    post = BlogPageFactory(authors=[person])
    with pytest.raises(IntegrityError):
        BlogPageAuthor.objects.create(page=post, person=person)


@pytest.mark.parametrize(
    ("published_at", "shown"),
    [
        # 23:30 in winter and in summer, when London is an hour ahead of UTC.
        (dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC), "31 January 2026, 11:30pm"),
        (dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), "1 July 2026, 12:30am"),
    ],
)
def test_day_and_time_are_those_of_london(
    published_at: dt.datetime, shown: str, client: Client
) -> None:
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
    assert link["href"] == "/blog/topics/rights/"
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
