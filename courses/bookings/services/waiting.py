from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from base.limits import Limit, is_too_much
from courses import services as places
from courses.models import CoursePage, CourseRun, Place
from courses.states import RunState

from .. import emails
from ..models import WaitingListEntry
from .common import ASK_FOR_PRICE, RefusedError, settings_of

Outcome = WaitingListEntry.Outcome

# So many people from one network or with one address in so long a time.
LIMITS = [
    Limit(dt.timedelta(hours=1), network=20, email=10),
    Limit(dt.timedelta(days=1), network=60, email=30),
]
TELL_AGAIN_AFTER = dt.timedelta(hours=1)

TOO_MANY = (
    "A lot of people near you, or with your address, have joined waiting lists. Your words are "
    "still here: please send them again in an hour, or telephone us."
)
SENT_BEFORE = "You sent this form before. To join the list with it, press the button again."
PLACES_ARE_FREE = "There are places on this date. You can book now, without waiting."
NO_WAITING_LIST = "There is no waiting list for this date any more."


@dataclass(frozen=True)
class Waiter:
    """Somebody who would like a place."""

    name: str
    email: str
    telephone: str = ""


@transaction.atomic
def join(run_pk: int, waiter: Waiter, key: uuid.UUID, *, network: str = "") -> WaitingListEntry:
    """Put somebody at the end of a full date's waiting list, once.

    Whoever stands there already keeps their place, and is mailed their link again. That link is
    for nobody but the owner of the e-mail address: show it to nobody who only sends the form.
    `network` is where a visitor's form came from (`base.network`), of whom no more is taken than
    LIMITS says. Raises RefusedError there, and where the date is not full or takes nobody any more.
    """
    run = places.lock(run_pk)[run_pk]
    before = WaitingListEntry.objects.filter(key=key).first()
    if before:
        return _repeat(before, waiter)
    if network and is_too_much(
        LIMITS, WaitingListEntry.objects, email=waiter.email, network=network
    ):
        raise RefusedError({None: TOO_MANY})
    if run.course.price is None:
        raise RefusedError({None: ASK_FOR_PRICE})
    offer_free_places(run)
    if run.state.takes_bookings:
        raise RefusedError({None: PLACES_ARE_FREE})
    if (
        run.state != RunState.FULL
        or not CoursePage.objects.visible().filter(pk=run.course_id).exists()
    ):
        raise RefusedError({None: NO_WAITING_LIST})
    # Last, so that the answer tells a stranger nothing about who waits.
    in_line = WaitingListEntry.objects.waiting().filter(run=run)
    same = in_line.filter(email=waiter.email, name__iexact=waiter.name).first()
    if same:
        _tell_again(same)
        return same
    entry = WaitingListEntry.objects.create(
        key=key,
        run=run,
        name=waiter.name,
        email=waiter.email,
        telephone=waiter.telephone,
        network=network,
    )
    emails.confirm_waiting(entry)
    return entry


def _repeat(before: WaitingListEntry, waiter: Waiter) -> WaitingListEntry:
    """Return whom the same copy of the form put on the list, if it says the same."""
    if before.ended_at or (before.name, before.email) != (waiter.name, waiter.email):
        raise RefusedError({None: SENT_BEFORE}, renews_form=True)
    return before


def _tell_again(entry: WaitingListEntry) -> None:
    """Mail somebody their link once more, unless that happened within the hour."""
    now = timezone.now()
    if entry.told_at > now - TELL_AGAIN_AFTER:
        return
    entry.told_at = now
    entry.save(update_fields=["told_at"])
    if entry.has_offer(now):
        emails.offer_place(entry)
    else:
        emails.confirm_waiting(entry)


@transaction.atomic
def leave(entry_pk: int) -> None:
    """Take somebody off a waiting list, and offer a place that was held to the next in line."""
    run_pk = WaitingListEntry.objects.values_list("run", flat=True).get(pk=entry_pk)
    run = places.lock(run_pk)[run_pk]
    entry = WaitingListEntry.objects.waiting().filter(pk=entry_pk).first()
    if entry:
        _end(entry, Outcome.LEFT)
        offer_free_places(run)


def offer_free_places(run: CourseRun) -> list[WaitingListEntry]:
    """Hold each free place of a locked date for the next person in line, and tell them.

    Whatever frees a place or adds one calls this in the same transaction, so that nobody who comes
    later can be faster than somebody who waits.
    """
    run.__dict__.pop("taken", None)
    offered: list[WaitingListEntry] = []
    if not run.state.takes_bookings:
        return offered
    settings = settings_of(run.course)
    now = timezone.now()
    until = now + dt.timedelta(hours=settings.offer_hours)
    entries = WaitingListEntry.objects.without_offer().filter(run=run)
    for entry in entries[: run.places_left]:
        [entry.place] = places.take_places(run, 1)
        entry.offered_until = min(until, run.booking_closes_at or run.start)
        entry.told_at = now
        entry.save(update_fields=["place", "offered_until", "told_at"])
        emails.offer_place(entry)
        offered.append(entry)
    run.__dict__.pop("taken", None)
    return offered


def move_lines_on(now: dt.datetime) -> int:
    """End the offers that have lapsed and the lists of dates that have begun; make new offers.

    New ones, too, for places that came free before booking opened. Returns how many people's
    waiting ended. Each date is a transaction of its own.
    """
    lapsed = WaitingListEntry.objects.lapsed(now).values_list("run", flat=True)
    over = WaitingListEntry.objects.waiting().filter(run__start__lte=now)
    cancelled = WaitingListEntry.objects.waiting().exclude(run__cancelled_at=None)
    in_line = WaitingListEntry.objects.without_offer().values("run")
    waited_for = CourseRun.objects.upcoming(now).with_places().filter(pk__in=in_line)
    pks = {
        *lapsed,
        *over.values_list("run", flat=True),
        *cancelled.values_list("run", flat=True),
        *(run.pk for run in waited_for if run.places_left),
    }
    return sum(_move_line_on(pk, now) for pk in sorted(pks))


@transaction.atomic
def _move_line_on(run_pk: int, now: dt.datetime) -> int:
    run = places.lock(run_pk)[run_pk]
    if run.start <= now or run.cancelled_at:
        ended = end_waiting_list(run)
    else:
        waiting = WaitingListEntry.objects.waiting().filter(run=run)
        ended = [_end(entry, Outcome.LAPSED) for entry in waiting.lapsed(now)]
        offered = offer_free_places(run)
        for entry in ended:
            emails.say_offer_lapsed(
                entry, is_free=run.state.takes_bookings, is_passed_on=bool(offered)
            )
    return len(ended)


def end_waiting_list(run: CourseRun) -> list[WaitingListEntry]:
    """End the waiting for a locked date that nobody can come to any more; return whose."""
    waiting = WaitingListEntry.objects.waiting().filter(run=run)
    return [_end(entry, Outcome.OVER) for entry in waiting]


def _end(entry: WaitingListEntry, outcome: WaitingListEntry.Outcome) -> WaitingListEntry:
    if entry.place_id:
        places.release_places(Place.objects.filter(pk=entry.place_id))
    entry.ended_at = timezone.now()
    entry.outcome = outcome
    entry.save(update_fields=["ended_at", "outcome"])
    return entry
