"""What staff decide about an issue: that it goes out, when and to whom, and that it stops."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from base.models import User

from ..editions import EDITIONS, Edition, served_by
from ..models import NewsletterIssuePage, Sending, Subscriber
from ..querysets import SubscriberQuerySet
from .note import end_cancelled

State = Sending.State


def readers(audience: str, editions: set[Edition]) -> SubscriberQuerySet:
    """Return those of an audience for whom there is something in these editions."""
    subscribers: SubscriberQuerySet = Subscriber.objects.active()
    if audience != Sending.Audience.EVERYBODY:
        subscribers = subscribers.wanting([audience])
    for edition in EDITIONS.values():
        if edition not in editions:
            subscribers = subscribers.exclude(
                wants_news=edition.news,
                wants_dates=edition.dates,
                wants_easy_read=edition.is_easy_read,
            )
    return subscribers


def readers_of(issue: NewsletterIssuePage, audience: str) -> SubscriberQuerySet:
    """Return those of an audience for whom there is something in an issue."""
    return readers(audience, served_by(issue))


@transaction.atomic
def schedule(
    issue: NewsletterIssuePage, audience: str, send_at: dt.datetime | None, user: User
) -> Sending:
    """Let an issue go out, now or at a time to come; once, however often this is asked."""
    at = max(send_at or timezone.now(), timezone.now())
    decided = {"audience": audience, "send_at": at, "started_by": user}
    sending, is_new = Sending.objects.select_for_update().get_or_create(
        issue=issue, defaults=decided
    )
    if not is_new and sending.state == State.CANCELLED and not sending.begun_at:
        for name, value in decided.items():
            setattr(sending, name, value)
        sending.state, is_new = State.SCHEDULED, True
        sending.finished_at, sending.problem = None, ""
        sending.save()
    if is_new:
        _go_on(sending)
    return sending


@transaction.atomic
def pause(sending: Sending) -> None:
    """Let no more mails go out for now. One that is on its way arrives."""
    under_way = Sending.objects.filter(pk=sending.pk, state__in=[State.SCHEDULED, State.SENDING])
    under_way.update(state=State.PAUSED)


@transaction.atomic
def resume(sending: Sending) -> None:
    """Go on where it was paused."""
    paused = Sending.objects.select_for_update().filter(pk=sending.pk, state=State.PAUSED).first()
    if paused:
        paused.state = State.SENDING if paused.begun_at else State.SCHEDULED
        paused.rests, paused.refusals, paused.rests_until, paused.problem = 0, 0, None, ""
        paused.save()
        _go_on(paused)


@transaction.atomic
def cancel(sending: Sending) -> None:
    """Let no more mails go out, for good. Before the first it can be sent again."""
    stopped = Sending.objects.filter(
        pk=sending.pk, state__in=[State.SCHEDULED, State.SENDING, State.PAUSED]
    ).update(state=State.CANCELLED, finished_at=timezone.now())
    if stopped:
        end_cancelled()


def _go_on(sending: Sending) -> None:
    # Tasks are made of services.
    from ..tasks import go_on

    if sending.send_at <= timezone.now():
        go_on(sending.pk)
