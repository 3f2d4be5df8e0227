"""Who wrote old posts: each a person with a page, made once, published by staff."""

from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission, Page

from base.models import PeopleIndexPage, PersonPage
from blog.migrate.report import Report
from blog.models import BlogIndexPage, BlogPage
from tests import markup
from tests.blog.migrate.sources import item
from tests.factories import (
    OrganisationSettingsFactory,
    PeopleIndexPageFactory,
    PersonPageFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

Bring = Callable[..., Report]


@pytest.fixture
def people() -> PeopleIndexPage:
    """The page below which people stand."""
    page: PeopleIndexPage = PeopleIndexPageFactory()
    return page


def byline(client: Client, title: str = "Post 1") -> str:
    post = BlogPage.objects.get(title=title)
    meta = markup.read(client.get(post.url).content).find(class_="page-head__meta")
    return " ".join(meta.span.get_text().split())


def publish(person: PersonPage) -> None:
    person.role = "Trainer"
    person.save_revision().publish()
    person.refresh_from_db()


def two_authors(folder: Path) -> Path:
    file = folder / "atom.xml"
    file.write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Post 1</title><id>1</id>'
        "<author><name>Ann Lee</name></author><author><name>Bob Ray</name></author>"
        "<published>2019-05-03T06:43:00Z</published><content>Words enough.</content>"
        "</entry></feed>"
    )
    return file


def test_each_name_gets_one_draft(bring: Bring, client: Client) -> None:
    items = [item(1), item(2, author="ANN  LEE"), item(3, author="Bob Ray")]
    dry = bring(*items, dry_run=True, publish=True)
    assert not PersonPage.objects.exists()
    report = bring(*items, publish=True)
    lines = [line.name for line in report.attention if "author without a page" in line.text]
    assert lines == ["Ann Lee", "Bob Ray"]
    assert dry.attention == report.attention
    made = {page.title: page for page in PersonPage.objects.all()}
    assert set(made) == {"Ann Lee", "Bob Ray"}
    assert not any(page.live for page in made.values())
    assert client.get(made["Ann Lee"].url or "/people/ann-lee/").status_code == 404
    again = bring(*items, item(4), publish=True)
    assert (again.unchanged, again.imported) == (3, ["Post 4"])
    assert not again.attention
    assert PersonPage.objects.count() == 2


def test_readers_see_the_name_and_then_the_page(bring: Bring, client: Client) -> None:
    bring(item(1), publish=True)
    person = PersonPage.objects.get()
    post = BlogPage.objects.get()
    assert byline(client) == "By Ann Lee"
    assert "ann-lee" not in client.get(post.url).content.decode()
    assert "Ann Lee" in [a.name for a in entry(client).authors]
    person.title = "Ann Lee-Shaw"
    publish(person)
    assert byline(client) == "By Ann Lee-Shaw"
    shown = client.get(post.url).content.decode()
    assert f'<a href="{person.url}" rel="author">Ann Lee-Shaw</a>' in shown
    assert shown.count("Ann Lee<") == shown.count("Ann Lee ") == 0
    assert [author.name for author in entry(client).authors] == ["Ann Lee-Shaw"]
    assert client.get("/blog/authors/ann-lee/").status_code == 200
    person.unpublish()
    assert byline(client) == "By Ann Lee"
    assert person.url not in client.get(post.url).content.decode()


def entry(client: Client) -> feedparser.FeedParserDict:
    return feedparser.parse(client.get("/blog/feed/").content).entries[0]


def test_of_two_authors_each_gets_a_page(bring: Bring, tmp_path: Path, client: Client) -> None:
    bring(path=two_authors(tmp_path), publish=True)
    ann, bob = PersonPage.objects.order_by("title")
    assert byline(client) == "By Ann Lee and Bob Ray"
    publish(bob)
    assert byline(client) == "By Bob Ray and Ann Lee"
    publish(ann)
    assert byline(client) == "By Ann Lee and Bob Ray"
    bob.delete()
    assert byline(client) == "By Ann Lee and Bob Ray"


def test_a_page_that_staff_deleted_is_not_made_again(bring: Bring, client: Client) -> None:
    bring(item(1), publish=True)
    PersonPage.objects.get().delete()
    report = bring(item(1), item(2), publish=True)
    assert not report.attention
    assert not PersonPage.objects.exists()
    assert byline(client, "Post 1") == byline(client, "Post 2") == "By Ann Lee"


def test_a_page_that_staff_renamed_stays_the_authors(bring: Bring) -> None:
    bring(item(1))
    person = PersonPage.objects.get()
    person.title = person.draft_title = "Dr Lee"
    person.save()
    bring(item(2))
    assert PersonPage.objects.get() == person
    post = BlogPage.objects.get(draft_title="Post 2").get_latest_revision_as_object()
    assert [author.person for author in post.authors.all()] == [person]


def test_a_draft_of_staffs_own_is_used(bring: Bring, client: Client) -> None:
    person = PersonPageFactory(title="Ann Lee", live=False)
    report = bring(item(1), publish=True)
    assert not report.attention
    assert PersonPage.objects.get() == person
    assert byline(client) == "By Ann Lee"


def test_somebody_whose_page_was_taken_down_is_not_named(bring: Bring, client: Client) -> None:
    person = PersonPageFactory(title="Ann Lee")
    publish(person)
    person.unpublish()
    bring(item(1), publish=True)
    post = BlogPage.objects.get()
    assert "Ann Lee" not in client.get(post.url).content.decode()


@pytest.mark.parametrize("name", ["brighteningminds", "Brightening Minds", "admin", "!?"])
def test_what_is_no_person_gets_no_page(bring: Bring, name: str, client: Client) -> None:
    report = bring(item(1, author=name), publish=True)
    assert not report.attention
    assert not PersonPage.objects.exists()
    assert byline(client) == f"By {name}"


def test_the_organisation_may_have_another_name(bring: Bring) -> None:
    OrganisationSettingsFactory(organisation_name="Fair Care Ltd")
    bring(item(1, author="faircare"), item(2, author="brighteningminds"))
    assert [page.title for page in PersonPage.objects.all()] == ["brighteningminds"]


def test_without_a_people_page_the_name_is_enough(bring: Bring, people: Page) -> None:
    people.delete()
    report = bring(item(1), publish=True)
    assert not report.attention
    assert BlogPage.objects.get().byline == "Ann Lee"


def test_who_may_not_add_people_adds_none(bring: Bring, news: BlogIndexPage, people: Page) -> None:
    group = Group.objects.create(name="News team")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = UserFactory(is_staff=True)
    user.groups.add(group)
    for page, added in ((news, 0), (people, 1)):
        permission = {"group": group, "page": page, "permission_type": "add"}
        GroupPagePermission.objects.create(**permission)
        user = type(user).objects.get(pk=user.pk)
        bring(item(added), user=user)
        assert PersonPage.objects.count() == added


def test_a_post_that_fails_leaves_no_person(bring: Bring) -> None:
    bring(item(1, html="<b></b>"))
    assert not PersonPage.objects.exists()
    assert bring(item(2)).imported == ["Post 2"]
    assert PersonPage.objects.count() == 1


def test_staff_publish_the_draft_in_the_editor(bring: Bring, admin: Client) -> None:
    bring(item(1))
    person = PersonPage.objects.get()
    answer = admin.get(f"/admin/pages/{person.pk}/edit/")
    assert answer.status_code == 200
    assert "Written by" in admin.get("/admin/news/").content.decode()
    assert "Ann Lee" in admin.get("/admin/news/").content.decode()
