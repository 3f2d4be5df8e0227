from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page as PageOfPosts
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.fields import RichTextField
from wagtail.search import index

from base.models import BasePage, PersonPage, Topic
from blog.feeds import AtomFeed, serve_feed
from blog.paging import page_of
from blog.querysets import BlogPageQuerySet

from .post import BlogPage

POSTS_A_PAGE = 12


@dataclass(frozen=True)
class Listing:
    """Some of the posts, under a heading and an address of their own below the news.

    `address` is relative to the news page; the listing of all posts has an empty one, and neither
    heading nor description. `summary` is what search engines and feed readers are told of it.
    """

    posts: BlogPageQuerySet
    heading: str = ""
    description: str = ""
    summary: str = ""
    address: str = ""
    topic: Topic | None = None
    person: PersonPage | None = None

    @property
    def feed_address(self) -> str:
        """The address of the listing's own feed; empty for all posts, whose feed is elsewhere."""
        return f"{self.address}feed/" if self.address else ""

    def page(self, number: str) -> PageOfPosts:
        """Return one page of the posts. Numbers begin with 1; what is none raises Http404."""
        return page_of(self.posts.for_cards(), number, POSTS_A_PAGE)


class BlogIndexPage(RoutablePageMixin, BasePage):
    """The latest news in health and social care, newest first."""

    subpage_types = ["blog.BlogPage"]
    max_count_per_parent = 1
    kind = "News"
    offers = {"All news": ""}
    invites_to_newsletter = True

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

    @property
    def posts(self) -> BlogPageQuerySet:
        """The posts that every visitor may read, newest first."""
        return BlogPage.objects.child_of(self).published()

    @cached_property
    def topics(self) -> models.QuerySet[Topic]:
        """The topics of the posts that every visitor may read."""
        on_topic = self.posts.order_by().filter(topics=OuterRef("pk"))
        return Topic.objects.filter(Exists(on_topic))

    @cached_property
    def archive(self) -> list[date]:
        """The first day of every month with posts, the latest month first."""
        return self.posts.months()

    def topic_listing(self, slug: str) -> Listing:
        """Return the posts on a topic. Raises Http404 for a topic without posts."""
        for topic in self.topics:
            if topic.slug == slug:
                return Listing(
                    posts=self.posts.about(topic),
                    heading=topic.name,
                    description=topic.description,
                    summary=topic.description or f"All our news about {topic.name}.",
                    address=f"topics/{topic.slug}/",
                    topic=topic,
                )
        raise Http404

    def author_listing(self, slug: str) -> Listing:
        """Return the posts of a person with a public page. Raises Http404 where there are none."""
        for person in PersonPage.objects.visible().filter(slug=slug):
            posts = self.posts.by(person)
            if posts.exists():
                return Listing(
                    posts=posts,
                    heading=f"Posts by {person.title}",
                    description=person.role,
                    summary=f"Everything that {person.title} ({person.role}) wrote for our news.",
                    address=f"authors/{person.slug}/",
                    person=person,
                )
        raise Http404

    def month_listing(self, year: str, month: str | None = None) -> Listing:
        """Return the posts of a year, or of one of its months: "2026", "07".

        Raises Http404 without posts.
        """
        written = f"{year}-{month or ''}"
        months = [day for day in self.archive if day.isoformat().startswith(written)]
        if not months:
            raise Http404
        first = months[-1]
        when = f"{first:%B %Y}" if month else year
        published = f"Everything we published in {when}."
        return Listing(
            posts=self.posts.published_in(first.year, first.month if month else None),
            heading=f"News from {when}",
            description=published,
            summary=published,
            address=f"{year}/{month}/" if month else f"{year}/",
        )

    @path("")
    def list_all(self, request: HttpRequest) -> HttpResponse:
        """List all posts."""
        return self.serve_listing(request, Listing(self.posts))

    @path("topics/<str:slug>/")
    def list_topic(self, request: HttpRequest, slug: str) -> HttpResponse:
        """List the posts on a topic."""
        return self.serve_listing(request, self.topic_listing(slug))

    @path("authors/<str:slug>/")
    def list_author(self, request: HttpRequest, slug: str) -> HttpResponse:
        """List the posts of a person."""
        return self.serve_listing(request, self.author_listing(slug))

    @re_path(r"^(?P<year>[0-9]{4})/$")
    @re_path(r"^(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$")
    def list_month(self, request: HttpRequest, year: str, month: str | None = None) -> HttpResponse:
        """List the posts of a year or a month."""
        return self.serve_listing(request, self.month_listing(year, month))

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Lead to the feed of all posts, whose address stays when the page's own changes."""
        return redirect("blog:feed", permanent=True)

    @path("rss/")
    def rss(self, request: HttpRequest) -> HttpResponse:
        """Lead to the same for readers that know RSS alone."""
        return redirect("blog:rss", permanent=True)

    @path("topics/<str:slug>/feed/")
    def topic_feed(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Serve the feed of a topic."""
        return serve_feed(request, AtomFeed, self, self.topic_listing(slug))

    @path("authors/<str:slug>/feed/")
    def author_feed(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Serve the feed of a person's posts."""
        return serve_feed(request, AtomFeed, self, self.author_listing(slug))

    @re_path(r"^(?P<year>[0-9]{4})/feed/$")
    @re_path(r"^(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/feed/$")
    def month_feed(self, request: HttpRequest, year: str, month: str | None = None) -> HttpResponse:
        """Serve the feed of a year or a month."""
        return serve_feed(request, AtomFeed, self, self.month_listing(year, month))

    def serve_listing(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Show one page of a listing: `?page=` takes a number from 1; anything else is a 404."""
        posts = listing.page(request.GET.get("page", "1"))
        context: dict[str, Any] = self.get_context(request)
        return TemplateResponse(
            request, self.template, context | {"listing": listing, "posts": posts}
        )
