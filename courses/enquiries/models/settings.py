import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

from base.addresses import addresses_in, validate_addresses


def days_in(text: str) -> list[dt.date]:
    """Return the days of a list, one a line, written as 24/12/2026."""
    lines = filter(None, (line.strip() for line in text.splitlines()))
    return [dt.datetime.strptime(line, "%d/%m/%Y").date() for line in lines]  # noqa: DTZ007


def validate_days(text: str) -> None:
    """Refuse what is no list of days."""
    try:
        days_in(text)
    except ValueError as error:
        raise ValidationError("Please write one day a line: 24/12/2026") from error


@register_setting(icon="mail")
class EnquirySettings(BaseSiteSetting):
    """How in-house enquiries are dealt with."""

    office = models.TextField(
        "e-mail addresses of the office",
        blank=True,
        validators=[validate_addresses],
        help_text="One a line. They hear of each enquiry, and of those that nobody has answered.",
    )
    answer_days = models.PositiveSmallIntegerField(
        "working days to answer",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Promised to whoever asks. After them, who deals with it is reminded, once.",
    )
    closed_days = models.TextField(
        "days on which the office is closed",
        blank=True,
        validators=[validate_days],
        help_text="Beside weekends and England's bank holidays. One a line: 24/12/2026",
    )
    keep_months = models.PositiveSmallIntegerField(
        "months to keep",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="So many months after an enquiry was booked or closed it is deleted by itself, "
        "for good.",
    )
    in_house_from = models.PositiveSmallIntegerField(
        "people from which in-house is suggested",
        default=6,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text="The team planner suggests a day of one's own for so many people on one course.",
    )
    privacy_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Linked below the form, where people read what happens to what they write.",
    )

    panels = [
        FieldPanel("office"),
        MultiFieldPanel(
            [FieldPanel("answer_days"), FieldPanel("closed_days")], heading="Answering"
        ),
        FieldPanel("in_house_from"),
        MultiFieldPanel([FieldPanel("privacy_page"), FieldPanel("keep_months")], heading="Privacy"),
    ]

    class Meta:
        verbose_name = "enquiries"

    def __str__(self) -> str:
        return "Enquiries"

    @property
    def office_list(self) -> list[str]:
        """The addresses of the office."""
        return addresses_in(self.office)

    @property
    def closed_list(self) -> list[dt.date]:
        """The further days on which the office is closed."""
        return days_in(self.closed_days)
