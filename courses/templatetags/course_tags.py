from collections.abc import Iterable
from typing import Any

from django import template

from courses.facets import Selection
from courses.models import CoursePage
from courses.structured_data import catalogue_data

register = template.Library()


@register.simple_tag
def course_list_data(courses: Iterable[CoursePage], start: int = 1) -> dict[str, Any]:
    """The courses of a list as search engines read them; give it to `json_ld`."""
    return catalogue_data(courses, start)


@register.filter
def at(selection: Selection, path: str) -> str:
    """The address at which a view shows a choice."""
    return selection.address(path)
