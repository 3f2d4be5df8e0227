from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page


@register_setting(icon="mail")
class NewsletterSettings(BaseSiteSetting):
    """How people join the newsletter, and what is counted."""

    privacy_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Linked below the form, where people read what happens to their address.",
    )

    counts_clicks = models.BooleanField(
        "count presses of links",
        default=False,
        help_text="The report on an issue then says how often each of its links was pressed, never "
        "by whom. The links lead over this site. It holds for issues that are sent from now on.",
    )

    panels = [FieldPanel("privacy_page"), FieldPanel("counts_clicks")]

    class Meta:
        verbose_name = "newsletter"

    def __str__(self) -> str:
        return "Newsletter"

    @property
    def live_privacy_page(self) -> Page | None:
        """The page on privacy, while it is published."""
        page = self.privacy_page
        return page if page and page.live else None
