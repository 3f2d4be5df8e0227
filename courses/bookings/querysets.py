from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Prefetch, Q

if TYPE_CHECKING:
    from courses.models import CourseRun

RUN = ("place__run__course", "place__run__venue")


class BookingQuerySet(models.QuerySet):
    """Bookings."""

    def with_people(self) -> Self:
        """Bookings with everybody in them and their dates, in two queries."""
        from .models import Attendee

        people = Attendee.objects.in_order()
        return self.prefetch_related(Prefetch("attendees", queryset=people, to_attr="people"))

    def of(self, email: str) -> Self:
        """Bookings that name a person by e-mail address, as booker or as attendee."""
        email = email.strip()
        same = Q(email__iexact=email) | Q(attendees__email__iexact=email)
        return self.filter(same).distinct()

    def since(self, moment: datetime) -> Self:
        """Bookings made after a moment."""
        return self.filter(created_at__gt=moment)

    def last_before(self, moment: datetime) -> Self:
        """Bookings of which no date ends at a moment or later."""
        return self.exclude(attendees__place__run__end__gte=moment)


class AttendeeQuerySet(models.QuerySet):
    """People in bookings."""

    def in_order(self) -> Self:
        """As the booker named them, with their dates."""
        return self.select_related(*RUN).order_by("position", "pk")

    def coming(self) -> Self:
        """People who have a place."""
        return self.filter(place__released_at=None)

    def on(self, run: CourseRun) -> Self:
        """People with a place on a date, by name."""
        people = self.in_order().coming().filter(place__run=run)
        return people.select_related("booking").order_by("name", "pk")


class WaitingListQuerySet(models.QuerySet):
    """People who wait, or waited, for a place."""

    def of(self, email: str) -> Self:
        """What belongs to an e-mail address."""
        return self.filter(email__iexact=email.strip())

    def since(self, moment: datetime) -> Self:
        """Who joined after a moment."""
        return self.filter(joined_at__gt=moment)

    def waiting(self) -> Self:
        """People who wait, the first in line first; those with an offer too."""
        return self.filter(ended_at=None).order_by("joined_at", "pk")

    def without_offer(self) -> Self:
        """People who wait and to whom no place is offered."""
        return self.waiting().filter(place=None)

    def lapsed(self, now: datetime) -> Self:
        """People who let their offer pass."""
        return self.waiting().filter(offered_until__lte=now)

    def per_run(self) -> dict[int, int]:
        """How many people wait for which date."""
        rows = self.waiting().order_by().values_list("run").annotate(Count("pk"))
        return dict(rows)
