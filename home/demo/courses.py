"""What stands around a course in the demo: who helped to make it, and where it leads."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from courses.enquiries.models import Role
from courses.models import CoursePage, Credit, ProgrammeStep

from .content import References


def credits_of(course: CoursePage, text: dict[str, Any]) -> Iterator[Credit]:
    """Yield the course's credits, unsaved, counted from the day on which it was published."""
    today = timezone.localdate(course.first_published_at)
    for credit in text.get("credits", ()):
        yield Credit(
            course=course,
            name=credit["name"],
            about=credit["about"],
            part=credit["part"],
            is_sample=True,
            consented_on=today - dt.timedelta(days=credit["agreed_days_ago"]),
            consent_words=credit["consent_words"],
            shown_until=today + dt.timedelta(days=credit["shown_days"]),
        )


def steps_of(text: dict[str, Any], references: References) -> list[ProgrammeStep]:
    """Return a programme's steps, unsaved, in the order of the texts."""
    return [
        ProgrammeStep(course=references.get(step["course"]), why=step["why"], sort_order=order)
        for order, step in enumerate(text["steps"])
    ]


def roles_of(texts: dict[str, Any], references: References) -> Iterator[Role]:
    """Yield the team planner's roles, unsaved, with those of their courses that are there."""
    for text in texts["roles"]:
        courses = [references.get(f"page:{slug}") for slug in text["courses"]]
        yield Role(
            name=text["name"],
            description=text["description"],
            courses=[course.specific for course in courses if course],
        )
