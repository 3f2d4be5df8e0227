"""When the news, or the newsletter, last changed for those who follow it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from base.models import CustomImage, OrganisationSettings, Topic

# What a feed shows besides the words of its pages.
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


def last_change(moments: Iterable[datetime | None], types: Iterable[type[Page]]) -> datetime | None:
    """Return when a list of pages last changed for readers; None where nothing is known of it.

    A page tells when it was published: `moments`. One that is gone, or went to another topic, left
    its mark in the log alone, as did a page that became private and a topic with a new name.
    `types` are those of the pages, and of others whose words stand in them.
    """
    return max(filter(None, [*_logged(types), *moments]), default=None)


def _logged(types: Iterable[type[Page]]) -> list[datetime]:
    pages = ContentType.objects.get_for_models(*types).values()
    things = ContentType.objects.get_for_models(*THINGS).values()
    of_pages = Q(content_type__in=pages, action__in=NOTICED)
    of_privacy = Q(action__startswith="wagtail.view_restriction")
    entries = [
        PageLogEntry.objects.filter(of_pages | of_privacy),
        ModelLogEntry.objects.filter(content_type__in=things),
    ]
    newest = (each.order_by("-timestamp").values_list("timestamp", flat=True) for each in entries)
    return [moment for moments in newest for moment in moments[:1]]
