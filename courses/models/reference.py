from urllib.parse import urlsplit

from django.core.validators import MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index


class CareCertificateStandard(models.Model):
    """One of the standards that new care workers learn. Skills for Care revises the list."""

    number = models.PositiveSmallIntegerField(unique=True, validators=[MinValueValidator(1)])
    name = models.CharField(max_length=120)

    panels = [FieldPanel("number"), FieldPanel("name")]

    class Meta:
        ordering = ["number"]
        verbose_name = "Care Certificate standard"

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Venue(index.Indexed, models.Model):
    """A place where courses happen."""

    name = models.CharField(max_length=100)
    address = models.TextField(help_text="As on an envelope, without the postcode.")
    postcode = models.CharField(max_length=10)
    town = models.CharField(
        max_length=50,
        blank=True,
        help_text="Shown after the name on dates and cards: “The Old Printworks, Bristol”.",
    )
    directions = models.TextField(blank=True, help_text="By bus, by train, by car; where to park.")
    access = models.TextField(
        blank=True,
        help_text="Step-free ways, toilets, hearing loop, quiet room: what people ask about.",
    )
    map_url = models.URLField(
        "map", blank=True, help_text="The address of a map. Visitors follow it as a plain link."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("postcode"),
        FieldPanel("town"),
        FieldPanel("directions"),
        FieldPanel("access"),
        FieldPanel("map_url"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("address"),
        index.SearchField("postcode"),
        index.SearchField("town"),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def place_text(self) -> str:
        """The venue in a few words: "The Old Printworks, Bristol"."""
        return ", ".join(filter(None, [self.name, self.town]))

    @property
    def map_host(self) -> str:
        """Whose map it is: "openstreetmap.org"."""
        return (urlsplit(self.map_url).hostname or "").removeprefix("www.")
