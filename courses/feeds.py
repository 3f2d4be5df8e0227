"""The dates as feeds that calendars follow: all of them, those of a topic, those of a course."""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from base.models import Topic

from .calendars import MEDIA_TYPE, Entry, uid_for, write_calendar
from .models import CoursePage, CourseRun, Venue
from .querysets import CourseRunQuerySet

# Dates leave a feed, and with it the calendars that follow it, when they are long past.
KEPT = dt.timedelta(days=365)
REMEMBERED = dt.timedelta(days=1)
VENUE = ("name", "address", "postcode")
TOLD = (
    "pk",
    "start",
    "end",
    "sequence",
    "cancelled_at",
    "note",
    "course__title",
    "course__summary",
    "course__url_path",
    *(f"venue__{name}" for name in VENUE),
)


@require_safe
def all_dates(request: HttpRequest) -> HttpResponse:
    """Serve all dates."""
    return _feed(request, CourseRun.objects.all(), "Courses")


@require_safe
def dates_of_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the dates of the courses on a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    return _feed(request, CourseRun.objects.filter(course__topics=topic), f"Courses: {topic.name}")


@require_safe
def dates_of_course(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the dates of a course."""
    course = get_object_or_404(CoursePage.objects.visible(), slug=slug)
    return _feed(request, CourseRun.objects.filter(course=course), course.title)


def _feed(request: HttpRequest, runs: CourseRunQuerySet, name: str) -> HttpResponse:
    """Serve dates, written anew only when what they tell has changed."""
    runs = runs.visible().filter(end__gt=timezone.now() - KEPT).order_by("start", "pk")
    dates = list(runs.values_list(*TOLD))
    digest = sha256(repr((name, dates)).encode()).hexdigest()
    etag = quote_etag(digest)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        # One for each feed, so that what is out of date takes no room.
        key = f"calendar-{sha256(request.path.encode()).hexdigest()}"
        known, body = cache.get(key) or ("", b"")
        if known != digest:
            body = write_calendar(_entries(dates, request), name=name)
            cache.set(key, (digest, body), REMEMBERED.total_seconds())
        response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["ETag"] = etag
    return response


def _entries(dates: Iterable[tuple[Any, ...]], request: HttpRequest) -> Iterator[Entry]:
    """Yield what a calendar is told of dates, which are rows of the columns `TOLD`.

    Addresses are worked out once for all dates of a course or venue.
    """

    @functools.cache
    def url_of(path: str) -> str:
        return CoursePage(url_path=path).get_full_url(request) or ""

    @functools.cache
    def location_of(*values: str | None) -> str:
        venue = Venue(**dict(zip(VENUE, values, strict=True))) if any(values) else None
        return CourseRun(venue=venue).address_text

    for pk, start, end, sequence, cancelled_at, note, title, summary, path, *venue in dates:
        yield Entry(
            uid=uid_for(pk),
            sequence=sequence,
            start=start,
            end=end,
            is_cancelled=cancelled_at is not None,
            title=title,
            summary=summary,
            note=note,
            location=location_of(*venue),
            url=url_of(path),
        )
