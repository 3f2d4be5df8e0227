from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .feeds import AtomFeed, RssFeed, index_for, serve_feed
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
    index = index_for(request, BlogIndexPage)
    return serve_feed(request, feed_class, index, Listing(index.posts))
