from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.search import index

from base.text import one_line
from courses.blocks import DayBlock
from courses.querysets import CareCertificateStandardQuerySet

EDITION = 2025
EDITION_YEARS = [MinValueValidator(2015), MaxValueValidator(2099)]
# The matters of a venue's access guide, in the order in which somebody who comes meets them.
ACCESS = {
    "transport": "Public transport",
    "parking": "Parking",
    "step_free": "Step-free way in",
    "hearing_loop": "Hearing loop",
    "toilet": "Accessible toilet",
    "changing_places": "Changing Places toilet",
    "quiet_room": "Quiet room",
}
KNOWN = [(None, "Not known"), (True, "Yes"), (False, "No")]


class CareCertificateStandard(models.Model):
    """One of the standards that new care workers learn. Skills for Care revises the list."""

    edition = models.PositiveSmallIntegerField(
        default=EDITION,
        validators=EDITION_YEARS,
        help_text="The year of the list. A new list has a year of its own; the old one stays.",
    )
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    name = models.CharField(max_length=120)

    panels = [FieldPanel("edition"), FieldPanel("number"), FieldPanel("name")]

    objects = CareCertificateStandardQuerySet.as_manager()

    class Meta:
        ordering = ["-edition", "number"]
        verbose_name = "Care Certificate standard"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="courses_standard_once_an_edition",
                violation_error_message="This edition has a standard of that number already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name} ({self.edition})"


@dataclass(frozen=True)
class AccessMatter:
    """One matter of a venue's access guide: whether there is one, and what to know about it."""

    name: str
    label: str
    is_there: bool | None
    words: str

    @property
    def state(self) -> str:
        """ "Yes" or "No"; nothing where that is not known, or not the question."""
        return "" if self.is_there is None else ("Yes" if self.is_there else "No")

    @property
    def is_known(self) -> bool:
        """Whether there is anything to say about it."""
        return bool(self.state or self.words)

    @property
    def text(self) -> str:
        """The matter in one line of plain text: "Hearing loop: yes. A fixed one."."""
        state = f"{self.state.lower()}." if self.state else ""
        return f"{self.label}: {' '.join(filter(None, [state, self.words]))}"


def matter(name: str) -> models.BooleanField:
    """Return a field for whether a venue has something: yes, no, or not known."""
    return models.BooleanField(
        ACCESS[name],
        null=True,
        blank=True,
        choices=KNOWN,
        help_text="Leave it at “Not known” until somebody has looked.",
    )


def words(help_text: str) -> models.CharField:
    """Return a field for what to know about a matter of access."""
    return models.CharField("in words", max_length=250, blank=True, help_text=help_text)


class Audience(models.Model):
    """Somebody for whom courses are made: “New to care”, “Managers”."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=60,
        unique=True,
        help_text="Part of the address of the narrowed list. Changing it breaks links to it.",
    )

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Venue(index.Indexed, models.Model):
    """A place where courses happen, and what people need to know to get in."""

    name = models.CharField(max_length=100)
    address = models.TextField(help_text="As on an envelope, without the postcode.")
    postcode = models.CharField(max_length=10)
    town = models.CharField(
        max_length=50,
        blank=True,
        help_text="Shown after the name on dates and cards: “The Old Printworks, Bristol”.",
    )
    map_url = models.URLField(
        "map", blank=True, help_text="The address of a map. Visitors follow it as a plain link."
    )
    directions = models.TextField(blank=True, help_text="How to find it from the street.")

    transport_words = models.CharField(
        ACCESS["transport"],
        max_length=250,
        blank=True,
        help_text="The nearest stop and station: how far, and whether the way is step-free.",
    )
    parking = matter("parking")
    parking_words = words("Free or paid, Blue Badge bays, how far from the door.")
    step_free = matter("step_free")
    step_free_words = words("Which door; lifts with their size; anything heavy or narrow.")
    hearing_loop = matter("hearing_loop")
    hearing_loop_words = words("Fixed or portable, and in which room.")
    toilet = matter("toilet")
    toilet_words = words("How many, where, and the side of the transfer.")
    changing_places = matter("changing_places")
    changing_places_words = words("Where there is none: where the nearest one is.")
    quiet_room = matter("quiet_room")
    quiet_room_words = words("Where it is, and when it is free.")
    access = models.TextField(
        "anything else about access",
        blank=True,
        help_text="Light, noise, assistance dogs: what people ask about, one line for each.",
    )
    day = StreamField(
        DayBlock(),
        blank=True,
        verbose_name="what happens when people arrive",
        help_text="The door, the room, the quiet room, in order and with pictures. "
        "Shown with the venue on every course that happens there.",
    )

    panels = [
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("town")]),
                FieldPanel("map_url"),
                FieldPanel("directions"),
            ],
            heading="Where it is",
        ),
        MultiFieldPanel(
            [
                FieldPanel("transport_words", widget=AdminAutoHeightTextInput),
                *(
                    FieldRowPanel(
                        [
                            FieldPanel(name),
                            FieldPanel(f"{name}_words", widget=AdminAutoHeightTextInput),
                        ]
                    )
                    for name in [*ACCESS][1:]
                ),
                FieldPanel("access"),
            ],
            heading="Access guide",
            help_text="People decide by it whether they can come. Say what you have seen yourself; "
            "leave at “Not known” what nobody has checked: visitors are told to ask.",
        ),
        FieldPanel("day"),
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

    def clean(self) -> None:
        """Keep each matter of the access guide to one line, as mails and lists show it."""
        super().clean()
        for name in ACCESS:
            setattr(self, f"{name}_words", one_line(getattr(self, f"{name}_words")))

    @property
    def place_text(self) -> str:
        """The venue in a few words: "The Old Printworks, Bristol"."""
        return ", ".join(filter(None, [self.name, self.town]))

    @property
    def address_text(self) -> str:
        """Where it is, so that one finds it: in one line, with the postcode."""
        lines = [self.name, *self.address.splitlines(), self.postcode]
        return ", ".join(line.strip() for line in lines if line.strip())

    @property
    def map_host(self) -> str:
        """Whose map it is: "openstreetmap.org"."""
        return (urlsplit(self.map_url).hostname or "").removeprefix("www.")

    @property
    def access_guide(self) -> list[AccessMatter]:
        """What is known about getting there and in, in the order in which people meet it."""
        return [matter for matter in self._access_matters if matter.is_known]

    @property
    def access_unknown(self) -> list[str]:
        """What somebody has to ask about; nothing while there is no guide at all."""
        asked = [matter for matter in self._access_matters if matter.name != "transport"]
        return [matter.label for matter in asked if not matter.is_known and self.access_guide]

    @property
    def _access_matters(self) -> list[AccessMatter]:
        return [
            AccessMatter(
                name.replace("_", "-"),
                label,
                getattr(self, name, None),
                getattr(self, f"{name}_words"),
            )
            for name, label in ACCESS.items()
        ]
