from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from base.blocks import BodyBlock
from base.models import (
    BasePage,
    BasePageManager,
    CustomImage,
    OrganisationSettings,
    PersonPage,
    Topic,
    public_people,
)
from base.querysets import BasePageQuerySet
from courses.blocks import DayBlock, OutcomesBlock, ProgrammeBlock, moments_of
from courses.querysets import (
    MOST_ALIKE_FIRST,
    CoursePageQuerySet,
    dates_for_cards,
    next_start,
    shared_with,
)
from courses.structured_data import course_data

from .reference import Audience, CareCertificateStandard, Venue

if TYPE_CHECKING:
    from .credits import Credit
    from .programmes import Around
    from .runs import CourseRun

RELATED = 3
MINUTES_AN_HOUR = 60
# Addresses below the catalogue that the site uses itself: a course there would never be found.
TAKEN_SLUGS = {"bookings", "calendar", "enquiries", "planner", "programme", "topics"}


def length_text(minutes: int) -> str:
    """Return a length in words: "6 hours", "1 hour 30 minutes"; nothing for none."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    parts = [(hours, "hour"), (rest, "minute")]
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)


class CataloguePage(BasePage):
    """A page below the catalogue, at an address that the catalogue does not use itself."""

    parent_page_types = ["courses.CourseIndexPage"]
    subpage_types: list[str] = []
    found_as = "Courses"

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an address that leads elsewhere."""
        super().clean()
        if self.slug in TAKEN_SLUGS:
            message = "The catalogue uses this address itself. Please choose another one."
            raise ValidationError({"slug": message})


