"""Posts by the thousand, to see how the site bears them. They are marked, and easily removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from base.models import CustomImage, PersonPage, Topic
from blog.models import BlogIndexPage, BlogPage, BlogPageAuthor
from blog.querysets import BlogPageQuerySet

MARK = "scale-data-"
SPAN = timedelta(days=3_650)
TOPICS_A_POST = 2
BATCH = 500


def scale_posts() -> BlogPageQuerySet:
    """Return the posts that were made here: those whose address says so."""
    posts: BlogPageQuerySet = BlogPage.objects.filter(slug__startswith=MARK)
    return posts


@transaction.atomic
def add_posts(index: BlogIndexPage, count: int) -> None:
    """Add posts, spread over the last ten years, with what the site has of topics and so on.

    They come without revisions, and search finds them only after `manage.py update_index`.
    """
    index = BlogIndexPage.objects.select_for_update().get(pk=index.pk)
    last = index.get_last_child()
    step = Page._str2int(last.path[-Page.steplen :]) if last else 0
    images: list[Any] = list(CustomImage.objects.order_by("pk")[:20]) or [None]
    linked = list(Page.objects.live().order_by("pk").filter(depth__gt=1)[:20])
    now = timezone.now()
    posts = [
        _post(
            index,
            step + number,
            now - SPAN * number / count,
            images[number % len(images)],
            linked[number % len(linked)],
        )
        for number in range(1, count + 1)
    ]
    for start in range(0, count, BATCH):
        _insert(posts[start : start + BATCH])
    Page.objects.filter(pk=index.pk).update(numchild=F("numchild") + count)
    _relate(posts)


@transaction.atomic
def remove_posts() -> int:
    """Remove every post that was made here, and return how many there were."""
    posts = scale_posts()
    count = posts.count()
    posts.delete()
    return count


def _post(
    index: BlogIndexPage, step: int, moment: datetime, image: CustomImage | None, linked: Page
) -> BlogPage:
    post = BlogPage(
        title=f"Scale data {step}",
        draft_title=f"Scale data {step}",
        slug=f"{MARK}{step}",
        path=Page._get_path(index.path, index.depth + 1, step),
        depth=index.depth + 1,
        locale_id=index.locale_id,
        intro="This post was made by load_scale, and only fills the lists.",
        search_description="Made by load_scale.",
        body=_body(image, linked),
        image=image,
        published_at=moment,
        first_published_at=moment,
        last_published_at=moment,
    )
    post.set_url_path(index)
    return post


def _body(image: CustomImage | None, linked: Page) -> list[dict[str, Any]]:
    """A paragraph that links to a page, and a picture if there is one."""
    link = f'<a linktype="page" id="{linked.pk}">a paragraph</a>'
    body: list[dict[str, Any]] = [
        {"type": "paragraph", "value": f"<p>Words enough to fill {link}.</p>"}
    ]
    if image:
        picture = {"image": image.pk, "alt_text": image.description, "decorative": False}
        body.append({"type": "image", "value": {"image": picture, "caption": ""}})
    return body


def _insert(posts: list[BlogPage]) -> None:
    """Insert both rows of each post. `bulk_create` refuses models that have a parent table."""
    fields = [field.attname for field in Page._meta.concrete_fields]
    pages = Page.objects.bulk_create(
        Page(**{name: getattr(post, name) for name in fields}) for post in posts
    )
    for post, page in zip(posts, pages, strict=True):
        post.pk = post.page_ptr_id = page.pk
    BlogPage._base_manager.all()._batched_insert(posts, BlogPage._meta.local_concrete_fields, BATCH)


def _relate(posts: list[BlogPage]) -> None:
    """Give each post two topics and an author, in turn."""
    topics = list(Topic.objects.order_by("pk"))
    people = list(PersonPage.objects.visible().order_by("pk"))
    link = BlogPage.topics.through
    link.objects.bulk_create(
        link(blogpage=post, topic=topics[(number + more) % len(topics)])
        for number, post in enumerate(posts)
        for more in range(min(TOPICS_A_POST, len(topics)))
    )
    BlogPageAuthor.objects.bulk_create(
        BlogPageAuthor(page=post, person=people[number % len(people)], sort_order=0)
        for number, post in enumerate(posts if people else [])
    )
