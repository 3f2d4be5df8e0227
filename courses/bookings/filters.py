"""By what the office narrows its lists down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from courses.models import CoursePage, CourseRun

from .models import Attendee

RECENT = dt.timedelta(days=60)
MOST = 200


def number_of(value: str | None) -> int | None:
    """Return the key that an address holds, or none."""
    is_number = value and value.isascii() and value.isdecimal() and len(value) <= 18
    return int(value) if is_number else None  # type: ignore[arg-type]


class DateFilter(SimpleListFilter):
    """People by their date. Offered are the dates to come and of the last weeks; an address may
    name any other."""

    title = "date"
    parameter_name = "date"
    path = "place__run"
    # Which dates have somebody in the list.
    used = Q(places__attendee__isnull=False, places__released_at=None)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the dates, the soonest first, with the one that was chosen."""
        recent = CourseRun.objects.filter(self.used, end__gt=timezone.now() - RECENT)
        pks = list(recent.order_by("start").values_list("pk", flat=True).distinct()[:MOST])
        if chosen := number_of(self.value()):
            pks.append(chosen)
        runs = CourseRun.objects.filter(pk__in=pks).select_related("course").order_by("start")
        return [(str(run.pk), str(run)) for run in runs]

    def queryset(self, request: HttpRequest, people: QuerySet) -> QuerySet:
        """Leave out who is on other dates."""
        chosen = number_of(self.value())
        return people if chosen is None else people.filter(**{self.path: chosen})


class WaitingDateFilter(DateFilter):
    """Those who wait, by what they wait for."""

    path = "run"
    used = Q(waiting__isnull=False, waiting__ended_at=None)


class AttendanceFilter(SimpleListFilter):
    """People by what the register says."""

    title = "register"
    parameter_name = "register"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer what a register can say, and that it says nothing."""
        return [
            *((str(value), str(label)) for value, label in Attendee.Attendance.choices),
            ("none", "not known"),
        ]

    def queryset(self, request: HttpRequest, people: QuerySet) -> QuerySet:
        """Leave out everybody else."""
        match self.value():
            case "none":
                return people.filter(attendance="")
            case value if value in Attendee.Attendance:
                return people.filter(attendance=value)
            case _:
                return people


class CourseFilter(SimpleListFilter):
    """Bookings by their course."""

    title = "course"
    parameter_name = "course"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the courses that were ever booked."""
        booked = CoursePage.objects.filter(runs__places__attendee__isnull=False).distinct()
        titles = booked.order_by("title").values_list("pk", "title")
        return [(str(pk), title) for pk, title in titles]

    def queryset(self, request: HttpRequest, bookings: QuerySet) -> QuerySet:
        """Leave out the bookings of other courses."""
        chosen = number_of(self.value())
        if chosen is None:
            return bookings
        people = Attendee.objects.filter(place__run__course=chosen)
        return bookings.filter(pk__in=people.values("booking"))


class TimeFilter(SimpleListFilter):
    """Bookings by whether anybody is still to come."""

    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer what is to come and what is over."""
        return [("coming", "Coming up"), ("over", "Over or cancelled")]

    def queryset(self, request: HttpRequest, bookings: QuerySet) -> QuerySet:
        """Leave out the others."""
        coming = Attendee.objects.coming().filter(
            place__run__end__gt=timezone.now(), place__run__cancelled_at=None
        )
        match self.value():
            case "coming":
                return bookings.filter(pk__in=coming.values("booking"))
            case "over":
                return bookings.exclude(pk__in=coming.values("booking"))
            case _:
                return bookings


class InvoiceFilter(SimpleListFilter):
    """Bookings by whether an invoice was asked for."""

    title = "invoice"
    parameter_name = "invoice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both."""
        return [("yes", "Asked for"), ("no", "Not asked for")]

    def queryset(self, request: HttpRequest, bookings: QuerySet) -> QuerySet:
        """Leave out the others."""
        if self.value() in ("yes", "no"):
            return bookings.filter(wants_invoice=self.value() == "yes")
        return bookings
