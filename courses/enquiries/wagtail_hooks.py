from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.options import modeladmin_register

from base.lists import RecordAdmin
from base.models import User
from base.personal_data import HOOK, Record

from . import services
from .admin_views import EnquiryIndexView, EnquiryView
from .models import Enquiry, Role, Status

MINE, NOBODY = "me", "nobody"


class StatusFilter(SimpleListFilter):
    """How far enquiries have come."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every status."""
        return [(status.value, str(status.label)) for status in Status]

    def queryset(self, request: HttpRequest, enquiries: QuerySet) -> QuerySet:
        """Leave out what was not asked for."""
        return enquiries.filter(status=self.value()) if self.value() in Status else enquiries


class OwnerFilter(SimpleListFilter):
    """Who deals with enquiries."""

    title = "who deals with it"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer whoever asks, nobody, and colleagues who deal with any."""
        owners = User.objects.filter(pk__in=Enquiry.objects.order_by().values("owner"))
        others = [user for user in owners.order_by("username") if user != request.user]
        return [
            (MINE, "Me"),
            (NOBODY, "Nobody"),
            *((str(user.pk), user.get_full_name() or user.get_username()) for user in others),
        ]

    def queryset(self, request: HttpRequest, enquiries: QuerySet) -> QuerySet:
        """Leave out what was not asked for."""
        match self.value():
            case "me":
                return enquiries.filter(owner=request.user.pk)
            case "nobody":
                return enquiries.filter(owner=None)
            case value if value in dict(self.lookup_choices):
                return enquiries.filter(owner=value)
            case _:
                return enquiries


@modeladmin_register
class EnquiryAdmin(RecordAdmin):
    """In-house enquiries: who asks for what, and who deals with it."""

    model = Enquiry
    menu_label = "Enquiries"
    menu_icon = "mail"
    menu_order = 217
    base_url_path = "enquiries"
    index_view_class = EnquiryIndexView
    index_template_name = "courses_enquiries/admin/index.html"
    inspect_view_class = EnquiryView
    inspect_template_name = "courses_enquiries/admin/enquiry.html"
    list_display = (
        "reference",
        "organisation",
        "about",
        "people",
        "created_at",
        "status",
        "deals_with_it",
    )
    list_filter = (StatusFilter, OwnerFilter)
    list_select_related = ("owner",)
    list_export = (
        "reference",
        "created_at",
        "status",
        "owner",
        "about",
        "organisation",
        "name",
        "email",
        "telephone",
        "people",
        "place",
        "online",
        "when",
        "budget",
        "message",
    )
    search_fields = ("reference", "organisation", "name", "email", "about", "place", "message")
    ordering = ("-created_at", "-pk")

    @display(description="Who deals with it", ordering="owner__username")
    def deals_with_it(self, enquiry: Enquiry) -> str:
        """A colleague's name, or nothing."""
        owner = enquiry.owner
        return owner.get_full_name() or owner.get_username() if owner else ""


class RoleViewSet(SnippetViewSet):
    """Jobs in care, for the team planner."""

    model = Role
    icon = "group"
    menu_label = "Roles"
    menu_order = 218
    add_to_admin_menu = True
    list_display = ["name", "description"]


register_snippet(RoleViewSet)


class EnquiriesSummaryItem(SummaryItem):
    """How many enquiries wait, on the dashboard."""

    order = 360
    template_name = "courses_enquiries/admin/summary.html"

    def is_shown(self) -> bool:
        """Only to those who may do something about it."""
        return bool(self.request.user.has_perm("courses_enquiries.change_enquiry"))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Count what nobody has answered."""
        url = reverse("enquiries_modeladmin_index")
        return {"new": Enquiry.objects.unanswered().count(), "url": f"{url}?status=new"}


@hooks.register("construct_homepage_summary_items")
def summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Put the count on the dashboard."""
    items.append(EnquiriesSummaryItem(request))


@hooks.register(HOOK)
def personal_data() -> Record:
    """What people asked for, with the office's notes about it."""
    return Record("Enquiries", services.export, services.erase)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Dress an enquiry's page."""
    return format_html('<link rel="stylesheet" href="{}">', static("courses_enquiries/admin.css"))
