import logging
from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from base.blocks import TestimonialBlock
from base.models import BasePage, CustomImage
from blog.models import BlogPage
from courses.models import CourseRun
from home.blocks import HomeBodyBlock, ValuesBlock

logger = logging.getLogger(__name__)

RUNS_SHOWN = 4
POSTS_SHOWN = 3


class HomePage(BasePage):
    """The site's front door."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.StandardPage",
        "home.ContactPage",
        "base.PeopleIndexPage",
        "blog.BlogIndexPage",
        "blog_newsletter.NewsletterIndexPage",
        "courses.CourseIndexPage",
    ]
    max_count_per_parent = 1
    invites_to_newsletter = True
    joined = ["hero_image", "primary_page", "secondary_page"]

    hero_title = models.CharField(
        max_length=80, help_text="The promise: what somebody gets here, in plain words."
    )
    hero_intro = models.TextField(
        max_length=300, blank=True, help_text="One or two sentences under the promise."
    )
    hero_image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown beside the promise, cut to an upright shape. Left empty, the arcs rise.",
    )
    primary_text = models.CharField(
        "main button", max_length=40, blank=True, help_text="A verb: “Find a course”."
    )
    primary_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where the main button leads. Without a published page, there is no button.",
    )
    secondary_text = models.CharField(
        "second button", max_length=40, blank=True, help_text="A verb: “Talk to us”."
    )
    secondary_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where the second button leads. Without a published page, there is no button.",
    )

    values_heading = models.CharField(
        max_length=80, blank=True, help_text="Stands above the values. Left empty, nothing does."
    )
    values = StreamField(
        ValuesBlock(),
        blank=True,
        max_num=3,
        help_text="The names, in this order, are the strapline at the top of every page.",
    )

    dates_heading = models.CharField(
        max_length=80, blank=True, default="Coming up", help_text="Heads the next course dates."
    )
    news_heading = models.CharField(
        max_length=80, blank=True, default="Latest news", help_text="Heads the newest posts."
    )
    testimonials = StreamField(
        [("testimonial", TestimonialBlock())],
        blank=True,
        help_text="Shown below the news, in this order. Two or three are enough.",
    )
    body = StreamField(HomeBodyBlock(), blank=True, help_text="Anything else, below all of this.")

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("hero_intro"),
                FieldPanel("hero_image"),
                FieldRowPanel([FieldPanel("primary_text"), PageChooserPanel("primary_page")]),
                FieldRowPanel([FieldPanel("secondary_text"), PageChooserPanel("secondary_page")]),
            ],
            heading="Opening",
        ),
        MultiFieldPanel([FieldPanel("values_heading"), FieldPanel("values")], heading="Values"),
        MultiFieldPanel(
            [FieldPanel("dates_heading"), FieldPanel("news_heading")],
            heading="What is new: dates and news come by themselves",
        ),
        FieldPanel("testimonials"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("hero_title"),
        index.SearchField("hero_intro"),
        index.SearchField("values"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "home page"

    @property
    def strapline(self) -> list[str]:
        """The names of the values, in order."""
        return [block.value["name"] for block in self.values]

    @property
    def listing_image(self) -> CustomImage | None:
        """The picture of the opening."""
        return self.hero_image

    @property
    def listing_summary(self) -> str:
        """The opening words."""
        return self.search_description or self.hero_intro

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the next course dates, the newest posts and what people said."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "upcoming_runs": CourseRun.objects.visible().upcoming().for_leaves()[:RUNS_SHOWN],
            "latest_posts": BlogPage.objects.published().for_cards()[:POSTS_SHOWN],
            # One that was deleted leaves an empty block behind.
            "testimonials": [block.value for block in self.testimonials if block.value],
        }


class StandardPage(BasePage):
    """A page of text: about us, privacy, terms."""

    subpage_types = ["home.StandardPage"]
    joined = ["image"]

    intro = models.TextField(
        max_length=300, blank=True, help_text="One or two sentences under the title."
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
        HomeBodyBlock(), blank=True, help_text="The text, from blocks, below the introduction."
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "text page"
