from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.models import Page
from wagtail.snippets.views.snippets import CreateView as SnippetCreateView
from wagtail_modeladmin.views import CreateView

from base.lists import GuardedIndexView

from .models import CoursePage, CourseRun, Credit


class CourseListView(PageIndexView):
    """Lists courses with what staff are asked on the telephone: when next, and at what price."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Title", sort_key="title", classname="title"),
        Column(
            "next_date",
            label="Next date",
            accessor=lambda course: _day(course.next_start),
            sort_key="next_start",
        ),
        Column("price", label="Price", accessor="price_text", sort_key="price"),
        PageStatusColumn("status", label="Status", sort_key="live", width="12%"),
    ]
    default_ordering = "title"
    ORDERED_BY_DATE = {
        "next_start": F("next_start").asc(nulls_last=True),
        "-next_start": F("next_start").desc(nulls_last=True),
    }

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        """Add when each course is next given."""
        upcoming = CourseRun.objects.upcoming().filter(course=OuterRef("pk"))
        courses = super().annotate_queryset(pages)
        return courses.annotate(next_start=Subquery(upcoming.values("start")[:1]))

    def get_valid_orderings(self) -> list[str]:
        """Leave out, while somebody searches, what the search engine cannot sort by."""
        orderings: list[str] = super().get_valid_orderings()
        unknown = ("next_start", "price") if self.is_searching else ()
        return [ordering for ordering in orderings if ordering.lstrip("-") not in unknown]

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """Put courses without a date last, whichever way they are sorted."""
        if by_date := self.ORDERED_BY_DATE.get(self.ordering):
            return queryset.order_by(by_date, "title")
        return super().order_queryset(queryset)


def _day(start: Any) -> str:
    return f"{timezone.localtime(start):%-d %B %Y}" if start else ""


def refuse_while_dates_stand(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Explain why a course with dates is not deleted, before anything is."""
    for page in pages:
        courses = CoursePage.objects.descendant_of(page, inclusive=True)
        run = CourseRun.objects.filter(course__in=courses).first()
        if run:
            messages.error(
                request,
                f"“{page.get_admin_display_title()}” still has dates, such as “{run}”. "
                "Delete its dates first, or unpublish it: that keeps them.",
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


class DeletePagesView(DeleteBulkAction):
    """Deletes several pages at once, or says at once which dates stand in the way.

    The stock view only finds that something does, and calls it a lack of permission.
    """

    def dispatch(self, request: HttpRequest) -> HttpResponseBase:
        """Ask the dates first."""
        pages, _ = self.get_actionable_objects()
        return refuse_while_dates_stand(request, pages) or super().dispatch(request)


def asked_for(request: HttpRequest) -> CoursePage | None:
    """Return the course whose primary key stands in `?course=`, if there is one."""
    with suppress(ValueError, OverflowError):
        course: CoursePage | None = CoursePage.objects.filter(pk=request.GET.get("course")).first()
        return course
    return None


class DateCreateView(CreateView):
    """Adds a date, with the course filled in where the link that led here names one."""

    def get_instance(self) -> CourseRun:
        """Start from `?course=`, a course's primary key; anything else is left to the form."""
        run: CourseRun = super().get_instance()
        if course := asked_for(self.request):
            run.course = course
        return run


class CreditCreateView(SnippetCreateView):
    """Adds a credit, with the course filled in where the link that led here names one."""

    def get_initial_form_instance(self) -> Credit:
        """Start from `?course=`, a course's primary key; anything else is left to the form."""
        course = asked_for(self.request)
        return Credit(course=course) if course else Credit()


class DateIndexView(GuardedIndexView):
    """Lists dates by time, course and venue."""

    CHOICES = ("time",)
    KEYS = ("course__page_ptr__exact", "venue__id__exact")
