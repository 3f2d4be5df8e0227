from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from base.blocks import BodyBlock

from .images import CustomImage
from .page import BasePage


class PeopleIndexPage(BasePage):
    """Everyone who plans and delivers the courses, side by side."""

    template = "base/people_index_page.html"
    subpage_types = ["base.PersonPage"]
    max_count_per_parent = 1
    kind = "People"

    intro = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences. Shown under the title."
    )
    body = StreamField(
        BodyBlock(),
        blank=True,
        help_text="Shown below the people. Left empty, nothing is there.",
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "people page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `people`: the public pages of everyone, in the order staff gave them."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        people = PersonPage.objects.child_of(self).visible().order_by("path")
        context["people"] = people.prefetch_related("photo__renditions")
        return context


class PersonPage(BasePage):
    """A trainer or an expert by experience. Both are trainers: the page is the same for both."""

    class Expertise(models.TextChoices):
        """Where somebody's knowledge comes from. Neither outranks the other."""

        LEARNED = "learned", "Expert by training and work"
        LIVED = "lived", "Expert by experience"

    template = "base/person_page.html"
    parent_page_types = ["base.PeopleIndexPage"]
    subpage_types: list[str] = []
    kind = "Person"
    found_as = "People"
    joined = ["photo"]

    role = models.CharField(
        max_length=100, help_text="As they describe it: “Trainer and expert by experience”."
    )
    kind_of_expertise = models.CharField(
        max_length=10,
        choices=Expertise,
        default=Expertise.LEARNED,
        help_text="Stands with the name, in words. Both kinds are shown in the same size.",
    )
    pronouns = models.CharField(max_length=30, blank=True, help_text="Only if they wish.")
    photo = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown on their page and wherever they are named. Ask them first.",
    )
    intro = models.CharField(
        max_length=300, blank=True, help_text="Who they are, in their own words. Shown on cards."
    )
    body = StreamField(
        BodyBlock(), blank=True, help_text="What they want people to know. Only on their own page."
    )
    is_sample = models.BooleanField(
        "sample",
        default=False,
        help_text="Marks the person as invented for a demonstration, wherever they are shown.",
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("role"),
                FieldPanel("kind_of_expertise"),
                FieldPanel("pronouns"),
                FieldPanel("photo"),
                FieldPanel("is_sample"),
            ],
            heading="How they want to be named and seen",
        ),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("role"),
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    @property
    def listing_image(self) -> CustomImage | None:
        """The person's photograph."""
        return self.photo


def public_names(names: models.Manager) -> list[Any]:
    """Return the names of a byline or a course (`person`) whose page every visitor may read.

    In the order staff gave them; in one query, also for the unsaved names of a preview.
    """
    public = PersonPage.objects.visible().values_list("pk", flat=True)
    return list(names.filter(person_id__in=public).select_related("person__photo"))


def public_people(names: models.Manager) -> list[PersonPage]:
    """Return the people of a byline or a course whose page every visitor may read."""
    return [name.person for name in public_names(names)]
