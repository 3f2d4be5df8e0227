from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index

from base.blocks import BodyBlock
from base.models import BasePage, CustomImage
from base.models.page import as_their_types
from base.querysets import BasePageQuerySet
from courses.querysets import LONG_TEXTS

from .pages import CataloguePage, CoursePage, length_text
from .reference import EDITION, EDITION_YEARS, CareCertificateStandard


class ProgrammePage(CataloguePage):
    """A learning pathway: several courses in an order that makes sense."""

    kind = "Programme"
    joined = ["image"]

    intro = models.CharField(
        max_length=300,
        help_text="One or two sentences: who it is for, and what they can do at its end.",
    )
    image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown beside the title and on cards. Left empty, the arcs stand there.",
    )
    body = StreamField(
        BodyBlock(), blank=True, help_text="Shown below the courses. Left empty, nothing is there."
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        InlinePanel("steps", heading="Its courses, in order", label="course"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.RelatedFields("steps", [index.SearchField("why")]),
    ]

    class Meta:
        verbose_name = "programme of courses"

    @cached_property
    def step_list(self) -> list[ProgrammeStep]:
        """Its courses that every visitor may read, in order, with what their cards show."""
        steps = list(self.steps.all())
        public = CoursePage.objects.visible().for_cards()
        courses = public.in_bulk([step.course_id for step in steps])
        steps = [step for step in steps if step.course_id in courses]
        for step in steps:
            step.course = courses[step.course_id]
        return steps

    @property
    def courses(self) -> list[CoursePage]:
        """The same courses, without the reasons."""
        return [step.course for step in self.step_list]

    @property
    def length_text(self) -> str:
        """The teaching time of all courses together, in words."""
        return length_text(sum(course.duration_minutes or 0 for course in self.courses))

    @property
    def cpd_hours(self) -> Decimal:
        """The CPD hours of all courses together."""
        return sum((course.cpd_hours or Decimal() for course in self.courses), Decimal())


class ProgrammeStep(Orderable):
    """One course of a programme, and why it stands there."""

    page = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="steps")
    course = models.ForeignKey(
        CoursePage,
        on_delete=models.CASCADE,
        related_name="programme_steps",
        help_text="While it is unpublished, visitors do not see it here.",
    )
    why = models.CharField(
        max_length=200, help_text="One line: what this course adds, and why now."
    )

    panels = [FieldPanel("course"), FieldPanel("why")]

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "course"], name="courses_once_a_programme")
        ]

    def __str__(self) -> str:
        return self.course.title


class CareCertificatePage(CataloguePage):
    """Which courses help with which standard of the Care Certificate, and which have none."""

    max_count_per_parent = 1
    kind = "Courses"

    intro = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences. Shown under the title."
    )
    edition = models.PositiveSmallIntegerField(
        default=EDITION,
        validators=EDITION_YEARS,
        help_text="The year of the list of standards. Settings → Care Certificate holds the lists.",
    )
    gaps = RichTextField(
        "about standards without a course",
        blank=True,
        features=["bold", "italic", "link"],
        help_text="What people can do about them. Shown only while there are such standards.",
    )
    body = StreamField(
        BodyBlock(), blank=True, help_text="Shown below the list. Left empty, nothing is there."
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("edition"),
        FieldPanel("gaps"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "map of standards"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the `standards` of the edition with their `courses`, and those `without` any."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        public = CoursePage.objects.visible().with_next_start().defer(*LONG_TEXTS)
        courses = models.Prefetch("coursepage_set", public.order_by("title"), to_attr="courses")
        standards = CareCertificateStandard.objects.filter(edition=self.edition)
        found = list(standards.prefetch_related(courses))
        without = [standard for standard in found if not standard.courses]
        return context | {"standards": found, "without": without}


class Around(NamedTuple):
    """Where somebody who reads about a course may go next."""

    courses: list[CoursePage]
    programmes: list[ProgrammePage]
    standards_map: CareCertificatePage | None


def around(pages: BasePageQuerySet) -> Around:
    """Return those of the pages that are public, by their type, in one query."""
    types = (CoursePage, ProgrammePage, CareCertificatePage)
    public = pages.visible().defer(*(f"coursepage__{name}" for name in LONG_TEXTS))
    found = list(as_their_types(public, types))
    courses, programmes, maps = ([page for page in found if type(page) is kind] for kind in types)
    return Around(courses, programmes, next(iter(maps), None))
