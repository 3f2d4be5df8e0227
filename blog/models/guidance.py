from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField

from base.models import BasePage
from base.text import in_words

NATIONS = {
    "in_england": "England",
    "in_scotland": "Scotland",
    "in_wales": "Wales",
    "in_northern_ireland": "Northern Ireland",
}


class GuidanceForm(WagtailAdminPageForm):
    """Tells the post whether it is kept as a draft, which may still lack its trust label."""

    def clean(self) -> dict[str, Any]:
        """Pass on what only the form knows."""
        cleaned: dict[str, Any] = super().clean()
        self.instance.is_draft = self.is_deferred_validation
        return cleaned


class GuidanceMixin(BasePage):
    """The trust label of news about guidance or law: whose words, for which nation, as of when."""

    is_draft = False

    is_guidance = models.BooleanField(
        "about guidance or law",
        default=False,
        help_text=(
            "Tick for news about rules, law or official guidance. The post then carries a label "
            "that says where it comes from, and asks for it before it is published."
        ),
    )
    guidance_source = models.CharField(
        "source",
        max_length=150,
        blank=True,
        help_text="Who published it, and its title: “Care Quality Commission, Regulation 18”.",
    )
    guidance_url = models.URLField(
        "address of the source", blank=True, help_text="Where readers find it in full."
    )
    in_england = models.BooleanField("England", default=False, help_text="It applies in England.")
    in_scotland = models.BooleanField(
        "Scotland", default=False, help_text="It applies in Scotland."
    )
    in_wales = models.BooleanField("Wales", default=False, help_text="It applies in Wales.")
    in_northern_ireland = models.BooleanField(
        "Northern Ireland", default=False, help_text="It applies in Northern Ireland."
    )
    checked_on = models.DateField(
        "last checked",
        null=True,
        blank=True,
        help_text="The day on which somebody last read the source and found the post right.",
    )
    meaning = RichTextField(
        "what this means for you",
        blank=True,
        features=["bold", "italic", "ul", "link"],
        help_text="What readers should do or know, in two or three plain sentences.",
    )
    guidance_panels = [
        MultiFieldPanel(
            [
                FieldPanel("is_guidance"),
                FieldPanel("guidance_source"),
                FieldPanel("guidance_url"),
                FieldRowPanel([FieldPanel(name) for name in NATIONS], heading="Where it applies"),
                FieldPanel("checked_on"),
                FieldPanel("meaning"),
                PageChooserPanel("superseded_by", page_type="blog.BlogPage"),
            ],
            heading="Trust label",
        ),
    ]

    class Meta(BasePage.Meta):
        abstract = True

    def clean(self) -> None:
        """Ask for the whole label before publication, and for nothing that cannot be."""
        super().clean()
        errors = {} if self.is_draft or not self.is_guidance else self._missing()
        if self.checked_on and self.checked_on > timezone.localdate():
            errors["checked_on"] = "This day is still to come."
        if errors:
            raise ValidationError(errors)

    def _missing(self) -> dict[str, str]:
        missing = {}
        if not self.guidance_source:
            missing["guidance_source"] = "Say who published the guidance."
        if not self.guidance_url:
            missing["guidance_url"] = "Give the address where readers find it."
        if not self.nations:
            missing["in_england"] = "Tick at least one nation."
        if not self.checked_on:
            missing["checked_on"] = "Say when somebody last checked it."
        if not strip_tags(self.meaning).strip():
            missing["meaning"] = "Say what it means for readers."
        return missing

    @property
    def nations(self) -> list[str]:
        """The nations of the United Kingdom in which the guidance applies."""
        return [nation for field, nation in NATIONS.items() if getattr(self, field)]

    @property
    def nations_text(self) -> str:
        """The same in words: “England and Wales”."""
        if len(self.nations) == len(NATIONS):
            return "All of the United Kingdom"
        return in_words(self.nations)
