from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from courses.models import CoursePage, CourseRun
from courses.prices import Price

from ..models import Attendee, Booking, Discount
from ..prices import best_discount
from .common import ASK_FOR_PRICE, RefusedError

NO_SUCH_VOUCHER = "This code is unknown, used up, or not for this date. Check it, or leave it out."
NO_VOUCHER = "Nothing is taken off a price that was agreed on. Leave the code or the price out."


class PriceRisesError(Exception):
    """Those who stay pay another `price` each: whoever booked has to see it, and `why`, first."""

    def __init__(self, why: str, price: Price) -> None:
        super().__init__(why)
        self.why = why
        self.price = price


def quote(
    run: CourseRun, count: int, voucher: str, now: datetime, *, agreed_price: Decimal | None = None
) -> tuple[Price, Discount | None]:
    """Return what so many places on a date cost now, and the discount that is in it.

    A price for one person that staff agreed on, in pounds, stays as it is. Raises RefusedError
    where there is no price, and for a voucher that does not fit.
    """
    course = run.course
    if agreed_price is not None:
        if voucher.strip():
            raise RefusedError({"voucher": NO_VOUCHER})
        return Price(agreed_price, course.vat, count), None
    if course.price is None:
        raise RefusedError({None: ASK_FOR_PRICE})
    usable = _usable_discounts(course)
    if voucher.strip():
        vouchers = [each for each in usable if each.kind == Discount.Kind.VOUCHER]
        if not best_discount(vouchers, run, count, voucher, now):
            raise RefusedError({"voucher": NO_SUCH_VOUCHER})
    discount = best_discount(usable, run, count, voucher, now)
    percent = discount.percent if discount else 0
    return Price(course.price, course.vat, count, percent), discount


def _usable_discounts(course: CoursePage) -> list[Discount]:
    discounts = Discount.objects.filter(Q(courses=None) | Q(courses=course)).distinct()
    return [each for each in discounts if not _is_used_up(each)]


def _is_used_up(discount: Discount) -> bool:
    """Whether a voucher was taken as often as it may be, by bookings with somebody who comes."""
    if discount.times is None:
        return False
    bookings = discount.bookings.filter(attendees__place__released_at=None).distinct()
    return bookings.count() >= discount.times


def agreed(discount: Discount | None) -> dict[str, Any]:
    """Return what a booking keeps of a discount, so that it stays whatever becomes of it."""
    return {
        "discount": discount,
        "discount_name": discount.name if discount else "",
        "discount_percent": discount.percent if discount else 0,
        "discount_people_from": discount.group_size if discount else 0,
    }


def rework_discount(booking: Booking, stay: Sequence[Attendee]) -> str:
    """Take a group's discount out of a booking in which too few people stay; return why, in words.

    What else counted on the day of the booking counts instead. Returns nothing, and changes
    nothing, where the price for one person stays. The booking is not saved.
    """
    if not stay or len(stay) >= booking.discount_people_from:
        return ""
    run = stay[0].run
    others = [
        each for each in _usable_discounts(run.course) if each.percent <= booking.discount_percent
    ]
    best = best_discount(others, run, len(stay), "", booking.created_at)
    if booking.discount_percent == (best.percent if best else 0):
        return ""
    lost = (
        f"Fewer than {booking.discount_people_from} people are left, so "
        f"{booking.discount_percent} per cent off ({booking.discount_name}) no longer counts"
    )
    for name, value in agreed(best).items():
        setattr(booking, name, value)
    return f"{lost}. Now {best.percent} per cent is off ({best.name})." if best else f"{lost}."
