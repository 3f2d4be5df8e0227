from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page


@register_setting(icon="mail")
class NewsletterSettings(BaseSiteSetting):
    """How people join the newsletter."""

    privacy_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Linked below the form, where people read what happens to their address.",
    )

    panels = [FieldPanel("privacy_page")]

    class Meta:
        verbose_name = "newsletter"

    def __str__(self) -> str:
        return "Newsletter"

    @property
    def live_privacy_page(self) -> Page | None:
        """The page on privacy, while it is published."""
        page = self.privacy_page
        return page if page and page.live else None
