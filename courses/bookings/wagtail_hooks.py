from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from base.lists import GuardedIndexView, RecordAdmin
from base.personal_data import HOOK, Record
from courses.models import CourseRun
from courses.wagtail_hooks import DateAdmin

from . import office, services
from .dashboard import ComingUpPanel
from .filters import (
    AttendanceFilter,
    CourseFilter,
    DateFilter,
    InvoiceFilter,
    TimeFilter,
    WaitingDateFilter,
)
from .models import Attendee, Booking, Discount, WaitingListEntry


class BookingIndexView(GuardedIndexView):
    """Lists bookings by course, by time and by invoice."""

    CHOICES = ("course", "time", "invoice")


class AttendeeIndexView(GuardedIndexView):
    """Lists people by their date and by the register."""

    CHOICES = ("date", "register")


class WaitingIndexView(GuardedIndexView):
    """Lists those who wait by their date."""

    CHOICES = ("date",)


class BookingAdmin(RecordAdmin):
    """Who booked, for how many, and what it comes to."""

    model = Booking
    menu_label = "Bookings"
    menu_icon = "form"
    base_url_path = "bookings"
    index_view_class = BookingIndexView
    list_display = ("reference", "name", "organisation", "places", "total", "created_at")
    list_filter = (TimeFilter, CourseFilter, InvoiceFilter)
    list_export = (
        "reference",
        "created_at",
        "name",
        "email",
        "telephone",
        "organisation",
        "purchase_order",
        "wants_invoice",
        "invoice_address",
        "unit_price",
        "vat",
        "discount_name",
        "discount_percent",
    )
    search_fields = (
        "reference",
        "name",
        "email",
        "organisation",
        "purchase_order",
        "attendees__name",
    )
    ordering = ("-created_at", "-pk")
    inspect_view_class = office.BookingView
    inspect_template_name = "courses_bookings/admin/booking.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Fetch everybody in the bookings with them."""
        bookings: QuerySet = super().get_queryset(request)
        coming = Count("attendees", filter=Q(attendees__place__released_at=None), distinct=True)
        return bookings.annotate(place_count=coming).with_people()

    @display(description="Places")
    def places(self, booking: Any) -> int:
        """How many come."""
        return int(booking.place_count)

    @display(description="To pay")
    def total(self, booking: Booking) -> str:
        """What it comes to."""
        return f"£{booking.price.total:,.2f}"


