from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index

from base.blocks import BodyBlock
from base.models import BasePage, BasePageManager, CustomImage, PersonPage, Topic

from .querysets import BlogPageQuerySet

POSTS_A_PAGE = 12


class BlogIndexPage(BasePage):
    """The latest news in health and social care, newest first."""

    subpage_types = ["blog.BlogPage"]
    max_count_per_parent = 1
    kind = "News"

    intro = models.CharField(max_length=300, blank=True)
    about_heading = models.CharField(
        max_length=80, blank=True, help_text="Heads the panel beside the posts."
    )
    about_text = RichTextField(
        blank=True,
        features=["bold", "italic", "link"],
        help_text="What the news is about and who writes it. Left empty, there is no panel.",
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [FieldPanel("about_heading"), FieldPanel("about_text")], heading="About the news"
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = "news page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of `posts`, the `topics` that have any, and the `topic` asked for.

        `?topic=` takes a topic's slug and `?page=` a number from 1; anything else is a 404.
        """
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        posts = BlogPage.objects.child_of(self).published()
        topics = Topic.objects.filter(blogpage__in=posts).distinct()
        topic = None
        if slug := request.GET.get("topic"):
            topic = next((topic for topic in topics if topic.slug == slug), None)
            if topic is None:
                raise Http404
            posts = posts.about(topic)
        number = request.GET.get("page", "1")
        if not number.isdecimal():
            raise Http404
        try:
            page_of_posts = Paginator(posts.for_cards(), POSTS_A_PAGE).page(number)
        except InvalidPage as error:
            raise Http404 from error
        return context | {"posts": page_of_posts, "topics": topics, "topic": topic}


class BlogPage(BasePage):
    """One post."""

    parent_page_types = ["blog.BlogIndexPage"]
    subpage_types: list[str] = []
    kind = "News"
    card_template = "blog/card.html"
    joined = ["image"]

    published_at = models.DateTimeField(
        "published",
        default=timezone.now,
        help_text=(
            "The date and time that readers see, and by which posts are sorted. "
            "To publish later by itself, use “Set schedule”."
        ),
    )
    byline = models.CharField(
        max_length=100,
        blank=True,
        help_text="Names without a page of their own. Shown after the authors chosen above.",
    )
    intro = models.TextField(
        max_length=300, help_text="One or two sentences. Shown under the title and on cards."
    )
    image = models.ForeignKey(
        CustomImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_is_decorative = models.BooleanField(
        "decorative",
        default=False,
        help_text="Tick when the picture adds nothing to the words: it is then not read aloud.",
    )
    topics = ParentalManyToManyField(Topic, blank=True)
    body = StreamField(BodyBlock())

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("published_at"),
                InlinePanel("authors", label="author"),
                FieldPanel("byline"),
            ],
            heading="Who and when",
        ),
        MultiFieldPanel(
            [FieldPanel("image"), FieldPanel("image_is_decorative")], heading="Picture"
        ),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("byline"),
        index.SearchField("body"),
        index.RelatedFields("topics", [index.SearchField("name")]),
        index.FilterField("published_at"),
    ]

    objects = BasePageManager.from_queryset(BlogPageQuerySet)()

    class Meta:
        verbose_name = "post"

    @property
    def listing_summary(self) -> str:
        """The post's own introduction."""
        return self.intro

    @property
    def listing_date(self) -> datetime:
        """When the post was published."""
        return self.published_at

    @cached_property
    def author_pages(self) -> list[PersonPage]:
        """The authors who have a public page, in the order staff gave them."""
        authors = self.authors.select_related("person__photo")
        return [author.person for author in authors if author.person.live]


class BlogPageAuthor(Orderable):
    """One name of a post's byline."""

    page = ParentalKey(BlogPage, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="posts")

    panels = [FieldPanel("person")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "person"], name="blog_author_once_a_post")
        ]

    def __str__(self) -> str:
        return self.person.title
