from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from base.limits import Limit, is_too_much
from base.models import User
from base.references import new_reference
from courses import services as places
from courses.models import CoursePage, CourseRun, Place
from courses.prices import Price, in_pounds
from courses.states import RunState

from .. import emails
from ..models import Attendee, Booking, Discount, WaitingListEntry
from .common import NO_CONSENT, RefusedError, note, settings_of
from .price import agreed, quote
from .waiting import offer_free_places

# So many places from one network or by one address in so long a time. A training manager books for
# whole teams in one morning; nobody empties date after date.
LIMITS = [
    Limit(dt.timedelta(hours=1), network=50, email=40),
    Limit(dt.timedelta(days=1), network=150, email=100),
]

TOO_MANY = (
    "A lot of places have been booked by you or people near you. Your words are still here: "
    "please send them again in an hour, or telephone us, and we book for you."
)
PRICE_CHANGED = "The price has changed since you began. Please look at it once more."
ACCEPT_TERMS = "Please read the terms of booking, and tick that you accept them."
SENT_BEFORE = (
    "You booked with this form before: {reference}. "
    "To book these places as well, press the button again."
)
OFFER_IS_OVER = (
    "The place was held for you for a while, and is held no longer. It may still be free."
)
HELD_FOR_ONE = "The place is held for one person. Please take the others out."
NOT_OPEN = {
    RunState.TO_BE_ANNOUNCED: "Booking for this date has not opened yet.",
    RunState.FULL: "The last place has just gone. You can join the waiting list.",
    RunState.CLOSED: "Booking for this date has closed.",
    RunState.IN_PROGRESS: "This date has begun.",
    RunState.FINISHED: "This date is over.",
    RunState.CANCELLED: "This date was cancelled.",
}


@dataclass(frozen=True)
class Person:
    """Somebody who is to come."""

    name: str
    email: str = ""
    access_needs: str = ""
    dietary_needs: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """What would make the day work, and may say something about health."""
        return tuple(filter(None, [self.access_needs, self.dietary_needs]))


@dataclass(frozen=True)
class Order:
    """What a booker asks for."""

    name: str
    email: str
    people: tuple[Person, ...]
    telephone: str = ""
    organisation: str = ""
    purchase_order: str = ""
    wants_invoice: bool = False
    invoice_address: str = ""
    tells_attendees: bool = False
    accepts_terms: bool = False
    # The wording under which needs may be kept; empty where nobody agreed.
    consent: str = ""
    voucher: str = ""
    # In pounds for one person, where staff agreed on a price; None takes the course's.
    agreed_price: Decimal | None = None
    # In pounds, as the booker saw it; None asks for no comparison.
    seen_total: Decimal | None = None

    def quote(
        self, run: CourseRun, now: dt.datetime, *, user: User | None = None
    ) -> tuple[Price, Discount | None]:
        """Return what it costs now, and the discount that is in it. Only staff agree on a price.

        Raises RefusedError where there is no price, and for a voucher that does not fit.
        """
        agreed_price = self.agreed_price if user else None
        return quote(run, len(self.people), self.voucher, now, agreed_price=agreed_price)


