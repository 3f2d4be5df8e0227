from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from .feeds import AtomFeed, RssFeed, serve_feed
from .models import BlogIndexPage, Listing


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Serve the feed of all posts."""
    return _all_news(request, AtomFeed)


@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    """Serve the same for readers that know RSS alone."""
    return _all_news(request, RssFeed)


def _all_news(request: HttpRequest, feed_class: type[AtomFeed | RssFeed]) -> HttpResponse:
    site = Site.find_for_request(request)
    pages = BlogIndexPage.objects.visible().order_by("path")
    index = pages.descendant_of(site.root_page).first() if site else None
    if index is None:
        raise Http404
    return serve_feed(request, feed_class, index, Listing(index.posts))
