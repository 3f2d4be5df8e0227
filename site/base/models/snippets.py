from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PreviewableMixin
from wagtail.search import index

from .images import CustomImage

EARLIEST_YEAR = 1900


class Tone(models.TextChoices):
    """The three arcs of the mark. A tone is never the only sign: a word stands beside it."""

    BRAVE = "brave", "Brave (coral)"
    MINDFUL = "mindful", "Mindful (sea green)"
    TRUSTWORTHY = "trustworthy", "Trustworthy (deep blue)"


class Topic(index.Indexed, models.Model):
    """What a post or a course is about."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=60,
        unique=True,
        help_text="Part of the address of the topic's pages. Changing it breaks links to them.",
    )
    description = models.CharField(
        max_length=250,
        blank=True,
        help_text="One sentence at the top of the topic's list. Left empty, there is none.",
    )
    tone = models.CharField(
        max_length=12,
        choices=Tone,
        default=Tone.TRUSTWORTHY,
        help_text="The arc by which people recognise the topic.",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("tone"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("description"),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TestimonialManager(models.Manager):
    """Fetches words together with the picture of whoever said them."""

    def get_queryset(self) -> models.QuerySet:
        """Join the picture and fetch its sizes."""
        found = super().get_queryset().select_related("image")
        return found.prefetch_related("image__renditions")


class Testimonial(PreviewableMixin, index.Indexed, models.Model):
    """What somebody said about a course, with who they are and when they said it."""

    quote = models.TextField(help_text="Their own words, without quotation marks.")
    name = models.CharField(max_length=100, help_text="As they want to be named.")
    role = models.CharField(
        max_length=100, blank=True, help_text="Shown after the name: “Support worker”."
    )
    organisation = models.CharField(
        max_length=100, blank=True, help_text="Shown last. Leave it out where they ask you to."
    )
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The year in which they said it."
    )
    image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown small beside their name. Ask them first.",
    )
    is_sample = models.BooleanField(
        "sample",
        default=False,
        help_text="Marks the person as invented for a demonstration, wherever the words are shown.",
    )

    panels = [
        FieldPanel("quote"),
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("role"),
                FieldPanel("organisation"),
                FieldPanel("year"),
                FieldPanel("image", help_text="Shown small beside the name. May be left empty."),
                FieldPanel("is_sample"),
            ],
            heading="Who said it",
        ),
    ]
    search_fields = [
        index.SearchField("quote"),
        index.SearchField("name"),
        index.AutocompleteField("name"),
    ]

    objects = TestimonialManager()

    class Meta:
        ordering = ["-year", "name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.quote[:50]}"

    def clean(self) -> None:
        """Refuse a year in which nobody can have said it."""
        super().clean()
        this_year = timezone.localdate().year
        if self.year is not None and not EARLIEST_YEAR <= self.year <= this_year:
            message = f"Write the year with four digits, from {EARLIEST_YEAR} to {this_year}."
            raise ValidationError({"year": message})

    def get_preview_template(self, request: object, mode_name: str) -> str:
        """Show the words as a page's testimonial block would."""
        return "base/preview/testimonial.html"


class CallToActionManager(models.Manager):
    """Fetches an invitation together with the page to which it leads."""

    def get_queryset(self) -> models.QuerySet:
        """Join the page."""
        return super().get_queryset().select_related("link_page")


class CallToAction(PreviewableMixin, index.Indexed, models.Model):
    """An invitation written once and shown on many pages."""

    title = models.CharField(max_length=80)
    text = models.CharField(
        max_length=250, blank=True, help_text="One sentence between the title and the button."
    )
    link_text = models.CharField(
        max_length=60, help_text="What will happen, as a verb: “See all dates”."
    )
    link_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=(
            "While it is unpublished, the invitation is not shown. "
            "If it is deleted, choose another page here."
        ),
    )
    link_url = models.URLField(
        "link address", blank=True, help_text="Only where the target is not a page of this site."
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        MultiFieldPanel(
            [FieldPanel("link_text"), FieldPanel("link_page"), FieldPanel("link_url")],
            heading="Where it leads",
        ),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    objects = CallToActionManager()

    class Meta:
        ordering = ["title"]
        verbose_name = "call to action"
        verbose_name_plural = "calls to action"

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """Where the invitation leads, or "" while its page is not public."""
        if self.link_page is None:
            return self.link_url
        return (self.link_page.url or "") if self.link_page.live else ""

    def clean(self) -> None:
        """Refuse an invitation that leads nowhere, or to two places."""
        super().clean()
        if bool(self.link_page_id) == bool(self.link_url):
            message = "Choose a page or write an address: one of the two."
            raise ValidationError({"link_page": message})

    def get_preview_template(self, request: object, mode_name: str) -> str:
        """Show the invitation as a page would."""
        return "base/preview/call_to_action.html"
