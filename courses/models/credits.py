from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from courses.querysets import CreditQuerySet

from .pages import CoursePage

DAYS_SHOWN = 365
LONGEST_DAYS = 3 * 365
ENDS_AFTER_CONSENT = "A credit ends after the day of the consent."


def in_a_year() -> dt.date:
    """Return the last day on which a credit shows, unless somebody chooses another."""
    return timezone.localdate() + dt.timedelta(days=DAYS_SHOWN)


class CreditForm(WagtailAdminModelForm):
    """Notes who recorded the consent: whoever wrote its words, or changed them."""

    CONSENT = frozenset({"name", "consented_on", "consent_words"})

    def save(self, commit: bool = True) -> Credit:
        """Save the credit with the member of staff."""
        if self.CONSENT & set(self.changed_data):
            self.instance.recorded_by = self.for_user
        credit: Credit = super().save(commit)
        return credit


class RecordedByPanel(FieldPanel):
    """Shows who recorded the consent; nobody can write somebody else's name there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"field_name": "recorded_by", "read_only": True} | kwargs)

    def format_value_for_display(self, value: Any) -> str:
        """Say whose name it will be while there is none."""
        return str(value or "You, once you save")


class Credit(models.Model):
    """Somebody who helped to write a course or to deliver it, by the name they choose.

    Not part of the course's page and its versions (as dates are not, docs/decisions/0003): a
    consent that was taken back must not return with an older version of the text.
    """

    class Part(models.TextChoices):
        """What somebody did."""

        WROTE = "wrote", "Co-wrote this course"
        DELIVERS = "delivers", "Co-delivers it"
        BOTH = "both", "Co-wrote and co-delivers it"

    base_form_class = CreditForm

    course = models.ForeignKey(
        CoursePage,
        on_delete=models.CASCADE,
        related_name="credits",
        help_text="The credit shows on its page as soon as you save, if the course is published.",
    )
    name = models.CharField(
        max_length=100,
        help_text="As they choose to be named: a full name, a first name, “J. from Leeds”.",
    )
    about = models.CharField(
        "how they describe themselves",
        max_length=150,
        blank=True,
        help_text="In their own words, shown after the name. Left empty, nothing is.",
    )
    part = models.CharField(
        "what they did",
        max_length=8,
        choices=Part,
        default=Part.BOTH,
        help_text="Stands below the name on the course page.",
    )
    is_sample = models.BooleanField(
        "sample",
        default=False,
        help_text="Marks the person as invented for a demonstration.",
    )

    consented_on = models.DateField(
        "agreed on", help_text="The day on which they said yes to being named here."
    )
    consent_words = models.TextField(
        "how they agreed",
        help_text="What you asked, what they answered, and in which way: “By e-mail: may we name "
        "you as Jo? Answer: yes, until summer.” Never shown to visitors.",
    )
    shown_until = models.DateField(
        "shown until",
        default=in_a_year,
        help_text="The last day. After it the credit disappears by itself; ask again before.",
    )
    withdrawn_on = models.DateField(
        "taken back on",
        null=True,
        blank=True,
        help_text="The day on which they took their consent back. Any day here hides the credit.",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="recorded by",
    )

    panels = [
        FieldPanel("course"),
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("about"),
                FieldPanel("part"),
                FieldPanel("is_sample"),
            ],
            heading="How they want to be named",
        ),
        MultiFieldPanel(
            [
                FieldPanel("consented_on"),
                FieldPanel("consent_words"),
                FieldRowPanel([FieldPanel("shown_until"), FieldPanel("withdrawn_on")]),
                RecordedByPanel(),
            ],
            heading="Their consent",
            help_text="Without it nobody is named. Your name is noted beside what you record.",
        ),
    ]

    objects = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(consent_words=""), name="courses_credit_has_consent"
            ),
            models.CheckConstraint(
                condition=Q(shown_until__gte=F("consented_on")),
                name="courses_credit_ends_after_consent",
                violation_error_message=ENDS_AFTER_CONSENT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.course.title}"

    def clean(self) -> None:
        """Say beside the field what no consent can be."""
        super().clean()
        errors: dict[str, Any] = {}
        today = timezone.localdate()
        if self.consented_on and self.consented_on > today:
            errors["consented_on"] = "This day is still to come. Record a consent once it is given."
        elif self.consented_on and self.shown_until:
            if self.shown_until < self.consented_on:
                errors["shown_until"] = ENDS_AFTER_CONSENT
            elif self.shown_until > today + dt.timedelta(days=LONGEST_DAYS):
                errors["shown_until"] = "At most three years ahead. Then ask them again."
        if errors:
            raise ValidationError(errors)

    @property
    def is_shown(self) -> bool:
        """Whether visitors read it today, if the course is published."""
        today = timezone.localdate()
        return self.withdrawn_on is None and self.consented_on <= today <= self.shown_until

    @property
    def ends_at(self) -> dt.datetime:
        """The moment from which it does not show any more."""
        day_after = self.shown_until + dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(day_after, dt.time.min))

    @property
    def state(self) -> str:
        """Whether visitors read it, for staff."""
        if self.withdrawn_on:
            return "Taken back"
        return f"Shown until {self.shown_until:%-d %B %Y}" if self.is_shown else "Ended"
