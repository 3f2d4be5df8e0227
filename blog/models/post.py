from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from base.blocks import BodyBlock, HeadingValue, name_headings, walk
from base.models import (
    BasePage,
    BasePageManager,
    CustomImage,
    OrganisationSettings,
    PersonPage,
    Topic,
    public_names,
)
from base.querysets import is_private
from base.text import in_words
from blog.querysets import BlogPageQuerySet
from blog.sharing import citation, names, share_links, structured_data

from .guidance import GuidanceForm, GuidanceMixin

WORDS_A_MINUTE = 200  # unhurried; adults read about 240 (Brysbaert 2019)
HEADINGS_FOR_CONTENTS = 3
RELATED = 3
SETTLING = timedelta(hours=1)  # what is corrected so soon is no news to readers
AGE = attrgetter("age")
# The news page's own addresses: a post there would never be found.
TAKEN_SLUGS = {"authors", "comments", "feed", "rss", "topics"}
YEAR = re.compile("[0-9]{4}")
AND = " and "  # between the names of a byline


class BlogPage(GuidanceMixin):
    """One post."""

    parent_page_types = ["blog.BlogIndexPage"]
    subpage_types: list[str] = []
    kind = found_as = "News"
    ages = True
    draws_social_picture = True
    invites_to_newsletter = True
    card_template = "blog/card.html"
    joined = ["image"]
    exclude_fields_in_copy = ["published_at"]
    base_form_class = GuidanceForm

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
    superseded_by = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=(
            "A newer post that replaces this one. This one then says so at its top, in lists "
            "and in search."
        ),
    )
    topics = ParentalManyToManyField(
        Topic, blank=True, help_text="Visitors narrow the list down by them."
    )
    body = StreamField(
        BodyBlock(), help_text="The text, from blocks. The plus sign shows how each will look."
    )
    comments_are_open = models.BooleanField(
        "open for comments",
        default=True,
        help_text="Untick to take no more comments. Those that are there stay.",
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
        *GuidanceMixin.guidance_panels,
        FieldPanel("body"),
        FieldPanel("comments_are_open"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("byline"),
        index.SearchField("body"),
        index.SearchField("guidance_source"),
        index.SearchField("meaning"),
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
        """Refuse what would mislead readers: a date to come, an address that leads elsewhere."""
        super().clean()
        latest = max(filter(None, [timezone.now(), self.go_live_at]))
        if self.published_at and self.published_at > latest:
            message = (
                "This time is still to come. To publish the post then, leave this empty "
                "and use “Set schedule”."
            )
            raise ValidationError({"published_at": message})
        if self.slug in TAKEN_SLUGS or YEAR.fullmatch(self.slug):
            message = "The news uses this address itself. Please choose another one."
            raise ValidationError({"slug": message})
        if self.is_superseded and self.superseded_by_id == self.pk:
            raise ValidationError({"superseded_by": "A post cannot replace itself."})

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

    @classmethod
    def prepare_rows(cls, pages: Sequence[BasePage]) -> None:
        """Find the authors of all posts in one query, not post by post."""
        named = BlogPageAuthor.objects.filter(page__in=pages, person__live=True)
        found = defaultdict(list)
        for author in named.filter(~is_private("person__")).select_related("person"):
            found[author.page_id].append(author)
        for post in pages:
            post.public_authors = found[post.pk]

    @property
    def row_facts(self) -> dict[str, Any]:
        """Who wrote it and, of guidance or law, where that comes from and whether it holds."""
        facts: dict[str, Any] = {"byline": in_words(names(self))}
        if self.is_guidance:
            facts |= {
                "source": self.guidance_source,
                "applies_in": self.nations_text,
                "checked_on": self.checked_on,
            }
        return facts

    @property
    def listing_line(self) -> str:
        """When it was published, and whether it is out of date by now."""
        day = f"{timezone.localtime(self.listing_date):%-d %B %Y}"
        return ". ".join(filter(None, [day, self.list_mark]))

    @cached_property
    def public_authors(self) -> list[BlogPageAuthor]:
        """The authors whose page every visitor may read, in the order staff gave them."""
        return public_names(self.authors)

    @property
    def author_pages(self) -> list[PersonPage]:
        """The pages of these authors."""
        return [author.person for author in self.public_authors]

    @property
    def guests(self) -> str:
        """The byline as readers see it: without names that lead to a page by now."""
        return self.byline_beside(self.public_authors)

    def byline_beside(self, authors: Iterable[BlogPageAuthor]) -> str:
        """Return the byline without the names for which these authors stand."""
        named = {author.byline_name for author in authors} - {""}
        if self.byline in named:
            return ""
        return AND.join(name for name in self.byline.split(AND) if name not in named)

    @property
    def is_superseded(self) -> bool:
        """Whether a newer post replaces this one."""
        return self.superseded_by_id is not None

    @property
    def replacement_id(self) -> int | None:
        """The newer post."""
        return self.superseded_by_id

    @property
    def list_mark(self) -> str:
        """What lists and search results say of the post besides its date."""
        return "Out of date" if self.is_superseded else ""

    @property
    def updated_at(self) -> datetime | None:
        """When the post last changed for readers, if it had been out for more than an hour."""
        first, last = self.first_published_at, self.last_published_at
        return last if first and last and last - first > SETTLING else None

    @property
    def changed_at(self) -> datetime | None:
        """When the post last changed for readers, be it by coming out: what feeds tell."""
        return max(filter(None, [self.published_at, self.last_published_at]), default=None)

    @cached_property
    def word_count(self) -> int:
        """How many words the text has."""
        texts = self.body.stream_block.get_searchable_content(self.body)
        return sum(len(text.split()) for text in texts)

    @property
    def reading_minutes(self) -> int:
        """How long reading takes, in minutes: at least one."""
        return max(1, round(self.word_count / WORDS_A_MINUTE))

    @cached_property
    def contents(self) -> list[HeadingValue]:
        """The large headings, where there are enough of them for a table of contents."""
        name_headings(self.body)
        headings = [child.value for child in walk(self.body) if child.block_type == "heading"]
        large = [heading for heading in headings if heading["level"] == "h2" and heading.anchor]
        return large if len(large) >= HEADINGS_FOR_CONTENTS else []

    @cached_property
    def topic_list(self) -> list[Topic]:
        """The post's topics, by name."""
        return list(self.topics.all())

    @cached_property
    def around(self) -> list[BlogPage]:
        """The post just before this one, the one just after, and those to read next."""
        if not self.pk:
            return []
        posts = BlogPage.objects.sibling_of(self).visible()
        older, newer = (
            Subquery(near.values("pk")[:1])
            for near in (posts.older_than(self), posts.newer_than(self))
        )
        related = posts.related_to(self).values("pk")[:RELATED]
        newest = posts.published().exclude(pk=self.pk).values("pk")[:RELATED]
        chosen = Q(pk=older) | Q(pk=newer) | Q(pk__in=related) | Q(pk__in=newest)
        return list(BlogPage.objects.filter(chosen).with_shared_topics(self).defer("body"))

    @property
    def older(self) -> BlogPage | None:
        """The post published just before this one."""
        return max((post for post in self.around if post.age < self.age), default=None, key=AGE)

    @property
    def newer(self) -> BlogPage | None:
        """The post published just after this one."""
        return min((post for post in self.around if post.age > self.age), default=None, key=AGE)

    @property
    def related(self) -> list[BlogPage]:
        """Up to three other posts: those that share most topics first, then the newest."""
        order = attrgetter("shared", "age")
        return sorted(self.around, key=order, reverse=True)[:RELATED]

    @property
    def age(self) -> tuple[datetime, int]:
        """What posts are sorted by: of two of the same moment, the one made later is newer."""
        return self.listing_date, self.pk

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `shares` (ways to pass the post on), its `citation` and its `structured_data`."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        organisation = OrganisationSettings.for_request(request)
        return context | {
            "shares": share_links(self),
            "citation": citation(self, organisation.organisation_name),
            "structured_data": structured_data(self, organisation),
        }


class BlogPageAuthor(Orderable):
    """One name of a post's byline."""

    page = ParentalKey(BlogPage, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="posts")
    byline_name = models.CharField(
        max_length=100,
        blank=True,
        editable=False,
        help_text="The name in the byline for which the person's page stands once it is public.",
    )

    panels = [FieldPanel("person")]

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "person"], name="blog_author_once_a_post")
        ]

    def __str__(self) -> str:
        return self.person.title
