from __future__ import annotations

import uuid
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from base.models import User
from courses import services as places
from courses.models import CoursePage, Place

from .. import emails
from ..deadlines import can_change
from ..guests import guests_of
from ..models import Attendee, Booking
from .book import Person, refuse_closed, too_few
from .common import NO_CONSENT, RefusedError, lock_booking, names, note, renew_links, settings_of
from .price import PriceRisesError, agreed, rework_discount
from .waiting import offer_free_places

TOO_LATE = "The day until which this can be changed here has passed. Please telephone us."
BEGUN = "This date has begun. Please telephone us."


@transaction.atomic
def rename(
    booking_pk: int, people: dict[int, Person], *, consent: str = "", user: User | None = None
) -> Booking:
    """Change who comes and what they need, by attendee's key.

    Where those who come get mails too, whoever is replaced is told, and whoever comes instead.
    `consent` is the wording under which needs may be kept. Raises RefusedError where there are new
    ones without it, and once the date began.
    """
    booking, _ = lock_booking(booking_pk)
    before = guests_of(booking)
    _keep_consent(booking, people, consent)
    changed = []
    for attendee in booking.coming:
        person = people.get(attendee.pk)
        if person is None or person == _as_person(attendee):
            continue
        if attendee.run.start <= timezone.now() and not user:
            raise RefusedError({None: BEGUN})
        if attendee.name != person.name:
            note(f"{attendee.name} is now {person.name}", booking=booking, user=user)
        attendee.name = person.name
        attendee.email = person.email
        attendee.access_needs = person.access_needs
        attendee.dietary_needs = person.dietary_needs
        attendee.save(update_fields=["name", "email", "access_needs", "dietary_needs"])
        changed.append(attendee)
    if changed:
        settings = settings_of(changed[0].run.course)
        _begin_new_version(booking)
        emails.tell_guests_of_change(booking, before)
        emails.tell_office(booking, f"{names(changed)}: names or needs changed.", settings)
    return booking


def _begin_new_version(booking: Booking) -> None:
    """Let calendars know that what they are told next is newer than what they have."""
    booking.sequence += 1
    booking.save(update_fields=["sequence"])


def _keep_consent(booking: Booking, people: dict[int, Person], consent: str) -> None:
    was = {attendee.pk: _as_person(attendee).needs for attendee in booking.coming}
    if not any(pk in was and new.needs and new.needs != was[pk] for pk, new in people.items()):
        return
    if not consent:
        raise RefusedError({"consent": NO_CONSENT})
    booking.needs_consent, booking.needs_consent_at = consent, timezone.now()
    booking.save(update_fields=["needs_consent", "needs_consent_at"])


def _as_person(attendee: Attendee) -> Person:
    return Person(attendee.name, attendee.email, attendee.access_needs, attendee.dietary_needs)


@transaction.atomic
def move(
    booking_pk: int, attendee_pks: Collection[int], run_pk: int, *, user: User | None = None
) -> list[Attendee]:
    """Move people of a booking to another date of the same course, and return who moved.

    Who is there already stays: sent twice, it moves once. Raises RefusedError.
    """
    booking, runs = lock_booking(booking_pk)
    movers = [
        person
        for person in booking.coming
        if person.pk in attendee_pks and person.place.run_id != run_pk
    ]
    if not movers:
        return []
    target = runs.get(run_pk)
    if target is None or target.course_id != movers[0].run.course_id:
        raise RefusedError({None: "Please choose one of the dates of this course."})
    settings = settings_of(target.course)
    now = timezone.now()
    if not user and not all(can_change(booking, p.run, settings, now) for p in movers):
        raise RefusedError({None: TOO_LATE})
    offer_free_places(target)
    refuse_closed(target, user)
    if not (user or CoursePage.objects.visible().filter(pk=target.course_id).exists()):
        raise RefusedError({None: "This course is not offered at the moment."})
    try:
        taken = places.take_places(target, len(movers))
    except places.NotEnoughPlacesError as short:
        raise RefusedError({None: too_few(short.left, len(movers))}) from short
    before = guests_of(booking)
    left = {person.place.run_id for person in movers}
    old = [person.place_id for person in movers]
    for person, place in zip(movers, taken, strict=True):
        person.take(place)
        person.save()
    places.release_places(Place.objects.filter(pk__in=old))
    for run in left:
        offer_free_places(runs[run])
    note(f"{names(movers)} moved to {target}", booking=booking, run=target, user=user)
    _begin_new_version(booking)
    emails.tell_of_change(booking, f"{names(movers)} moved to {target}.", settings, before)
    return movers


