"""Publishing several pages at once: all of them, or none and the reason."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import BlogIndexPage, BlogPage
from tests.factories import BlogIndexPageFactory, BlogPageFactory

pytestmark = pytest.mark.django_db


def publish(client: Client, *pages: BlogPage, **answers: str) -> str:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    ids = "&".join(f"id={page.pk}" for page in pages)
    response = client.post(f"{url}?next=/admin/&{ids}", answers, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def unfinished() -> BlogPage:
    post = BlogPage(title="Only a title", live=False)
    (BlogIndexPage.objects.first() or BlogIndexPageFactory()).add_child(instance=post)
    post.save_revision(clean=False)
    return post


def test_finished_drafts_are_published_together(admin_client: Client) -> None:
    drafts = [BlogPageFactory(live=False) for _ in range(2)]
    for draft in drafts:
        draft.save_revision()
    publish(admin_client, *drafts)
    assert BlogPage.objects.live().count() == 2


def test_an_unfinished_draft_is_named_and_nothing_is_published(admin_client: Client) -> None:
    ready = BlogPageFactory(live=False)
    ready.save_revision()
    text = publish(admin_client, ready, unfinished())
    assert "“Only a title” is not finished" in text
    assert not BlogPage.objects.live().exists()


def test_nor_is_what_stands_below(admin_client: Client) -> None:
    draft = unfinished()
    index = draft.get_parent()
    assert "is not finished" in publish(admin_client, index, include_descendants="on")
    assert "is not finished" not in publish(admin_client, index)
    draft.refresh_from_db()
    assert not draft.live
