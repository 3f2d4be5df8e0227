"""What a new issue begins with: the month's posts, what other apps offer, replaced guidance."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from base.newsletter import Entry, Section, sections_since
from blog.models import BlogPage

from .blocks import FIRST_PICTURE

if TYPE_CHECKING:
    from .models import NewsletterIndexPage

MONTH = dt.timedelta(days=31)
# However long ago the last issue was.
LONGEST = dt.timedelta(days=93)
MOST_POSTS = 8


def draft(index: NewsletterIndexPage | None, now: dt.datetime | None = None) -> dict[str, Any]:
    """Return what a new issue begins with, by field. Sections with nothing to tell are not there.

    It tells what is new since the last issue came out, or in a month where there is none.
    """
    now = now or timezone.now()
    since = _since(index, now)
    offered = [_posts(since), *sections_since(since), _replaced(since)]
    sections = [section for section in offered if section.entries]
    return {
        "title": f"{timezone.localtime(now):%B %Y}",
        "body": json.dumps([_block(section) for section in sections]),
        "easy_read": json.dumps([row for section in sections for row in _easy_read(section)]),
    }


def _since(index: NewsletterIndexPage | None, now: dt.datetime) -> dt.datetime:
    last = index and index.issues.order_by("-first_published_at").first()
    if last is None or last.first_published_at is None:
        return now - MONTH
    return max(last.first_published_at, now - LONGEST)


def _posts(since: dt.datetime) -> Section:
    new = BlogPage.objects.published().filter(published_at__gt=since, superseded_by=None)
    entries = [
        Entry(post, easy_words=f"We wrote something new.\nIt is called “{post.title}”.")
        for post in new.select_related("image")[:MOST_POSTS]
    ]
    return Section("News", "news", entries)


def _replaced(since: dt.datetime) -> Section:
    """Return newer posts that replace guidance, with the name of what is out of date."""
    old = BlogPage.objects.visible().filter(last_published_at__gt=since)
    replaced_by = {
        post.superseded_by_id: post.title for post in old.exclude(superseded_by=None).order_by("pk")
    }
    newer = BlogPage.objects.published().filter(pk__in=replaced_by)
    entries = [
        Entry(
            post,
            f"This replaces “{replaced_by[post.pk]}”, which is out of date.",
            f"Some rules have changed.\nThe new page is called “{post.title}”.",
        )
        for post in newer.select_related("image")[:MOST_POSTS]
    ]
    return Section("Guidance that has changed", "news", entries)


def _block(section: Section) -> dict[str, Any]:
    entries = [{"page": entry.page.pk, "words": entry.words} for entry in section.entries]
    return {
        "type": "items",
        "value": {
            "heading": section.heading,
            "pages": [{"type": "item", "id": str(uuid4()), "value": entry} for entry in entries],
            "pictures": FIRST_PICTURE,
            "interest": section.interest,
        },
    }


def _easy_read(section: Section) -> Iterable[dict[str, Any]]:
    """Return the same in short sentences, which an editor makes clearer."""
    yield {"type": "heading", "value": section.heading}
    for entry in section.entries:
        picture = getattr(entry.page, "listing_image", None)
        yield {
            "type": "row",
            "value": {
                "image": picture and picture.pk,
                "words": entry.easy_words,
                "page": entry.page.pk,
                "interest": section.interest,
            },
        }