@transaction.atomic
def cancel(
    booking_pk: int,
    attendee_pks: Collection[int],
    *,
    seen_total: Decimal | None = None,
    user: User | None = None,
) -> list[Attendee]:
    """Give back the places of people in a booking, and return whose.

    Whose place was given back already is left alone: sent twice, it cancels once. Where too few
    stay for a group's discount, the others cost more: `seen_total` is what the booker saw that they
    come to, in pounds. Raises PriceRisesError for any other sum, and RefusedError after the
    deadline; neither binds staff. A date that was called off takes nobody's discount.
    """
    booking, runs = lock_booking(booking_pk)
    leavers = [person for person in booking.coming if person.pk in attendee_pks]
    if not leavers:
        return []
    settings = settings_of(leavers[0].run.course)
    now = timezone.now()
    if not user and not all(can_change(booking, p.run, settings, now) for p in leavers):
        raise RefusedError({None: TOO_LATE})
    before = guests_of(booking)
    stay = [person for person in booking.coming if person not in leavers]
    is_their_choice = any(runs[p.place.run_id].cancelled_at is None for p in leavers)
    lost = rework_discount(booking, stay) if is_their_choice else ""
    price = booking.price_for(len(stay))
    if lost and not user and seen_total != price.total:
        raise PriceRisesError(lost, price)
    left = {person.place.run_id for person in leavers}
    places.release_places(Place.objects.filter(attendee__in=[person.pk for person in leavers]))
    for run in left:
        offer_free_places(runs[run])
    note(f"{names(leavers)} cancelled", booking=booking, user=user)
    if lost:
        booking.save(update_fields=list(agreed(None)))
        note(lost, booking=booking, user=user)
    _begin_new_version(booking)
    what = f"{names(leavers)} no longer {'comes' if len(leavers) == 1 else 'come'}. {lost}".strip()
    emails.tell_of_change(booking, what, settings, before)
    return leavers


@transaction.atomic
def renew_link(
    booking_pk: int, *, known: uuid.UUID | None = None, user: User | None = None
) -> Booking:
    """Give a booking a new link, and make the old one worthless, and any that led there.

    `known` is the old one: where it is another already, nothing happens.
    """
    booking = Booking.objects.select_for_update().get(pk=booking_pk)
    if known and known != booking.link_key:
        return booking
    renew_links(booking)
    note("The link was renewed", booking=booking, user=user)
    return booking


@transaction.atomic
def resend(booking_pk: int, sequence: int, *, user: User) -> bool:
    """Send the confirmation once more, as the booking is now; return whether it was sent.

    `sequence` is the booking's, as staff saw it: sent twice, it goes out once.
    """
    booking = Booking.objects.select_for_update().get(pk=booking_pk)
    if booking.sequence != sequence or not booking.coming or not booking.email:
        return False
    _begin_new_version(booking)
    note("The confirmation was sent again", booking=booking, user=user)
    emails.confirm_again(booking, settings_of(booking.coming[0].run.course))
    return True


@transaction.atomic
def keep_notes(booking_pk: int, notes: str, *, user: User) -> None:
    """Keep what staff note about a booking."""
    booking = Booking.objects.select_for_update().get(pk=booking_pk)
    if booking.notes != notes:
        booking.notes = notes
        booking.save(update_fields=["notes"])
        note("Notes changed", booking=booking, user=user)
