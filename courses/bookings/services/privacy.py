"""What a person may ask for, and what is forgotten by itself."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from ..models import Attendee, Booking, BookingSettings, WaitingListEntry
from .common import lock_booking, renew_links
from .waiting import leave

MEMORY = dt.timedelta(days=30)
REMOVED = "[removed]"
OF_THE_BOOKER = (
    "name",
    "email",
    "telephone",
    "organisation",
    "purchase_order",
    "invoice_address",
    "terms_accepted_at",
    "needs_consent",
    "needs_consent_at",
    "notes",
)
OF_AN_ATTENDEE = ("name", "email", "access_needs", "dietary_needs")


def _settings() -> BookingSettings:
    settings: BookingSettings = BookingSettings.for_site(Site.objects.get(is_default_site=True))
    return settings


def forget_needs(now: dt.datetime | None = None) -> int:
    """Delete access and dietary needs some days after the date, and return of how many people.

    They are health data (UK GDPR, article 9): kept no longer than the day needs them.
    """
    over = (now or timezone.now()) - dt.timedelta(days=_settings().keep_needs_days)
    told = ~Q(access_needs="") | ~Q(dietary_needs="")
    people = Attendee.objects.filter(told, place__run__end__lte=over)
    return people.update(access_needs="", dietary_needs="")


def forget_people(now: dt.datetime | None = None) -> int:
    """Take everybody out of the bookings whose last date was years ago; return how many."""
    before = (now or timezone.now()) - relativedelta(years=_settings().keep_years)
    old = Booking.objects.last_before(before).exclude(name=REMOVED)
    pks = list(old.values_list("pk", flat=True))
    for pk in pks:
        _forget(pk)
    WaitingListEntry.objects.filter(run__end__lt=before).delete()
    return len(pks)


def forget_networks(now: dt.datetime | None = None) -> int:
    """Forget from which networks people booked or joined a waiting list 30 days ago."""
    before = (now or timezone.now()) - MEMORY
    bookings = Booking.objects.filter(created_at__lt=before).exclude(network="")
    entries = WaitingListEntry.objects.filter(joined_at__lt=before).exclude(network="")
    return bookings.update(network="") + entries.update(network="")


def export_bookings(email: str) -> list[dict[str, Any]]:
    """Return what is kept about an address's bookings, oldest first.

    Whoever booked gets the whole booking; whoever comes, only what is about themselves.
    """
    bookings = Booking.objects.of(email).with_people().prefetch_related("events")
    return [
        _whole(booking) if _is(booking, email) else _part(booking, email)
        for booking in bookings.order_by("created_at", "pk")
    ]


def _is(someone: Booking | Attendee, email: str) -> bool:
    return someone.email.casefold() == email.strip().casefold()


def _whole(booking: Booking) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "booked": booking.created_at,
        **{field: getattr(booking, field) for field in OF_THE_BOOKER},
        "price": booking.sum,
        "people": [_about(person) for person in booking.people],
        "history": [{"at": event.at, "text": event.text} for event in booking.events.all()],
    }


def _part(booking: Booking, email: str) -> dict[str, Any]:
    people = [_about(person) for person in booking.people if _is(person, email)]
    return {
        "reference": booking.reference,
        "needs_consent": booking.needs_consent,
        "needs_consent_at": booking.needs_consent_at,
        "people": people,
    }


def _about(person: Attendee) -> dict[str, Any]:
    return {
        **{field: getattr(person, field) for field in OF_AN_ATTENDEE},
        "date": str(person.run),
        "place_given_back": person.place.released_at,
        "register": person.get_attendance_display(),
        "certificate_sent": person.certificate_sent_at,
    }


def still_needed(email: str) -> list[str]:
    """Return which bookings of an address cannot be forgotten yet, and why.

    Until a date is over, its booking is a contract that has to be kept (UK GDPR, article 6(1)(b)).
    """
    bookings = Booking.objects.of(email).with_people()
    return [
        f"Booking {booking.reference}: {run} is still to come. Cancel it first."
        for booking in bookings
        for run in _to_come(booking)
    ]


def _to_come(booking: Booking) -> list[Any]:
    now = timezone.now()
    return [run for run in booking.runs if run.end > now]


@transaction.atomic
def erase_bookings(email: str) -> int:
    """Take a person out of the bookings whose dates are over; return of how many.

    Reference, places, dates and sums stay: accounts need them, and they are about nobody.
    """
    if not email.strip():
        return 0
    found = Booking.objects.of(email).with_people()
    pks = [booking.pk for booking in found if not _to_come(booking)]
    for pk in pks:
        _forget(pk, email)
    return len(pks)


@transaction.atomic
def _forget(booking_pk: int, email: str | None = None) -> None:
    """Take one person out of a booking, or everybody."""
    booking, _ = lock_booking(booking_pk)
    is_booker = email is None or _is(booking, email)
    # Who books for themselves often leaves their own address out.
    own_name = booking.name.casefold() if is_booker else None
    people = [
        person
        for person in booking.people
        if email is None or _is(person, email) or (person.name.casefold() == own_name)
    ]
    gone = {person.name for person in people} | ({booking.name} if is_booker else set())
    for person in people:
        person.name, person.email = REMOVED, ""
        person.access_needs = person.dietary_needs = ""
        person.certificate_key = person.attested = None
        person.save()
    if is_booker:
        booking.name, booking.email = REMOVED, ""
        booking.telephone = booking.purchase_order = booking.invoice_address = booking.notes = ""
        booking.save()
        renew_links(booking)
    _take_out(booking, gone)


def _take_out(booking: Booking, names: set[str]) -> None:
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    for event in booking.events.all():
        if (text := pattern.sub(REMOVED, event.text)) != event.text:
            event.text = text[:300]
            event.save(update_fields=["text"])


def export_waiting(email: str) -> list[dict[str, Any]]:
    """Return for which dates an address waits or waited, oldest first."""
    entries = WaitingListEntry.objects.of(email).select_related("run__course", "run__venue")
    return [
        {
            "date": str(entry.run),
            "name": entry.name,
            "email": entry.email,
            "telephone": entry.telephone,
            "joined": entry.joined_at,
            "ended": entry.ended_at,
            "how_it_ended": entry.get_outcome_display(),
        }
        for entry in entries
    ]


@transaction.atomic
def erase_waiting(email: str) -> int:
    """Take an address off every waiting list, and forget that it waited; return how often it did.

    A place that was held for it goes to the next in line.
    """
    own = WaitingListEntry.objects.of(email) if email.strip() else WaitingListEntry.objects.none()
    for pk in own.waiting().values_list("pk", flat=True):
        leave(pk)
    count, _ = own.delete()
    return count
