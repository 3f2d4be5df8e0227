from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.keys import new_key
from courses.models import CourseRun, Place

from ..querysets import WaitingListQuerySet
from .booking import Booking


class WaitingListEntry(models.Model):
    """One person who waits for a place on a full date. First come, first served.

    A place that is offered is held in `place` until `offered_until`; only services write here.
    """

    class Outcome(models.TextChoices):
        """How the waiting ended."""

        BOOKED = "booked", "booked"
        LAPSED = "lapsed", "let the offer pass"
        LEFT = "left", "left the list"
        OVER = "over", "the date was over first"

    key = models.UUIDField(unique=True, default=new_key, editable=False)
    link_key = models.UUIDField(unique=True, default=new_key, editable=False)
    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="waiting")
    name = models.CharField(max_length=100)
    email = models.EmailField(db_index=True)
    telephone = models.CharField(max_length=30, blank=True)
    network = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="A keyed hash of the network that it came from, forgotten after 30 days.",
    )
    joined_at = models.DateTimeField(default=timezone.now)
    # When a mail with the link was last queued: joining again sends it again, now and then.
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    place = models.OneToOneField(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="offered_to"
    )
    offered_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = WaitingListQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        verbose_name = "person waiting"
        verbose_name_plural = "waiting list"
        indexes = [models.Index(fields=["network", "joined_at"], name="waiting_network")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "email", "name"],
                condition=Q(ended_at=None),
                name="courses_bookings_waits_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.run}"

    def has_offer(self, now: datetime | None = None) -> bool:
        """Whether a place is held for this person at a moment."""
        until = self.offered_until
        return self.ended_at is None and until is not None and until > (now or timezone.now())
