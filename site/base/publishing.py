"""Publication that passes no editor's form: on time, on approval, of several pages at once."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)

AN_HOUR = 3600  # seconds


def faults_of(page: Page) -> list[str]:
    """Return what keeps a page from being published, in sentences; nothing where it is ready.

    It is what the editor says after “Publish”: a draft may lack almost everything.
    """
    found: dict[str, list[str]] = {}
    try:
        page.full_clean()
    except ValidationError as error:
        found = error.message_dict
    unfinished = {name: ["A block is not finished."] for name in _unfinished_texts(page)}
    return [
        message if name == NON_FIELD_ERRORS else f"{_label(page, name)}: {message}"
        for name, messages in (unfinished | found).items()
        for message in messages
    ]


def _unfinished_texts(page: Page) -> Iterator[str]:
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            try:
                field.stream_block.clean(getattr(page, field.name))
            except ValidationError:
                yield field.name


def _label(page: Page, name: str) -> str:
    label = str(page._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def publish_what_is_due(now: datetime) -> None:
    """Take down the pages whose time is over, and publish those whose time has come.

    Each by itself: one that cannot be published holds up no other, and is tried again next time.
    """
    for page in Page.objects.live().filter(expire_at__lt=now).order_by("expire_at"):
        take_down = partial(
            page.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled"
        )
        _attempt(take_down, f"page-{page.pk}", f"“{page.title}” cannot be taken down")
    due = Revision.objects.filter(approved_go_live_at__lt=now)
    for revision in due.order_by("approved_go_live_at"):
        publish = partial(revision.publish, log_action="wagtail.publish.scheduled")
        _attempt(publish, f"revision-{revision.pk}", f"“{revision.object_str}” cannot be published")


def _attempt(act: Callable[[], None], key: str, failure: str) -> None:
    try:
        with transaction.atomic():
            act()
    except Exception:
        # Tried every minute, it would fill the log.
        if cache.add(f"publishing:{key}", "failed", AN_HOUR):
            logger.exception("%s; it is tried again every minute", failure)
