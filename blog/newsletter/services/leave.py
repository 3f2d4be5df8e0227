"""What subscribers do by the links in their mails."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from base.addresses import mailbox_of

from ..models import Consent, Delivery, Subscriber

PREFERENCES = "The page to choose what one gets"
WORDING = "What would you like? Save."
# Who leaves or complains does it by an issue of so long ago at most.
ISSUE_MEMORY = dt.timedelta(days=90)


@transaction.atomic
def change(subscriber: Subscriber, name: str, wishes: dict[str, bool]) -> None:
    """Keep what somebody would like to get from now on, with the evidence where it is more."""
    was = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if any(wishes[wish] and not was.wishes[wish] for wish in wishes):
        now = timezone.now()
        Consent.objects.create(
            subscriber=was,
            email=was.email,
            mailbox=mailbox_of(was.email),
            name=name,
            asked_at=now,
            confirmed_at=now,
            where=PREFERENCES,
            wording=WORDING,
            **wishes,
        )
    Subscriber.objects.filter(pk=subscriber.pk).update(name=name, **wishes)


@transaction.atomic
def leave(subscriber: Subscriber) -> None:
    """Send no more mails to somebody, at their wish, and note by which issue they left.

    A complaint stays one.
    """
    now, state = timezone.now(), Subscriber.State
    staying = Subscriber.objects.filter(pk=subscriber.pk, state__in=(state.ACTIVE, state.BOUNCED))
    if not staying.update(state=state.LEFT, since=now):
        return
    theirs = Delivery.objects.filter(subscriber=subscriber, state=Delivery.State.SENT)
    if last := theirs.sent_since(now - ISSUE_MEMORY).first():
        Delivery.objects.filter(pk=last.pk, left_at=None).update(left_at=now)
