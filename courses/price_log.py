"""What a course cost: the page's history names each change of its published price."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from wagtail.log_actions import LogFormatter, log
from wagtail.models import PageLogEntry
from wagtail.signals import page_published

from .models import CoursePage

ACTION = "courses.price"
PUBLICATIONS = ("wagtail.publish", "wagtail.publish.scheduled")


class PriceFormatter(LogFormatter):
    """Says both prices, with VAT, as the course's page does."""

    label = "Price"

    def format_message(self, log_entry: Any) -> str:
        """Return both in one line."""
        return "Price: {before}, now {after}".format(**log_entry.data)


def connect() -> None:
    """Compare prices whenever a course is published."""
    pre_save.connect(_remember, sender=CoursePage)
    page_published.connect(_compare, sender=CoursePage)


def _remember(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    """Keep what visitors saw so far with the page: once it is published, nothing else knows."""
    if update_fields is None:
        shown = CoursePage.objects.filter(pk=instance.pk, live=True).first()
        instance.price_shown = shown and shown.price_text


def _compare(instance: Any, **kwargs: Any) -> None:
    if not instance.live:  # its time has not come
        return
    before = instance.price_shown or _last_published(instance)
    if before and before != instance.price_text:
        log(instance, ACTION, data={"before": before, "after": instance.price_text})


def _last_published(course: CoursePage) -> str | None:
    """Return the price of a page that was taken down, as it was published last."""
    published = PageLogEntry.objects.filter(
        page=course.pk, action__in=PUBLICATIONS, revision__isnull=False
    )
    entry = published.select_related("revision").order_by("-timestamp", "-pk").first()
    return entry.revision.as_object().price_text if entry else None
