from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from base.keys import new_key
from courses.models import CoursePage, CourseRun, Place
from courses.prices import VAT_RATE, Price

from ..querysets import AttendeeQuerySet, BookingQuerySet

MAX_PEOPLE = 20


class Booking(models.Model):
    """Places on a date for one to twenty people, booked by somebody for them.

    Only `courses.bookings.services` writes here. What was agreed on (the price, the tax, the
    discount) is kept as it was; what it comes to is worked out from it and the people who come.
    """

    # Stands for one copy of the form: sent twice, it books once.
    key = models.UUIDField(unique=True, default=new_key, editable=False)
    # What the booking's link carries, signed. A new one makes the old link worthless.
    link_key = models.UUIDField(unique=True, default=new_key, editable=False)
    reference = models.CharField(max_length=12, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Grows with every change that calendars are told of (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0, editable=False)

    name = models.CharField(max_length=100)
    # Empty where the office booked for somebody who has none: no mail goes out then.
    email = models.EmailField(blank=True, db_index=True)
    telephone = models.CharField(max_length=30, blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    purchase_order = models.CharField("purchase order number", max_length=40, blank=True)
    wants_invoice = models.BooleanField("invoice", default=False)
    invoice_address = models.TextField(max_length=500, blank=True)
    tells_attendees = models.BooleanField("attendees get mails too", default=False)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    # That access and dietary needs may be kept (UK GDPR, article 9(2)(a)): what was agreed to.
    needs_consent = models.CharField(max_length=300, blank=True, editable=False)
    needs_consent_at = models.DateTimeField(null=True, blank=True, editable=False)
    network = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="A keyed hash of the network that it came from, forgotten after 30 days.",
    )

    unit_price = models.DecimalField(max_digits=7, decimal_places=2)
    vat = models.CharField("VAT", max_length=8, choices=CoursePage.Vat)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=1, default=VAT_RATE)
    discount = models.ForeignKey(
        "Discount", null=True, blank=True, on_delete=models.SET_NULL, related_name="bookings"
    )
    discount_name = models.CharField(max_length=60, blank=True)
    discount_percent = models.PositiveSmallIntegerField(default=0)
    # How many have to come for it; 0 for a discount that does not depend on that.
    discount_people_from = models.PositiveSmallIntegerField(default=0)

    notes = models.TextField(blank=True, help_text="For staff only. Nobody else reads them.")

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "created_at"], name="booking_network")]

    def __str__(self) -> str:
        return f"{self.reference}, {self.name}"

    @cached_property
    def people(self) -> list[Attendee]:
        """Everybody in the booking, those too who no longer come, as they were named."""
        return list(self.attendees.in_order())

    @cached_property
    def changed_runs(self) -> set[int]:
        """The keys of the dates of which whoever booked was told that staff changed them."""
        told = self.notices.filter(kind=Notice.Kind.CHANGED)
        return set(told.values_list("run", flat=True))

    @property
    def coming(self) -> list[Attendee]:
        """The people who have a place."""
        return [person for person in self.people if person.is_coming]

    def coming_to(self, run: CourseRun) -> list[Attendee]:
        """The people who have a place on a date."""
        return [person for person in self.coming if person.place.run_id == run.pk]

    @property
    def who_comes(self) -> str:
        """Everybody with their date, in words."""
        return "; ".join(f"{person.name} ({person.run})" for person in self.coming)

    @property
    def sum(self) -> str:
        """What is to be paid, line by line, in words."""
        return "; ".join(f"{words}: {amount}" for words, amount in self.price.lines)

    @property
    def runs(self) -> list[CourseRun]:
        """The dates on which somebody has a place, each once, the soonest first."""
        return sorted({person.run for person in self.coming}, key=lambda run: (run.start, run.pk))

    @property
    def price(self) -> Price:
        """What those who come cost."""
        return self.price_for(len(self.coming))

    def price_for(self, count: int) -> Price:
        """What so many people cost in this booking."""
        return Price(self.unit_price, self.vat, count, self.discount_percent, self.vat_rate)


class Attendee(models.Model):
    """Somebody who comes to a date, or was to come."""

    class Attendance(models.TextChoices):
        """What the register says."""

        PRESENT = "present", "present"
        ABSENT = "absent", "absent"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attendees")
    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="attendee")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    access_needs = models.TextField(max_length=500, blank=True)
    dietary_needs = models.CharField(max_length=200, blank=True)
    attendance = models.CharField(max_length=7, choices=Attendance, blank=True)
    # What a certificate's address carries; given when somebody is marked present.
    certificate_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    certificate_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What it says of the course, as it was then; certificates from before that was kept have none.
    attested = models.JSONField(null=True, blank=True, editable=False)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def run(self) -> CourseRun:
        """The date of the place."""
        return self.place.run

    @property
    def is_coming(self) -> bool:
        """Whether the place was not given back."""
        return self.place.released_at is None

    @property
    def has_certificate(self) -> bool:
        """Whether the register says that they were there, now that the date is over."""
        return (
            self.certificate_key is not None
            and self.attendance == self.Attendance.PRESENT
            and self.is_coming
            and self.run.cancelled_at is None
            and self.run.end <= timezone.now()
        )

    def take(self, place: Place) -> None:
        """Have a place on another date, whose register says nothing yet. Not saved."""
        self.place = place
        self.attendance = ""
        self.certificate_key = self.certificate_sent_at = self.attested = None


class Notice(models.Model):
    """That people were told of a date, so that nobody is told twice."""

    class Kind(models.TextChoices):
        """What about."""

        COMING_UP = "coming_up", "coming up"
        CHANGED = "changed", "changed"

    run = models.ForeignKey(CourseRun, on_delete=models.CASCADE, related_name="notices")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=9, choices=Kind)
    sequence = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "booking", "kind", "sequence"], name="courses_bookings_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking.reference}: {self.get_kind_display()}"


class BookingEvent(models.Model):
    """What happened to a booking or a date, and by whose hand. Kept for good."""

    at = models.DateTimeField(auto_now_add=True)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    run = models.ForeignKey(
        CourseRun, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    # None: the booker, or the clock.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text
