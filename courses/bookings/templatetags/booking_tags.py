from typing import NamedTuple

from django import template
from django.urls import reverse

from courses.models import CourseRun
from courses.states import RunState

register = template.Library()


class Way(NamedTuple):
    """Where a button leads, and what stands on it."""

    url: str
    text: str


@register.simple_tag
def way_in(run: CourseRun) -> Way | None:
    """How somebody gets a place on a date: by booking, or by waiting. None where there is no way.

    A course without a price is booked by asking.
    """
    if run.course.price is None:
        return None
    if run.state.takes_bookings:
        return Way(reverse("courses_bookings:book", args=[run.pk]), "Book a place")
    if run.state == RunState.FULL:
        return Way(reverse("courses_bookings:wait", args=[run.pk]), "Join the waiting list")
    return None
