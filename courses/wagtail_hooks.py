from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup
from wagtail_modeladmin.helpers import DjangoORMSearchHandler
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from .models import CareCertificateStandard, CoursePage, CourseRun, Venue
from .views import DateCreateView, DateIndexView


class CourseListing(PageListingViewSet):
    """All courses in one list."""

    model = CoursePage
    icon = "doc-full-inverse"
    menu_label = "Courses"
    menu_order = 200
    add_to_admin_menu = True


class ComingUpFilter(SimpleListFilter):
    """Shows what is to come, unless somebody asks for what is past."""

    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the past and everything beside the usual list."""
        return [("past", "Past"), ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Name the usual list for what it is."""
        usual, *others = super().choices(changelist)
        yield usual | {"display": "Coming up"}
        yield from others

    def queryset(self, request: HttpRequest, runs: QuerySet) -> QuerySet:
        """Leave out what was not asked for."""
        match self.value():
            case "all":
                return runs
            case "past":
                return runs.filter(end__lte=timezone.now())
            case _:
                return runs.filter(end__gt=timezone.now())


class DateSearchHandler(DjangoORMSearchHandler):
    """Looks dates up by the words of staff. PostgreSQL takes no NUL, which a paste can hold."""

    def search_queryset(self, queryset: QuerySet, search_term: str, **kwargs: Any) -> QuerySet:
        """Search without what no database word holds."""
        return super().search_queryset(queryset, search_term.replace("\x00", ""), **kwargs)


@modeladmin_register
class DateAdmin(ModelAdmin):
    """All dates in one list: what runs when, where, and for how many."""

    model = CourseRun
    menu_label = "Dates"
    menu_icon = "date"
    menu_order = 210
    base_url_path = "dates"
    index_view_class = DateIndexView
    create_view_class = DateCreateView
    list_display = ("course", "when", "where", "capacity")
    list_filter = (ComingUpFilter, "course", "venue")
    list_export = ("course", "start", "end", "place_text", "capacity", "note")
    list_select_related = ("course", "venue")
    search_handler_class = DateSearchHandler
    search_fields = ("course__title", "venue__name", "note")
    ordering = ("start",)

    @display(description="When", ordering="start")
    def when(self, run: CourseRun) -> str:
        """The day and the time, as on the clock in London."""
        start, end = timezone.localtime(run.start), timezone.localtime(run.end)
        same_day = start.date() == end.date()
        until = f"{end:%H:%M}" if same_day else f"{end:%a %-d %B, %H:%M}"
        return f"{start:%a %-d %B %Y, %H:%M} to {until}"

    @display(description="Where", ordering="venue__name")
    def where(self, run: CourseRun) -> str:
        """The venue, or that it is online."""
        return run.place_text


class VenueViewSet(SnippetViewSet):
    """The places where courses happen."""

    model = Venue
    icon = "site"
    menu_label = "Venues"
    list_display = ["name", "postcode"]


class CareCertificateStandardViewSet(SnippetViewSet):
    """The Care Certificate's standards."""

    model = CareCertificateStandard
    icon = "list-ol"
    menu_label = "Care Certificate"
    list_display = ["number", "name"]


class CourseDetails(SnippetViewSetGroup):
    """What courses and their dates refer to."""

    menu_label = "Course facts"
    menu_icon = "site"
    menu_order = 220
    items = (VenueViewSet, CareCertificateStandardViewSet)


register_snippet(CourseDetails)


@hooks.register("register_admin_viewset")
def course_listing() -> CourseListing:
    """Put the list of courses into the admin's menu."""
    return CourseListing("course_pages")


def _refuse_while_dates_stand(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
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


@hooks.register("before_delete_page")
def keep_courses_with_dates(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Explain why a course with dates is not deleted, before anything is."""
    return _refuse_while_dates_stand(request, [page])


@hooks.register("before_bulk_action")
def keep_many_courses_with_dates(
    request: HttpRequest, action_type: str, objects: list, action: object
) -> HttpResponse | None:
    """Explain the same when several pages are deleted at once."""
    pages = [item for item in objects if isinstance(item, Page)]
    return _refuse_while_dates_stand(request, pages) if action_type == "delete" else None
