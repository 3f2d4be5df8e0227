"""What subscribers do by the links in their mails."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ..models import Subscriber


@transaction.atomic
def change(subscriber: Subscriber, name: str, wishes: dict[str, bool]) -> None:
    """Keep what somebody would like to get from now on."""
    Subscriber.objects.filter(pk=subscriber.pk).update(name=name, **wishes)


@transaction.atomic
def leave(subscriber: Subscriber) -> None:
    """Send no more mails to somebody, at their wish."""
    left = Subscriber.State.LEFT
    staying = Subscriber.objects.filter(pk=subscriber.pk).exclude(state=left)
    staying.update(state=left, since=timezone.now())