class AttendeeAdmin(RecordAdmin):
    """Who comes to which date, and what they need."""

    model = Attendee
    menu_label = "People"
    menu_icon = "user"
    base_url_path = "attendees"
    index_view_class = AttendeeIndexView
    list_display = ("name", "course_date", "reference", "access_needs", "dietary_needs", "register")
    list_filter = (DateFilter, AttendanceFilter)
    list_export = (
        "name",
        "email",
        "course_date",
        "reference",
        "organisation",
        "telephone",
        "access_needs",
        "dietary_needs",
        "register",
    )
    list_select_related = ("booking", "place__run__course")
    search_fields = ("name", "email", "booking__reference", "place__run__course__title")
    ordering = ("-place__run__start", "name")
    inspect_view_fields = (
        "name",
        "email",
        "course_date",
        "reference",
        "access_needs",
        "dietary_needs",
        "register",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out those whose place was given back."""
        people: Any = super().get_queryset(request)
        coming: QuerySet = people.coming()
        return coming

    @display(description="Date", ordering="place__run__start")
    def course_date(self, person: Attendee) -> str:
        """The course and the day."""
        return str(person.run)

    @display(description="Booking", ordering="booking__reference")
    def reference(self, person: Attendee) -> str:
        """The booking's number."""
        return person.booking.reference

    @display(description="Organisation")
    def organisation(self, person: Attendee) -> str:
        """For whom the booker booked."""
        return person.booking.organisation

    @display(description="Telephone")
    def telephone(self, person: Attendee) -> str:
        """The booker's number."""
        return person.booking.telephone

    @display(description="Register", ordering="attendance")
    def register(self, person: Attendee) -> str:
        """What the register says."""
        return person.get_attendance_display()


class WaitingAdmin(RecordAdmin):
    """Who waits for a place."""

    model = WaitingListEntry
    menu_label = "Waiting list"
    menu_icon = "list-ol"
    base_url_path = "waiting-list"
    index_view_class = WaitingIndexView
    list_display = ("name", "email", "run", "joined_at", "offered_until")
    list_filter = (WaitingDateFilter,)
    list_export = ("name", "email", "telephone", "run", "joined_at", "offered_until")
    list_select_related = ("run__course",)
    search_fields = ("name", "email", "run__course__title")
    ordering = ("run__start", "joined_at", "pk")
    inspect_view_fields = ("name", "email", "telephone", "run", "joined_at", "offered_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out those whose waiting has ended."""
        entries: QuerySet = super().get_queryset(request)
        return entries.filter(ended_at=None)


class DateButtonHelper(ButtonHelper):
    """Leads from a date to its register, and calls it off."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, **kwargs: Any) -> list[dict[str, str]]:
        """Put both between editing and deleting."""
        buttons: list[dict[str, str]] = super().get_buttons_for_obj(obj, *args, **kwargs)
        user = self.request.user
        if user.has_perm(office.PERMISSION):
            ways = [self._button("register", "Register", obj)]
            may_edit = self.permission_helper.user_can_edit_obj(user, obj)
            if may_edit and not obj.cancelled_at and obj.start > timezone.now():
                ways.append(self._button("cancel", "Cancel this date", obj))
            buttons[1:1] = ways
        return buttons

    def _button(self, name: str, label: str, run: CourseRun) -> dict[str, str]:
        return {
            "url": reverse(f"courses_bookings_office:{name}", args=[run.pk]),
            "label": label,
            "title": f"{label}: {run}",
            "classname": self.finalise_classname(["button-small", "button-secondary"]),
        }


@modeladmin_register
class BookableDateAdmin(DateAdmin):
    """Dates with what bookings add: who comes, who waits, and who has to be told."""

    list_display = ("course", "when", "where", "booked", "waits")
    button_helper_class = DateButtonHelper
    edit_view_class = office.DateEditView

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count those who wait as well."""
        waiting = WaitingListEntry.objects.waiting().order_by().filter(run=OuterRef("pk"))
        count = waiting.values("run").annotate(count=Count("pk")).values("count")
        counted: QuerySet = super().get_queryset(request).annotate(waiting_count=Subquery(count))
        return counted

    @display(description="Waiting")
    def waits(self, run: Any) -> str:
        """How many people wait for a place."""
        return str(run.waiting_count or "")


@hooks.register("register_admin_urls")
def office_urls() -> list[URLPattern | URLResolver]:
    """Put the register of a date, and its calling off, into the admin."""
    ways = [
        path("<int:pk>/register/", office.RegisterView.as_view(), name="register"),
        path("<int:pk>/cancel/", office.CancelDateView.as_view(), name="cancel"),
    ]
    return [path("dates/", include((ways, "courses_bookings_office")))]


@hooks.register("construct_homepage_panels")
def coming_up(request: HttpRequest, panels: list[Component]) -> None:
    """Put the next dates on the dashboard of those who look after them."""
    if request.user.has_perm(office.PERMISSION):
        panels.append(ComingUpPanel())


@hooks.register(HOOK)
def bookings() -> Record:
    """Who booked and who comes."""
    return Record(
        "Bookings",
        services.export_bookings,
        services.erase_bookings,
        stays=services.still_needed,
    )


@hooks.register(HOOK)
def waiting_lists() -> Record:
    """Who waits, or waited, for a place."""
    return Record("Waiting lists", services.export_waiting, services.erase_waiting)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Dress the register, on paper too."""
    return format_html('<link rel="stylesheet" href="{}">', static("courses_bookings/admin.css"))


@modeladmin_register
class BookingsGroup(ModelAdminGroup):
    """Everything about bookings, in one place of the menu."""

    menu_label = "Bookings"
    menu_icon = "form"
    menu_order = 215
    items = (BookingAdmin, AttendeeAdmin, WaitingAdmin)


class DiscountViewSet(SnippetViewSet):
    """Reasons to pay less."""

    model = Discount
    icon = "tag"
    menu_label = "Discounts"
    menu_order = 225
    add_to_admin_menu = True
    list_display = ["name", "kind", "percent", "code"]


register_snippet(DiscountViewSet)
