from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.options import ModelAdmin

from base.lists import NumberURLHelper, WordsSearchHandler
from base.newsletter import SECTION_HOOK, Entry, Section

from .models import (
    Audience,
    CareCertificateStandard,
    CoursePage,
    CourseRun,
    Credit,
    Venue,
)
from .price_log import ACTION, PriceFormatter
from .views import (
    CourseListView,
    CreditCreateView,
    DateCreateView,
    DateIndexView,
    DeletePagesView,
    refuse_while_dates_stand,
)

# What the newsletter tells of: courses with a date in the next two months.
SOON = timedelta(days=62)
MOST_COURSES = 8


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


class DateAdmin(ModelAdmin):
    """All dates in one list: what runs when, where, and for how many.

    Registered by `courses.bookings`, which knows what else can be done with a date.
    """

    model = CourseRun
    menu_label = "Dates"
    menu_icon = "date"
    menu_order = 210
    base_url_path = "dates"
    url_helper_class = NumberURLHelper
    index_view_class = DateIndexView
    create_view_class = DateCreateView
    list_display: tuple[str, ...] = ("course", "when", "where", "booked")
    list_filter = (ComingUpFilter, "course", "venue")
    list_export = ("course", "start", "end", "place_text", "capacity", "note")
    list_select_related = ("course", "venue")
    search_handler_class = WordsSearchHandler
    search_fields = ("course__title", "venue__name", "note")
    ordering = ("start",)
    empty_value_display = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count the places with the dates."""
        runs: Any = super().get_queryset(request)
        counted: QuerySet = runs.with_places()
        return counted

    @display(description="Booked", ordering="capacity")
    def booked(self, run: CourseRun) -> str:
        """How many places are taken, and of how many; or that it is cancelled."""
        return "Cancelled" if run.cancelled_at else f"{run.taken} of {run.capacity}"

    @display(description="When", ordering="start")
    def when(self, run: CourseRun) -> str:
        """The day and the time, as on the clock in London."""
        return run.when_text

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


class CreditViewSet(SnippetViewSet):
    """Who helped to make which course, with their consent."""

    model = Credit
    icon = "group"
    menu_label = "Credits"
    menu_order = 225
    add_to_admin_menu = True
    add_view_class = CreditCreateView
    copy_view_enabled = False
    list_display = ["name", "course", "part", "state"]
    list_filter = ["course", "part"]
    search_fields = ["name", "about"]


class AudienceViewSet(SnippetViewSet):
    """For whom courses are: visitors narrow the catalogue down by them."""

    model = Audience
    icon = "group"
    menu_label = "Audiences"
    menu_order = 225
    add_to_admin_menu = True
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ("name",)}


class CareCertificateStandardViewSet(SnippetViewSet):
    """The Care Certificate's standards: a list that changes every few years."""

    model = CareCertificateStandard
    icon = "list-ol"
    menu_label = "Care Certificate"
    menu_order = 110
    add_to_settings_menu = True
    list_display = ["number", "name", "edition"]
    list_filter = ["edition"]


register_snippet(VenueViewSet)
register_snippet(CreditViewSet)
register_snippet(AudienceViewSet)
register_snippet(CareCertificateStandardViewSet)


@hooks.register(SECTION_HOOK)
def dates_for_the_newsletter(since: datetime) -> Section:
    """Offer the courses that somebody can book now, those that come soonest first."""
    now = timezone.now()
    soon = CourseRun.objects.upcoming(now).filter(start__lt=now + SOON)
    bookable = soon.with_bookability(now).bookable().values("course")
    courses = CoursePage.objects.visible().filter(pk__in=bookable).with_next_start()
    soonest = courses.order_by("next_start").for_cards()[:MOST_COURSES]
    entries = [Entry(course, easy_words=_in_easy_words(course)) for course in soonest]
    return Section("Course dates with places", "dates", entries)


def _in_easy_words(course: CoursePage) -> str:
    run = course.next_run
    words = ["You can come to a course.", f"It is called “{course.title}”."]
    if run:
        words.append(f"It is on {timezone.localtime(run.start):%A %-d %B}.")
        words.append(
            f"It is in {run.venue.town or run.venue.name}." if run.venue else "It is online."
        )
    return "\n".join(words)


@hooks.register("register_icons")
def icons(names: list[str]) -> list[str]:
    """Add the pin of a map, which Wagtail's icons lack."""
    return [*names, "courses/admin/venue.svg"]


@hooks.register("register_admin_viewset")
def course_listing() -> CourseListing:
    """Put the list of courses into the admin's menu."""
    return CourseListing("course_pages")


@hooks.register("register_log_actions")
def price_changes(actions: LogActionRegistry) -> None:
    """Name changes of the price in the history of pages."""
    actions.register_action(ACTION)(PriceFormatter)


@hooks.register("before_delete_page")
def keep_courses_with_dates(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete one course, or the page above it, while there are dates."""
    return refuse_while_dates_stand(request, [page])


# Wagtail registers its own first; of two views for the same, the last one stands.
hooks.register("register_bulk_action", DeletePagesView, order=100)