@transaction.atomic
def book(
    run_pk: int,
    order: Order,
    key: uuid.UUID,
    *,
    entry: WaitingListEntry | None = None,
    user: User | None = None,
    network: str = "",
) -> Booking:
    """Book places on a date, once, however often it is sent, and queue the confirmation.

    `entry` takes the place that is held for somebody on the waiting list; `user` is the member of
    staff who books for others, also after booking has closed; `network` is where a visitor's form
    came from (`base.network`), of whom no more is taken than LIMITS says. Raises RefusedError.
    """
    run = places.lock(run_pk)[run_pk]
    before = Booking.objects.filter(key=key).first()
    if before:
        return _repeat(before, order)
    if network and not entry:
        _refuse_too_many(order, network)
    now = timezone.now()
    settings = settings_of(run.course)
    if order.voucher:
        # Two dates at once must not both be the last to use it.
        list(Discount.objects.select_for_update().filter(code=order.voucher.strip().upper()))
    price, discount = order.quote(run, now, user=user)
    if order.seen_total is not None and price.total != order.seen_total:
        raise RefusedError({None: PRICE_CHANGED})
    terms = None if user else settings.live_terms
    if terms and not order.accepts_terms:
        raise RefusedError({"terms": ACCEPT_TERMS})
    has_needs = any(person.needs for person in order.people)
    if has_needs and not order.consent:
        raise RefusedError({"consent": NO_CONSENT})
    taken = _held_place(run, entry, order, now) if entry else _free_places(run, order, user)
    booking = Booking.objects.create(
        key=key,
        reference=new_reference("BM", Booking.objects),
        name=order.name,
        email=order.email,
        telephone=order.telephone,
        organisation=order.organisation,
        purchase_order=order.purchase_order,
        wants_invoice=order.wants_invoice,
        invoice_address=order.invoice_address,
        tells_attendees=order.tells_attendees,
        terms_accepted_at=now if terms else None,
        needs_consent=order.consent if has_needs else "",
        needs_consent_at=now if has_needs else None,
        network=network,
        unit_price=price.unit,
        vat=price.vat,
        vat_rate=price.rate,
        **agreed(discount),
    )
    Attendee.objects.bulk_create(
        Attendee(
            booking=booking,
            place=place,
            position=position,
            name=person.name,
            email=person.email,
            access_needs=person.access_needs,
            dietary_needs=person.dietary_needs,
        )
        for position, (person, place) in enumerate(zip(order.people, taken, strict=True))
    )
    if entry:
        _end_waiting(entry, booking, now)
    is_agreed = user and order.agreed_price is not None
    at_price = f", at {in_pounds(price.unit)} each as agreed" if is_agreed else ""
    note(f"Booked {len(taken)} on {run}{at_price}", booking=booking, run=run, user=user)
    emails.confirm(booking, settings)
    return booking


def _repeat(before: Booking, order: Order) -> Booking:
    """Return the booking that the same copy of the form made, if it says the same."""
    asked = sorted(person.name for person in order.people)
    if before.email == order.email and sorted(map(str, before.people)) == asked:
        return before
    raise RefusedError({None: SENT_BEFORE.format(reference=before.reference)}, renews_form=True)


def _refuse_too_many(order: Order, network: str) -> None:
    by_visitors = Booking.objects.exclude(network="")
    people = len(order.people)
    if is_too_much(
        LIMITS, by_visitors, email=order.email, network=network, more=people, count=_people_in
    ):
        raise RefusedError({None: TOO_MANY})


def _people_in(bookings: QuerySet[Booking]) -> int:
    return Attendee.objects.filter(booking__in=bookings).count()


def _free_places(run: CourseRun, order: Order, user: User | None) -> list[Place]:
    """Take places that nobody waits for. Staff may book while the date is closed to others."""
    offer_free_places(run)
    refuse_closed(run, user)
    if not (user or CoursePage.objects.visible().filter(pk=run.course_id).exists()):
        raise RefusedError({None: "This course is not offered at the moment."})
    try:
        return places.take_places(run, len(order.people))
    except places.NotEnoughPlacesError as short:
        raise RefusedError({None: too_few(short.left, len(order.people))}) from short


def refuse_closed(run: CourseRun, user: User | None) -> None:
    """Raise RefusedError unless a date takes bookings; from staff also while closed to others."""
    is_open_to_staff = run.state in (RunState.CLOSED, RunState.TO_BE_ANNOUNCED)
    if not (run.state.takes_bookings or (user and is_open_to_staff)):
        raise RefusedError({None: NOT_OPEN[run.state]})


def too_few(left: int, people: int) -> str:
    """Say that a date has fewer places left than people are to come."""
    if not left:
        return "No place is left on this date."
    places_are = "1 place is" if left == 1 else f"{left} places are"
    return f"Only {places_are} left on this date, for {people} people."


def _held_place(
    run: CourseRun, entry: WaitingListEntry, order: Order, now: dt.datetime
) -> list[Place]:
    """Return the place that is held. An offer stands although booking has closed since."""
    entry.refresh_from_db()
    if run.cancelled_at or run.start <= now:
        raise RefusedError({None: NOT_OPEN[run.state]})
    if entry.run_id != run.pk or entry.place is None or not entry.has_offer(now):
        raise RefusedError({None: OFFER_IS_OVER})
    if len(order.people) > 1:
        raise RefusedError({None: HELD_FOR_ONE})
    return [entry.place]


def _end_waiting(entry: WaitingListEntry, booking: Booking, now: dt.datetime) -> None:
    entry.ended_at = now
    entry.outcome = WaitingListEntry.Outcome.BOOKED
    entry.booking = booking
    entry.save(update_fields=["ended_at", "outcome", "booking"])
