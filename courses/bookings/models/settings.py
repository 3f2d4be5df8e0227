from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

from base.addresses import one_way


@register_setting(icon="form")
class BookingSettings(BaseSiteSetting):
    """How people book."""

    office = models.TextField(
        "e-mail addresses of the office",
        blank=True,
        help_text="One a line. They hear of each booking, change and cancellation.",
    )
    change_days = models.PositiveSmallIntegerField(
        "days to change or cancel",
        default=7,
        validators=[MaxValueValidator(90)],
        help_text="Until so many days before a date people move or give back places themselves.",
    )
    reminder_days = models.PositiveSmallIntegerField(
        "days before the reminder",
        default=3,
        validators=[MaxValueValidator(60)],
        help_text="So many days before a date everybody gets a mail with the place and the time.",
    )
    offer_hours = models.PositiveSmallIntegerField(
        "hours to take an offer",
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
        help_text="How long a free place is held for the next person on a waiting list.",
    )
    keep_needs_days = models.PositiveSmallIntegerField(
        "days to keep access and dietary needs",
        default=14,
        validators=[MaxValueValidator(365)],
        help_text="They are deleted by themselves so many days after a date.",
    )
    keep_years = models.PositiveSmallIntegerField(
        "years to keep who booked",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="So many years after a date the names and addresses of those who booked and came "
        "are deleted by themselves. Invoices have to be kept for six.",
    )
    terms_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What people agree to when they book: payment, cancellation.",
    )
    privacy_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Linked from the form, where people read what happens to what they write.",
    )

    panels = [
        FieldPanel("office"),
        MultiFieldPanel(
            [FieldPanel("change_days"), FieldPanel("reminder_days"), FieldPanel("offer_hours")],
            heading="Times",
        ),
        MultiFieldPanel(
            [
                FieldPanel("terms_page"),
                FieldPanel("privacy_page"),
                FieldPanel("keep_needs_days"),
                FieldPanel("keep_years"),
            ],
            heading="Terms and privacy",
        ),
    ]

    class Meta:
        verbose_name = "bookings"

    def __str__(self) -> str:
        return "Bookings"

    @property
    def office_list(self) -> list[str]:
        """The addresses of the office."""
        return self.office.replace(",", " ").split()

    @property
    def live_terms(self) -> Page | None:
        """What people agree to when they book; none while it is not published."""
        page = self.terms_page
        return page if page and page.live else None

    def clean(self) -> None:
        """Refuse what is no list of addresses."""
        super().clean()
        for address in self.office_list:
            try:
                one_way(address)
            except ValidationError as error:
                message = f"“{address}” is not an e-mail address."
                raise ValidationError({"office": message}) from error
