"""The news as web feeds: Atom (RFC 4287), and RSS 2.0 for readers that know nothing else.

The newsletter has one too (`blog.newsletter.feeds`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.sax.xmlreader import AttributesImpl

import nh3
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.http import http_date
from django.views.decorators.http import conditional_page
from wagtail.models import Site

from base.blocks.together import read_together
from base.models import BasePage, OrganisationSettings, PersonPage
from base.text import printable
from blog.changes import last_change
from blog.models.post import BlogPage

if TYPE_CHECKING:
    from django.utils.xmlutils import SimplerXMLGenerator

    from .models.index import BlogIndexPage, Listing

POSTS_A_FEED = 20
FEED_TYPES = ("application/atom+xml", "application/rss+xml", "application/xml", "text/xml")
# What only makes sense on the page itself goes with everything in it.
LEFT_OUT = {"script", "style", "svg", "button", "form", "iframe", "noscript"}


class TrueToItsChanges(SyndicationFeed):
    """A feed that says when it last changed (`changed_at`), also when it lost a post."""

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed."""
        changed_at: datetime | None = self.feed["changed_at"]
        return changed_at or super().latest_post_date()


class AtomFeed(TrueToItsChanges, Atom1Feed):
    """An Atom feed whose entries hold the whole text and name every author."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write the entry's authors and text beside what Django writes."""
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            for name, value in author.items():
                handler.addQuickElement(name, value)
            handler.endElement("author")
        handler.addQuickElement("content", item["content"], {"type": "html"})


class RssFeed(TrueToItsChanges, Rss201rev2Feed):
    """An RSS feed whose items hold the whole text and name every author.

    Source: RSS 2.0 and its content and dc modules.
    """

    def rss_attributes(self) -> dict[str, str]:
        """Name the modules."""
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write the item's authors and text beside what Django writes."""
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", author["name"])
        handler.addQuickElement("content:encoded", item["content"])


def articles(posts: list[BlogPage], request: HttpRequest) -> list[str]:
    """Return the whole text of each post, its trust label first."""
    meanings = [post.meaning for post in posts]
    with read_together([post.body for post in posts], *meanings) as bodies:
        return [
            anywhere(
                render_to_string("blog/trust_label.html", {"post": post}, request)
                + body.render_as_block({"page": post, "request": request}),
                post,
            )
            for post, body in zip(posts, bodies, strict=True)
        ]


def anywhere(html: str, page: BasePage) -> str:
    """Return a page's text so that it makes sense anywhere: plain elements, full addresses."""
    return nh3.clean(
        html,
        clean_content_tags=LEFT_OUT,
        attribute_filter=lambda tag, name, value: (
            urljoin(page.full_url, value) if name in ("href", "src") else value
        ),
        link_rel=None,
    )


def titled(page: BasePage) -> str:
    """Return the page's title, with what lists say of it: “Out of date: Tea”."""
    return f"{page.list_mark}: {page.title}" if page.list_mark else page.title


def picture(post: BlogPage, root: str) -> list[Enclosure]:
    """Return the post's picture as an enclosure, in the size that is made for sharing."""
    rendition = post.image and post.image.for_sharing
    if not rendition:
        return []
    address = urljoin(root, rendition.url)
    return [Enclosure(address, str(rendition.file.size), "image/jpeg")]


def authors(post: BlogPage) -> list[dict[str, str]]:
    """Return the name, and where there is a page the address, of everybody in the byline."""
    people = [{"name": printable(p.title), "uri": p.full_url} for p in post.author_pages]
    return people + ([{"name": printable(post.guests)}] if post.guests else [])


