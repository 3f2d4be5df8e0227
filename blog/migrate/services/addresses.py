"""The addresses of imported posts: new ones that are free, and old ones that lead there."""

from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from base.models import Topic
from blog.models import BlogIndexPage, BlogPage
from blog.models.post import TAKEN_SLUGS, YEAR

LONGEST_SLUG = 200
LONGEST_PATH = 255


def free_slug(title: str, news: BlogIndexPage) -> str:
    """Return the end of an address that no other post and no list of the news page has."""
    base = slugify(title, allow_unicode=True)[:LONGEST_SLUG].strip("-_") or "post"
    if base in TAKEN_SLUGS or YEAR.fullmatch(base):
        base = f"{base}-post"
    siblings = Page.objects.child_of(news)
    if not siblings.filter(slug=base).exists():
        return base
    return _numbered(base, siblings.filter(slug__startswith=f"{base}-"))


def free_topic_slug(name: str) -> str:
    """Return a slug that no other topic has."""
    base = slugify(name)[:50].strip("-") or "topic"
    if not Topic.objects.filter(slug=base).exists():
        return base
    return _numbered(base, Topic.objects.filter(slug__startswith=f"{base}-"))


def _numbered(base: str, others: QuerySet[Any]) -> str:
    taken = set(others.values_list("slug", flat=True))
    return next(slug for number in count(2) if (slug := f"{base}-{number}") not in taken)


def redirect_from(address: str, page: BlogPage) -> str:
    """Let the old address lead to the page for good; return a note where it cannot."""
    if not address:
        return "Nobody knows where it was, so no old address leads to it."
    path = Redirect.normalise_path(address)
    if path.partition("?")[0] in {"", "/"} or path == Redirect.normalise_path(page.url or ""):
        return ""
    if len(path) > LONGEST_PATH:
        return "Its old address is too long for a redirect."
    redirect, _ = Redirect.objects.get_or_create(
        old_path=path, site=None, defaults={"redirect_page": page}
    )
    if redirect.redirect_page_id != page.pk:
        return f"{path} already leads somewhere else: see “Redirects”."
    return ""
