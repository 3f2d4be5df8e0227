from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.helpers import AdminURLHelper, DjangoORMSearchHandler
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from base.search_backend import words_of

from .models import CareCertificateStandard, CoursePage, CourseRun, Venue
from .views import (
    CourseListView,
    DateCreateView,
    DateIndexView,
    DeletePagesView,
    refuse_while_dates_stand,
)


class CourseListing(PageListingViewSet):
    """All courses in one list."""

    model = CoursePage
    index_view_class = CourseListView
    icon = "clipboard-list"
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
    """Looks dates up by the words of staff, however many signs and words a paste holds."""

    def search_queryset(self, queryset: QuerySet, search_term: str, **kwargs: Any) -> QuerySet:
        """Search for the same words as the site's search would."""
        return super().search_queryset(queryset, " ".join(words_of(search_term)), **kwargs)


class DateURLHelper(AdminURLHelper):
    """Addresses of single dates hold a number; any other address is not found."""

    def _get_object_specific_action_url_pattern(self, action: str) -> str:
        return rf"^{self.base_url_path}/{action}/(?P<instance_pk>[0-9]{{1,18}})/$"


@modeladmin_register
class DateAdmin(ModelAdmin):
    """All dates in one list: what runs when, where, and for how many."""

    model = CourseRun
    menu_label = "Dates"
    menu_icon = "date"
    menu_order = 210
    base_url_path = "dates"
    url_helper_class = DateURLHelper
    index_view_class = DateIndexView
    create_view_class = DateCreateView
    list_display = ("course", "when", "where", "capacity")
    list_filter = (ComingUpFilter, "course", "venue")
    list_export = ("course", "start", "end", "place_text", "capacity", "note")
    list_select_related = ("course", "venue")
    search_handler_class = DateSearchHandler
    search_fields = ("course__title", "venue__name", "note")
    ordering = ("start",)
    empty_value_display = ""

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
    icon = "venue"
    menu_label = "Venues"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ["name", "town", "postcode"]


class CareCertificateStandardViewSet(SnippetViewSet):
    """The Care Certificate's standards: a list that changes every few years."""

    model = CareCertificateStandard
    icon = "list-ol"
    menu_label = "Care Certificate"
    menu_order = 110
    add_to_settings_menu = True
    list_display = ["number", "name"]


register_snippet(VenueViewSet)
register_snippet(CareCertificateStandardViewSet)


@hooks.register("register_icons")
def icons(names: list[str]) -> list[str]:
    """Add the pin of a map, which Wagtail's icons lack."""
    return [*names, "courses/admin/venue.svg"]


@hooks.register("register_admin_viewset")
def course_listing() -> CourseListing:
    """Put the list of courses into the admin's menu."""
    return CourseListing("course_pages")


@hooks.register("before_delete_page")
def keep_courses_with_dates(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete one course, or the page above it, while there are dates."""
    return refuse_while_dates_stand(request, [page])


# Wagtail registers its own first; of two views for the same, the last one stands.
hooks.register("register_bulk_action", DeletePagesView, order=100)
