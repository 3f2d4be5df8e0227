"""The dates as feeds that calendars follow: all of them, those of a topic, those of a course."""

import datetime as dt
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from base.models import Topic

from .calendars import MEDIA_TYPE, calendar_of
from .models import CoursePage, CourseRun
from .querysets import CourseRunQuerySet

# Dates leave a feed, and with it the calendars that follow it, when they are long past.
KEPT = dt.timedelta(days=365)
REMEMBERED = dt.timedelta(days=1)
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
    "venue__name",
    "venue__address",
    "venue__postcode",
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
    """Serve dates, made anew only when what they tell has changed."""
    runs = runs.visible().filter(end__gt=timezone.now() - KEPT).order_by("start", "pk")
    told = repr((name, list(runs.values_list(*TOLD))))
    digest = sha256(told.encode()).hexdigest()
    etag = quote_etag(digest)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        body = cache.get_or_set(
            f"calendar-{digest}",
            lambda: calendar_of(runs.select_related("course", "venue"), name=name),
            REMEMBERED.total_seconds(),
        )
        response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["ETag"] = etag
    return response
