from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class FeedLink:
    """Where a feed reader finds a feed, announced in the head of a page."""

    title: str
    media_type: str
    url: str


def feeds(request: HttpRequest) -> dict[str, list[FeedLink]]:
    """The feeds that every page announces."""
    return {
        "feeds": [
            FeedLink("All news", "application/atom+xml", reverse("blog:feed")),
            FeedLink("All news (RSS)", "application/rss+xml", reverse("blog:rss")),
        ]
    }