def build_feed(
    feed_class: type[AtomFeed | RssFeed],
    request: HttpRequest,
    index: BlogIndexPage,
    listing: Listing,
) -> AtomFeed | RssFeed:
    """Return a feed of the newest posts of a listing.

    A post's id is made from the page's own key, so that it survives a new address (RFC 4287,
    section 4.2.6).
    """
    types = (type(index), BlogPage, PersonPage)
    root = index.full_url
    organisation = OrganisationSettings.for_request(request).organisation_name
    heading = f"{listing.heading} – {index.title}" if listing.heading else index.title
    about = listing.summary or index.listing_summary
    posts = list(listing.posts.for_feed()[:POSTS_A_FEED])
    feed = feed_class(
        title=printable(f"{heading} – {organisation}"),
        link=urljoin(root, listing.address),
        description=printable(about or heading),
        subtitle=printable(about),
        language="en-GB",
        author_name=printable(organisation),
        feed_url=urljoin(root, request.path),
        feed_guid=urljoin(root, request.path),
        changed_at=last_change((post.changed_at for post in posts), types),
    )
    BlogPage.prepare_rows(posts)
    for post, article in zip(posts, articles(posts, request), strict=True):
        feed.add_item(
            title=printable(titled(post)),
            link=post.full_url,
            description=printable(escape(post.intro)),
            content=printable(article),
            pubdate=post.published_at,
            updateddate=post.changed_at,
            unique_id=f"urn:uuid:{post.translation_key}",
            unique_id_is_permalink=False,
            authors=authors(post),
            enclosures=picture(post, root),
            categories=[printable(topic.name) for topic in post.topic_list],
        )
    return feed


def is_over(moment: datetime | None) -> bool:
    """Whether a moment lies in a second that is over.

    Last-Modified knows no less than a second: within the same one the feed may change again.
    """
    return moment is not None and int(moment.timestamp()) < int(timezone.now().timestamp())


def prefers_a_page(request: HttpRequest) -> bool:
    """Whether somebody would rather have a page than any XML: a browser, not a feed reader."""

    def wish(media_type: str) -> tuple[float, int]:
        accepted = request.accepted_type(media_type)
        return (accepted.quality, accepted.specificity) if accepted else (0, 0)

    return wish("text/html") > max(map(wish, FEED_TYPES))


@conditional_page
def answer(
    request: HttpRequest,
    show_page: Callable[[], TemplateResponse],
    build: Callable[[], AtomFeed | RssFeed],
) -> HttpResponse:
    """Answer a feed reader with the feed, and a browser with a page that says what a feed is."""
    if prefers_a_page(request):
        response: HttpResponse = show_page().render()
    else:
        feed = build()
        response = HttpResponse(content_type=feed.content_type)
        feed.write(response, "utf-8")
        if is_over(changed_at := feed.feed["changed_at"]):
            response["Last-Modified"] = http_date(changed_at.timestamp())
    patch_vary_headers(response, ["Accept"])
    return response


def feed_page(
    request: HttpRequest, index: BasePage, posts: Any, listing: Listing | None = None
) -> TemplateResponse:
    """Return the page that says what a feed is and what is in it."""
    context = index.get_context(request) | {
        "listing": listing,
        "posts": posts,
        "address": urljoin(index.full_url, request.path),
    }
    return TemplateResponse(request, "blog/feed.html", context)


def serve_feed(
    request: HttpRequest,
    feed_class: type[AtomFeed | RssFeed],
    index: BlogIndexPage,
    listing: Listing,
) -> HttpResponse:
    """Serve a feed of the newest posts of a listing."""
    posts = listing.posts.for_cards()[:POSTS_A_FEED]
    return answer(
        request,
        lambda: feed_page(request, index, posts, listing),
        lambda: build_feed(feed_class, request, index, listing),
    )


def index_for(request: HttpRequest, model: type[BasePage]) -> Any:
    """Return the site's page of a type whose feed has an address of its own, or raise Http404."""
    site = Site.find_for_request(request)
    pages = model.objects.visible().order_by("path")
    index = pages.descendant_of(site.root_page).first() if site else None
    if index is None:
        raise Http404
    return index
