"""The addresses of imported posts: new ones that are free, and old ones that lead there."""

import re
from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from base.models import PeopleIndexPage, Topic
from blog.models import BlogIndexPage, BlogPage
from blog.models.post import TAKEN_SLUGS, YEAR

LONGEST_SLUG = 200
LONGEST_PATH = 255
PERMALINK = re.compile(r"/\?p=\d+")  # WordPress without “pretty” permalinks


def free_slug(title: str, news: BlogIndexPage) -> str:
    """Return the end of an address that no other post and no list of the news page has."""
    base = _slug(title, "post")
    if base in TAKEN_SLUGS or YEAR.fullmatch(base):
        base = f"{base}-post"
    return _free(base, Page.objects.child_of(news))


def free_person_slug(name: str, people: PeopleIndexPage) -> str:
    """Return the end of an address that nobody else has."""
    return _free(_slug(name, "person"), Page.objects.child_of(people))


def free_topic_slug(name: str) -> str:
    """Return a slug that no other topic has."""
    return _free(slugify(name)[:50].strip("-") or "topic", Topic.objects.all())


def _slug(title: str, otherwise: str) -> str:
    return slugify(title, allow_unicode=True)[:LONGEST_SLUG].strip("-_") or otherwise


def _free(base: str, others: QuerySet[Any]) -> str:
    if not others.filter(slug=base).exists():
        return base
    taken = set(others.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
    return next(slug for number in count(2) if (slug := f"{base}-{number}") not in taken)


def redirect_from(address: str, page: BlogPage) -> str:
    """Let the old address lead to the page for good; return a note where it cannot."""
    if not address:
        return "Nobody knows where it was, so no old address leads to it."
    path = Redirect.normalise_path(address)
    if path == Redirect.normalise_path(page.url or ""):
        return ""
    if is_home(path) and not PERMALINK.fullmatch(path):
        return "It was on the old home page, so no old address leads to it."
    if len(path) > LONGEST_PATH:
        return "Its old address is too long for a redirect."
    redirect, _ = Redirect.objects.get_or_create(
        old_path=path, site=None, defaults={"redirect_page": page}
    )
    if redirect.redirect_page_id != page.pk:
        return f"{path} already leads somewhere else: see “Redirects”."
    return ""


def is_home(path: str) -> bool:
    """Whether an address's path is that of the home page, whatever follows it."""
    return path.partition("?")[0] in {"", "/"}


def page_at_permalink(request: HttpRequest) -> str:
    """Return the address to which `/?p=7` was redirected; empty for any other, or without one."""
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    redirect = get_redirect(request, path) if PERMALINK.fullmatch(path) else None
    return (redirect.link or "") if redirect else ""
