from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from courses.models import CoursePage, CourseRun


class Discount(models.Model):
    """A reason to pay less. Of several that fit, the highest counts."""

    class Kind(models.TextChoices):
        """What it depends on."""

        EARLY = "early", "Early booking"
        GROUP = "group", "Several people"
        VOUCHER = "voucher", "Voucher code"

    name = models.CharField(
        max_length=60, help_text="Shown beside the price: “Early booking”, “Friends of the charity”"
    )
    kind = models.CharField(max_length=7, choices=Kind, help_text="What it depends on.")
    percent = models.PositiveSmallIntegerField(
        "per cent",
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Taken off the price before VAT is added.",
    )
    days_before = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="For early booking: it counts until so many days before the date.",
    )
    people_from = models.PositiveSmallIntegerField(
        "people",
        null=True,
        blank=True,
        help_text="For several people: it counts while so many people in one booking come.",
    )
    code = models.CharField(
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(r"^[A-Za-z0-9-]+\Z", "Please use letters, digits and hyphens only.")
        ],
        help_text="For a voucher: what people type. Large and small letters are the same.",
    )
    times = models.PositiveIntegerField(
        "how often",
        null=True,
        blank=True,
        help_text="For a voucher: in so many bookings, without those that were wholly cancelled. "
        "Left empty, as often as people like.",
    )
    first_day = models.DateField(
        null=True, blank=True, help_text="Left empty: it counts from now on."
    )
    last_day = models.DateField(
        null=True, blank=True, help_text="The last day on which people book with it."
    )
    courses = models.ManyToManyField(
        CoursePage, blank=True, help_text="Left empty: for all courses.", related_name="+"
    )

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("percent")]),
        MultiFieldPanel(
            [
                FieldPanel("days_before"),
                FieldPanel("people_from"),
                FieldRowPanel([FieldPanel("code"), FieldPanel("times")]),
            ],
            heading="What it depends on",
        ),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        FieldPanel("courses"),
    ]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code=""),
                name="courses_bookings_voucher_once",
                violation_error_message="There is another voucher with this code.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.percent} per cent)"

    @property
    def group_size(self) -> int:
        """From how many people in a booking it counts; 0 where it does not depend on that."""
        return (self.people_from or 0) if self.kind == self.Kind.GROUP else 0

    def clean(self) -> None:
        """Ask for what the kind depends on, and drop what it does not."""
        super().clean()
        self.code = self.code.upper()
        needed = {
            self.Kind.EARLY: "days_before",
            self.Kind.GROUP: "people_from",
            self.Kind.VOUCHER: "code",
        }
        for kind, field in needed.items():
            if kind != self.kind:
                setattr(self, field, "" if field == "code" else None)
            elif not getattr(self, field):
                raise ValidationError({field: "This kind of discount needs it."})
        if self.kind != self.Kind.VOUCHER:
            self.times = None
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "The last day comes after the first."})

    def fits(self, run: CourseRun, *, count: int, code: str, now: datetime) -> bool:
        """Whether it counts for so many people on a date, booked at a moment with a code.

        Asks neither for `courses` nor for `times`: those are the service's queries.
        """
        today = timezone.localdate(now)
        if (self.first_day and today < self.first_day) or (self.last_day and today > self.last_day):
            return False
        match self.kind:
            case self.Kind.EARLY:
                return now <= run.start - timedelta(days=self.days_before or 0)
            case self.Kind.GROUP:
                return count >= self.group_size
            case _:
                return bool(self.code) and self.code == code.strip().upper()
