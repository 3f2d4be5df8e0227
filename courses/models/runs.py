from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from base.text import printable
from courses.querysets import CourseRunQuerySet

from .pages import CoursePage
from .reference import Venue

YEARS_AHEAD = 5
LONGEST_RUN_DAYS = 62


class CourseRun(models.Model):
    """A date: one scheduled run of a course, in a room or online.

    Not part of the course's page and its drafts: people book a date, so it must not change when
    somebody goes back to an older version of the text (docs/decisions/0003).
    """

    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="runs")
    start = models.DateTimeField(
        "begins", db_index=True, help_text="Day and time in London: 27/11/2026 09:30"
    )
    end = models.DateTimeField("ends")
    online = models.BooleanField(default=False, help_text="Live online instead of at a venue.")
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    capacity = models.PositiveSmallIntegerField(
        "places",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
        help_text="How many people can take part.",
    )
    note = models.CharField(
        max_length=150, blank=True, help_text="Shown with the date: “Lunch is included.”"
    )

    panels = [
        FieldPanel("course"),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
        MultiFieldPanel([FieldPanel("venue"), FieldPanel("online")], heading="Where"),
        FieldPanel("capacity"),
        FieldPanel("note"),
    ]

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        ordering = ["start"]
        verbose_name = "date"
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="courses_run_ends_after_it_starts"
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
            errors["end"] = "This is before the beginning. A date ends after it begins."
        elif self.start and self.end and (self.end - self.start).days > LONGEST_RUN_DAYS:
            errors["end"] = "Please check the day: it is more than two months after the beginning."
        if self.start and abs(self.start.year - timezone.now().year) > YEARS_AHEAD:
            errors["start"] = "Please check the year: it is more than five years away."
        if self.online and self.venue_id:
            errors["venue"] = "An online date has no venue. Take one of the two away."
        if not self.online and not self.venue_id:
            errors["venue"] = "Choose a venue, or tick “Online”."
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
        return self.venue.name if self.venue else "Online"

    @property
    def places_text(self) -> str:
        """How many people can take part, in words."""
        return "1 place" if self.capacity == 1 else f"{self.capacity} places"
