from datetime import datetime
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
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
from base.models import BasePage, BasePageManager, CustomImage, PersonPage, Topic, public_people

from .querysets import BlogPageQuerySet

POSTS_A_PAGE = 12


class BlogIndexPage(BasePage):
    """The latest news in health and social care, newest first."""

    subpage_types = ["blog.BlogPage"]
    max_count_per_parent = 1
    kind = "News"

    intro = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences. Shown under the title."
    )
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
    exclude_fields_in_copy = ["published_at"]

    published_at = models.DateTimeField(
        "published",
        null=True,  # until the post goes live
        blank=True,
        help_text=(
            "The date and time that readers see, and by which posts are sorted. "
            "Left empty, it is the moment when the post is first published."
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
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown above the text and on cards.",
    )
    image_is_decorative = models.BooleanField(
        "decorative",
        default=False,
        help_text="Tick when the picture adds nothing to the words: it is then not read aloud.",
    )
    topics = ParentalManyToManyField(
        Topic, blank=True, help_text="Visitors narrow the list down by them."
    )
    body = StreamField(
        BodyBlock(), help_text="The text, from blocks. The plus sign shows how each will look."
    )

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
        indexes = [models.Index(fields=["-published_at", "-page_ptr"], name="blog_newest_first")]

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Return the post as a revision has it, dated also where the draft was begun before."""
        post: Self = super().with_content_json(content)
        post.published_at = post.published_at or post.first_published_at
        return post

    def clean(self) -> None:
        """Refuse a date to come: it does not keep the post back, as a schedule does."""
        super().clean()
        latest = max(filter(None, [timezone.now(), self.go_live_at]))
        if self.published_at and self.published_at > latest:
            message = (
                "This time is still to come. To publish the post then, leave this empty "
                "and use “Set schedule”."
            )
            raise ValidationError({"published_at": message})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Date a post that goes live, unless staff have dated it or it still waits for its time."""
        now = timezone.now()
        is_waiting = self.go_live_at and self.go_live_at > now
        if self.live and not self.published_at and not is_waiting:
            self.published_at = self.first_published_at or now
        super().save(*args, **kwargs)

    @property
    def listing_summary(self) -> str:
        """The post's own introduction."""
        return self.intro

    @property
    def listing_date(self) -> datetime:
        """When the post was published; in the preview of a draft, now."""
        return self.published_at or timezone.now()

    @cached_property
    def author_pages(self) -> list[PersonPage]:
        """The authors whose page every visitor may read, in the order staff gave them."""
        return public_people(self.authors)


class BlogPageAuthor(Orderable):
    """One name of a post's byline."""

    page = ParentalKey(BlogPage, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="posts")

    panels = [FieldPanel("person")]

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "person"], name="blog_author_once_a_post")
        ]

    def __str__(self) -> str:
        return self.person.title
