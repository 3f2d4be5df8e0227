"""When a post is said to have been published."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from blog.models import BlogPage
from tests import editor, markup
from tests.factories import BlogIndexPageFactory, BlogPageFactory

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
FRIDAY = MONDAY + dt.timedelta(days=4)
SUNDAY = MONDAY + dt.timedelta(days=6)
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Make it another time: `at(FRIDAY)`. It begins on Monday."""

    def at(now: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    at(MONDAY)
    return at


def local(moment: dt.datetime) -> str:
    """A time as the editor's fields hold it."""
    return timezone.localtime(moment).strftime("%d/%m/%Y %H:%M")


def add(admin: Client, **answers: Any) -> BlogPage:
    """Write a post in the editor and press “Save draft”, or another button."""
    url = editor.add_url(BlogPage, BlogIndexPageFactory())
    words = {"title": "News", "slug": "news", "intro": "In short."}
    response = admin.post(url, editor.form_data(admin, url, BlogPage, **words | answers))
    assert response.status_code == 302, response.context["form"].errors
    post: BlogPage = BlogPage.objects.get(slug="news")
    return post


def edit(admin: Client, post: BlogPage, **answers: Any) -> BlogPage:
    """Open the post in the editor and press a button."""
    url = editor.edit_url(post)
    response = admin.post(url, editor.form_data(admin, url, BlogPage, **answers))
    assert response.status_code == 302, response.context["form"].errors
    return BlogPage.objects.get(pk=post.pk)


def in_the_editor(admin: Client, post: BlogPage) -> str:
    url = editor.edit_url(post)
    return str(editor.form_data(admin, url, BlogPage)["published_at"])


def test_a_draft_has_no_date_and_is_in_no_list(at: Any, admin: Client, client: Client) -> None:
    post = add(admin)
    assert post.published_at is None
    assert BlogPage.objects.published().count() == 0
    assert client.get(f"/blog/{post.slug}/").status_code == 404


def test_a_draft_of_monday_published_on_friday_is_of_friday(at: Any, admin: Client) -> None:
    post = add(admin)
    at(FRIDAY)
    assert edit(admin, post, **PUBLISH).published_at == FRIDAY
    assert in_the_editor(admin, post) == local(FRIDAY)


def test_a_post_published_at_once_is_of_now(at: Any, admin: Client) -> None:
    assert add(admin, **PUBLISH).published_at == MONDAY


def test_published_again_it_keeps_its_date(at: Any, admin: Client) -> None:
    post = add(admin, **PUBLISH)
    at(FRIDAY)
    assert edit(admin, post, title="Corrected", **PUBLISH).published_at == MONDAY
    post = BlogPage.objects.get()
    post.unpublish()
    at(SUNDAY)
    assert edit(admin, post, **PUBLISH).published_at == MONDAY


def test_a_date_that_is_taken_out_is_that_of_the_first_publication(at: Any, admin: Client) -> None:
    post = add(admin, **PUBLISH, published_at="01/05/2019 06:43")
    at(FRIDAY)
    assert edit(admin, post, published_at="", **PUBLISH).published_at == MONDAY


def test_staff_may_date_a_post_of_the_past(at: Any, admin: Client) -> None:
    post = add(admin, published_at="03/05/2019 06:43")
    at(FRIDAY)
    long_ago = dt.datetime(2019, 5, 3, 5, 43, tzinfo=dt.UTC)
    assert edit(admin, post, **PUBLISH).published_at == long_ago
    assert edit(admin, post, title="Corrected", **PUBLISH).published_at == long_ago


@pytest.mark.parametrize("button", [{}, PUBLISH], ids=["draft", "publish"])
def test_a_date_to_come_is_refused(button: dict, at: Any, admin: Client) -> None:
    url = editor.add_url(BlogPage, BlogIndexPageFactory())
    answers = {"title": "News", "slug": "news", "published_at": local(FRIDAY)}
    response = admin.post(url, editor.form_data(admin, url, BlogPage, **answers) | button)
    assert response.status_code == 200
    assert "Set schedule" in response.context["form"].errors["published_at"][0]
    assert not BlogPage.objects.exists()


@pytest.mark.parametrize("date", ["", local(FRIDAY)], ids=["undated", "dated"])
def test_a_scheduled_post_is_of_the_moment_it_goes_live(date: str, at: Any, admin: Client) -> None:
    post = add(admin, **PUBLISH, published_at=date, go_live_at=local(FRIDAY))
    assert not post.live
    assert post.published_at == (FRIDAY if date else None)
    seven_past = FRIDAY + dt.timedelta(minutes=7)
    at(seven_past)
    call_command("publish_scheduled")
    post.refresh_from_db()
    moment = FRIDAY if date else seven_past
    assert (post.live, post.published_at) == (True, moment)
    assert in_the_editor(admin, post) == local(moment)
    at(SUNDAY)
    assert edit(admin, post, **PUBLISH).published_at == moment


def test_a_copy_is_a_new_post(at: Any, admin: Client) -> None:
    post = add(admin, **PUBLISH)
    copy = post.copy(update_attrs={"slug": "copy"}, keep_live=False)
    at(FRIDAY)
    assert edit(admin, copy, **PUBLISH).published_at == FRIDAY


def test_the_preview_of_a_draft_is_of_now(at: Any, admin: Client) -> None:
    post = add(admin)
    at(FRIDAY)
    for response in (
        post.make_preview_request(),
        admin.get(reverse("wagtailadmin_pages:view_draft", args=[post.pk])),
    ):
        assert response.status_code == 200
        page = markup.read(response.content)
        assert page.select_one(".page-head__meta time").get_text().startswith("20 November 2026")


def test_a_draft_with_only_a_title_is_kept(admin: Client) -> None:
    index: Page = BlogIndexPageFactory()
    url = editor.add_url(BlogPage, index)
    data = editor.form_data(admin, url, BlogPage, title="Only a title", slug="only-a-title")
    for name in [name for name in data if name.startswith("body-")]:
        del data[name]
    data.update(nested_form_data({"body": streamfield([])}))
    saved = admin.post(url, data, headers={"accept": "application/json"})
    assert saved.status_code == 200, saved.content
    assert BlogPage.objects.get().title == "Only a title"
    # Published, it says what is missing.
    refused = admin.post(saved.json()["url"], data | PUBLISH)
    assert set(refused.context["form"].errors) == {"intro", "body"}
    assert not BlogPage.objects.get().live


def test_a_post_put_into_the_tree_by_a_program_has_a_date(at: Any) -> None:
    assert BlogPageFactory(published_at=None).published_at == MONDAY
