from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from base.text import printable
from courses.querysets import CourseRunQuerySet
from courses.states import RunState, state_of

from .pages import CoursePage
from .reference import Venue

YEARS_AHEAD = 5
LONGEST_RUN_DAYS = 62
AT_LEAST_ONE_PLACE = "At least one place."
CLOSES_AFTER_IT_OPENS = "Booking opens before it closes, and before the date begins."
ENDS_AFTER_IT_BEGINS = "A date ends after it begins."


class CourseRun(models.Model):
    """A date: one scheduled run of a course, in a room or online.

    Not part of the course's page and its drafts: people book a date, so it must not change when
    somebody goes back to an older version of the text (docs/decisions/0003).
    """

    course = models.ForeignKey(
        CoursePage,
        on_delete=models.PROTECT,
        related_name="runs",
        help_text="The date shows on its page as soon as you save, if the course is published.",
    )
    start = models.DateTimeField(
        "begins", db_index=True, help_text="Day and time in London: 27/11/2026 09:30"
    )
    end = models.DateTimeField(
        "ends", help_text="When people can leave. Later on the same day, or on another day."
    )
    online = models.BooleanField(default=False, help_text="Live online instead of at a venue.")
    venue = models.ForeignKey(
        Venue,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
        help_text="Where people come to. For an online date, leave it empty and tick “Online”.",
    )
    capacity = models.SmallIntegerField(
        "places",
        default=12,
        validators=[MinValueValidator(1, AT_LEAST_ONE_PLACE), MaxValueValidator(500)],
        help_text="How many people can take part.",
    )
    note = models.CharField(
        max_length=150, blank=True, help_text="Shown with the date: “Lunch is included.”"
    )

    booking_opens_at = models.DateTimeField(
        "booking opens",
        null=True,
        blank=True,
        help_text="Until then the date is shown as “To be announced”. Left empty: at once.",
    )
    booking_closes_at = models.DateTimeField(
        "booking closes",
        null=True,
        blank=True,
        help_text="Nobody can book, change or cancel after it, unless you changed the time or the "
        "place since: then people may still change or cancel. Left empty: when the date begins.",
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How often people were told of a change; calendars keep the higher (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0, editable=False)

    panels = [
        FieldPanel("course"),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
        MultiFieldPanel([FieldPanel("venue"), FieldPanel("online")], heading="Where"),
        FieldPanel("capacity"),
        FieldRowPanel([FieldPanel("booking_opens_at"), FieldPanel("booking_closes_at")]),
        FieldPanel("note"),
    ]

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        ordering = ["start"]
        verbose_name = "date"
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="courses_run_ends_after_it_starts",
                violation_error_message=ENDS_AFTER_IT_BEGINS,
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="courses_run_has_places",
                violation_error_message=AT_LEAST_ONE_PLACE,
            ),
            models.CheckConstraint(
                condition=Q(online=True, venue__isnull=True) | Q(online=False, venue__isnull=False),
                name="courses_run_has_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.title}, {timezone.localtime(self.start):%-d %B %Y, %H:%M}"

    def clean(self) -> None:
        """Say beside the field what does not fit: times in the wrong order, no place or two."""
        super().clean()
        self.note = printable(self.note)
        errors = {}
        if self.start and self.end and self.end <= self.start:
            errors["end"] = ENDS_AFTER_IT_BEGINS
        elif self.start and self.end and (self.end - self.start).days > LONGEST_RUN_DAYS:
            errors["end"] = "Please check the day: it is more than two months after the beginning."
        if self.start and abs(self.start.year - timezone.now().year) > YEARS_AHEAD:
            errors["start"] = "Please check the year: it is more than five years away."
        if self.online and self.venue_id:
            errors["venue"] = "An online date has no venue. Take one of the two away."
        if not self.online and not self.venue_id:
            errors["venue"] = "Choose a venue, or tick “Online”."
        opens, closes = self.booking_opens_at, self.booking_closes_at
        if closes and self.end and closes > self.end:
            errors["booking_closes_at"] = "Booking closes before the date ends."
        if opens and opens >= (closes or self.start or opens):
            errors["booking_opens_at"] = CLOSES_AFTER_IT_OPENS
        if errors:
            raise ValidationError(errors)

    @property
    def title(self) -> str:
        """The course's title."""
        return self.course.title

    @property
    def url(self) -> str | None:
        """Where the date is described: its course's page."""
        return self.course.url

    @property
    def place_text(self) -> str:
        """Where it happens, in a few words."""
        return self.venue.place_text if self.venue else "Online"

    @property
    def when_text(self) -> str:
        """The day and the time, as on the clock in London."""
        start, end = timezone.localtime(self.start), timezone.localtime(self.end)
        until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %-d %B, %H:%M}"
        return f"{start:%a %-d %B %Y, %H:%M} to {until}"

    @property
    def address_text(self) -> str:
        """Where it happens, so that one finds it: in one line, with the postcode."""
        return self.venue.address_text if self.venue else "Online"

    @cached_property
    def taken(self) -> int:
        """How many places somebody has. `with_places()` fills it for a whole list."""
        return self.places.taken().count() if self.pk else 0

    @property
    def places_left(self) -> int:
        """How many places are left. A date made smaller than it was sold has none."""
        return max(self.capacity - self.taken, 0)

    @property
    def state(self) -> RunState:
        """What can be done with the date now."""
        return state_of(self, taken=self.taken, now=timezone.now())

    @property
    def places_text(self) -> str:
        """What there is to book, in words."""
        state = self.state
        match state:
            case RunState.TO_BE_ANNOUNCED:
                return f"Booking opens on {timezone.localtime(self.booking_opens_at):%-d %B %Y}"
            case RunState.OPEN | RunState.FEW_PLACES:
                only = "Only " if state == RunState.FEW_PLACES else ""
                return f"{only}{self.places_left} place{'' if self.places_left == 1 else 's'} left"
            case _:
                return str(state.label)
