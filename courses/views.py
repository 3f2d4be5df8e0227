from contextlib import suppress
from typing import Any

from wagtail_modeladmin.views import CreateView, IndexView

from .models import CoursePage, CourseRun


class DateCreateView(CreateView):
    """Adds a date, with the course filled in where the link that led here names one."""

    def get_instance(self) -> CourseRun:
        """Start from `?course=`, a course's primary key; anything else is left to the form."""
        run: CourseRun = super().get_instance()
        with suppress(ValueError, OverflowError):
            run.course = CoursePage.objects.filter(pk=self.request.GET.get("course")).first()
        return run


class DateIndexView(IndexView):
    """Lists dates by the filters beside the list, and by nothing else that an address may hold.

    The stock view takes any lookup: `course__owner__password__startswith` would let staff read,
    sign by sign, what only the database knows.
    """

    CHOICES = ("time",)
    KEYS = ("course__page_ptr__exact", "venue__id__exact")

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        """Return the parameters of the filters, without those that make no sense."""
        given: dict[str, list[str]] = super().get_filters_params(params)
        return {
            name: values
            for name, values in given.items()
            if name in self.CHOICES
            or (name in self.KEYS and all(value.isdecimal() for value in values))
        }
