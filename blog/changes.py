"""When the news last changed for those who follow it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry, PageLogEntry

from base.models import CustomImage, OrganisationSettings, PersonPage, Topic

if TYPE_CHECKING:
    from .models import BlogPage

# What a feed shows besides the words of its posts.
THINGS = (CustomImage, OrganisationSettings, Topic)
# What staff do with a page that readers notice, as Wagtail's log has it.
NOTICED = [
    "wagtail.create",
    "wagtail.delete",
    "wagtail.move",
    "wagtail.publish",
    "wagtail.publish.scheduled",
    "wagtail.unpublish",
    "wagtail.unpublish.scheduled",
]


def last_change(posts: list[BlogPage]) -> datetime | None:
    """Return when a list of posts last changed for readers; None where nothing is known of it.

    A post tells when it was published. One that is gone, or went to another topic, left its mark
    in the log alone, as did a page that became private and a topic with a new name.
    """
    known = [*_logged(), *(post.changed_at for post in posts)]
    return max(filter(None, known), default=None)


def _logged() -> list[datetime]:
    from .models import BlogIndexPage, BlogPage

    pages = ContentType.objects.get_for_models(BlogIndexPage, BlogPage, PersonPage).values()
    things = ContentType.objects.get_for_models(*THINGS).values()
    of_news = Q(content_type__in=pages, action__in=NOTICED)
    of_privacy = Q(action__startswith="wagtail.view_restriction")
    entries = [
        PageLogEntry.objects.filter(of_news | of_privacy),
        ModelLogEntry.objects.filter(content_type__in=things),
    ]
    newest = (each.order_by("-timestamp").values_list("timestamp", flat=True) for each in entries)
    return [moment for moments in newest for moment in moments[:1]]