class CoursePage(CataloguePage):
    """One course: everything that people ask before they book."""

    class Level(models.TextChoices):
        """How much somebody should know before."""

        INTRODUCTORY = "introductory", "Introductory"
        INTERMEDIATE = "intermediate", "Intermediate"
        ADVANCED = "advanced", "Advanced"

    class Vat(models.TextChoices):
        """How value added tax stands to the price."""

        ADDED = "added", "VAT is added"
        INCLUDED = "included", "VAT is included"
        EXEMPT = "exempt", "exempt from VAT"

    kind = "Course"
    draws_social_picture = True
    card_template = "courses/card.html"
    joined = ["image"]

    summary = models.TextField(
        max_length=300, help_text="One or two sentences. Shown under the title and on cards."
    )
    image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown beside the title and on cards. Left empty, the arcs stand there.",
    )
    topics = ParentalManyToManyField(
        Topic, blank=True, help_text="Visitors narrow the list down by them."
    )

    audience = RichTextField(
        "who it is for",
        blank=True,
        features=["bold", "italic", "ul", "link"],
        help_text="The jobs and the lives of those who gain from it. Helps people to choose.",
    )
    audiences = ParentalManyToManyField(
        Audience, blank=True, help_text="Visitors narrow the list of courses down by them."
    )
    outcomes = StreamField(
        OutcomesBlock(),
        blank=True,
        verbose_name="what you will be able to do afterwards",
        help_text="Shown as a list with ticks. Four to six lines are read; twelve are not.",
    )
    programme = StreamField(
        ProgrammeBlock(),
        blank=True,
        verbose_name="programme of the day",
        help_text="Shown as a timetable, in this order. Breaks belong in it.",
    )
    day = StreamField(
        DayBlock(),
        blank=True,
        verbose_name="what happens on the day",
        help_text="Arrival, breaks, a quiet space: what is the same wherever the course happens. "
        "What is different at a venue belongs to the venue, and is shown with it.",
    )
    prerequisites = models.TextField(
        blank=True, help_text="What somebody needs to know or have done before."
    )
    what_to_bring = models.TextField(
        blank=True,
        help_text="Clothes, papers, a packed lunch: what people would ask the day before.",
    )

    duration_minutes = models.PositiveIntegerField(
        "length in minutes",
        null=True,  # in a draft; `blank` stays False, so publication asks for it
        validators=[MinValueValidator(15), MaxValueValidator(60_000)],
        help_text="Teaching time without breaks: six hours are 360.",
    )
    in_person = models.BooleanField("in person", default=True, help_text="In a room, at a venue.")
    online = models.BooleanField(default=False, help_text="Live, with a trainer.")
    in_house = models.BooleanField(
        "in-house", default=False, help_text="For one organisation, at its own place."
    )
    level = models.CharField(
        max_length=12,
        choices=Level,
        default=Level.INTRODUCTORY,
        help_text="Introductory asks for no knowledge; for the others, say below what is needed.",
    )
    cpd_hours = models.DecimalField(
        "CPD hours",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0"))],
        help_text="Hours that people may count towards their professional development.",
    )
    care_certificate_standards = ParentalManyToManyField(
        CareCertificateStandard,
        blank=True,
        verbose_name="Care Certificate standards",
        help_text="The standards that the course helps to meet, listed on its page.",
    )

    price = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0"))],
        help_text="Pounds for one person. 0 is shown as “Free”; left empty, as “Ask us”.",
    )
    vat = models.CharField(
        "VAT",
        max_length=8,
        choices=Vat,
        default=Vat.ADDED,
        help_text="Stands in words beside the price: “£145 plus VAT”.",
    )
    price_note = models.CharField(
        max_length=150, blank=True, help_text="For example: “Family carers pay half.”"
    )

    body = StreamField(
        BodyBlock(), blank=True, help_text="Anything else: questions and answers, downloads."
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        FieldPanel("image"),
        HelpPanel(template="courses/admin/dates_panel.html", heading="Dates"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("cpd_hours")]),
                FieldPanel("level"),
                FieldRowPanel(
                    [FieldPanel("in_person"), FieldPanel("online"), FieldPanel("in_house")]
                ),
                FieldRowPanel([FieldPanel("price"), FieldPanel("vat")]),
                FieldPanel("price_note"),
            ],
            heading="Length, level, delivery and price",
        ),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("outcomes"),
                FieldPanel("prerequisites"),
                FieldPanel("what_to_bring"),
            ],
            heading="Who it is for and what they gain",
        ),
        FieldPanel("programme"),
        FieldPanel("day"),
        InlinePanel("trainers", heading="Trainers", label="trainer"),
        HelpPanel(template="courses/admin/credits_panel.html", heading="Co-production credits"),
        MultiFieldPanel(
            [
                FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                FieldPanel("audiences", widget=forms.CheckboxSelectMultiple),
                FieldPanel("care_certificate_standards", widget=forms.CheckboxSelectMultiple),
            ],
            heading="Topics, audiences and standards",
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("audience"),
        index.SearchField("outcomes"),
        index.SearchField("programme"),
        index.SearchField("day"),
        index.SearchField("prerequisites"),
        index.SearchField("body"),
        index.RelatedFields("topics", [index.SearchField("name")]),
        index.RelatedFields("care_certificate_standards", [index.SearchField("name")]),
    ]

    objects = BasePageManager.from_queryset(CoursePageQuerySet)()

    class Meta:
        verbose_name = "course"
        constraints = [
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0),
                name="courses_price_not_negative",
                violation_error_message="A price cannot be below zero.",
            ),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the dates (`runs`), what happens on the day (`moments`), and where (`places`)."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        moments, *at_venues = moments_of([self.day, *(venue.day for venue in self.venues)])
        return context | {
            "runs": self.runs_shown,
            "upcoming_runs": self.upcoming_runs,
            "moments": moments,
            "places": list(zip(self.venues, at_venues, strict=True)),
            "structured_data": course_data(self, OrganisationSettings.for_request(request)),
        }

    @classmethod
    def prepare_rows(cls, pages: Sequence[BasePage]) -> None:
        """Fetch the next dates with their places."""
        prefetch_related_objects(pages, dates_for_cards())

    @property
    def row_facts(self) -> dict[str, Any]:
        """What people ask first: how long, how much, and when next."""
        return {"length": self.length_text, "cost": self.price_text, "run": self.next_run}

    @property
    def listing_line(self) -> str:
        """Its next date with the place, the price and what is left."""
        run = self.next_run
        when = f"{run.when_text}, {run.place_text}" if run else "Dates to come"
        places = run.places_text if run else ""
        return ". ".join(filter(None, [when, self.price_text, places]))

    @property
    def listing_summary(self) -> str:
        """The course's own summary."""
        return self.summary

    @cached_property
    def upcoming_runs(self) -> list[CourseRun]:
        """Dates that people can come to, soonest first. `for_cards()` fills it for a whole list."""
        return [run for run in self.runs_to_come if run.cancelled_at is None]

    @cached_property
    def runs_to_come(self) -> list[CourseRun]:
        """The same dates and those that were cancelled, which search engines ask to be told."""
        now = timezone.now()
        return [run for run in self.runs_shown if run.start > now]

    @cached_property
    def runs_shown(self) -> list[CourseRun]:
        """The same dates and those that are in progress: all that the page shows."""
        return list(self.runs.shown().for_leaves()) if self.pk else []

    @property
    def next_run(self) -> CourseRun | None:
        """The soonest date to come."""
        return next(iter(self.upcoming_runs), None)

    @property
    def venues(self) -> list[Venue]:
        """Where the dates to come happen, each place once, the next one first."""
        return list(dict.fromkeys(run.venue for run in self.upcoming_runs if run.venue))

    @cached_property
    def trainer_pages(self) -> list[PersonPage]:
        """The trainers whose page every visitor may read, in the order staff gave them."""
        return public_people(self.trainers)

    @cached_property
    def credit_list(self) -> list[Credit]:
        """Who helped to make the course and agrees, today, to be named."""
        return list(self.credits.shown()) if self.pk else []

    @cached_property
    def topic_list(self) -> list[Topic]:
        """The topics, asked for once."""
        return list(self.topics.all())

    @cached_property
    def standard_list(self) -> list[CareCertificateStandard]:
        """The standards of the Care Certificate, asked for once."""
        return list(self.care_certificate_standards.all())

    @cached_property
    def around(self) -> Around:
        """Courses that share most with this one, programmes that lead through it, the map."""
        from .programmes import around

        related = CoursePage.objects.visible().like(self).values("pk")[:RELATED]
        leads_here = Q(programmepage__steps__course=self.pk or 0)
        pages = BasePageQuerySet(Page).annotate(shared=shared_with(self), next_start=next_start())
        return around(
            pages.filter(
                Q(pk__in=related) | leads_here | Q(carecertificatepage__isnull=False)
            ).order_by(*MOST_ALIKE_FIRST)
        )

    @property
    def changes_at(self) -> datetime | None:
        """When the page will next show something else by itself; whatever keeps a copy asks."""
        moments: list[datetime | None] = [credit.ends_at for credit in self.credit_list]
        for run in self.runs_shown:
            moments += [run.start, run.end]
        for run in self.upcoming_runs:
            moments += [run.booking_opens_at, run.booking_closes_at]
        moments += [course.next_start for course in self.around.courses]
        to_come = [moment for moment in moments if moment and moment > timezone.now()]
        return min(to_come, default=None)

    @property
    def length_text(self) -> str:
        """The teaching time in words; nothing in a new draft."""
        return length_text(self.duration_minutes or 0)

    @property
    def delivery_text(self) -> str:
        """The ways in which the course is given: "In person, online or in-house"."""
        ways = {"in person": self.in_person, "online": self.online, "in-house": self.in_house}
        chosen = [way for way, is_offered in ways.items() if is_offered]
        words = " or ".join([", ".join(chosen[:-1]), chosen[-1]] if len(chosen) > 1 else chosen)
        return words[:1].upper() + words[1:]

    @property
    def price_text(self) -> str:
        """The price for one person as it is said: "£145 plus VAT", "Free", "Ask us"."""
        if self.price is None:
            return "Ask us"
        if not self.price:
            return "Free"
        pounds = f"£{self.price:,.2f}".removesuffix(".00")
        match self.vat:
            case self.Vat.ADDED:
                return f"{pounds} plus VAT"
            case self.Vat.INCLUDED:
                return f"{pounds} including VAT"
            case _:
                return f"{pounds}, no VAT"


class CourseTrainer(Orderable):
    """One of the people who deliver a course."""

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="trainers")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="courses")

    panels = [FieldPanel("person")]

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "person"], name="courses_trainer_once_a_course")
        ]

    def __str__(self) -> str:
        return self.person.title
