from django.http import HttpRequest

from .feeds import ALL_NEWS, FeedLink


def feeds(request: HttpRequest) -> dict[str, list[FeedLink]]:
    """The feeds that every page announces."""
    return {"feeds": ALL_NEWS}
