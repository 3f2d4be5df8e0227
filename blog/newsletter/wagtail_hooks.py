from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail_modeladmin.options import modeladmin_register

from base.lists import RecordAdmin
from base.models import NEWSLETTER_PROMISE, OrganisationSettings, User
from base.network import network_hash
from base.newsletter import HOOK as NEWSLETTER_HOOK
from base.newsletter import Newsletter
from base.personal_data import HOOK as PERSONAL_DATA_HOOK
from base.personal_data import Record

from . import admin_views, office, services
from .forms import BOX
from .models import NewsletterIssuePage, Subscriber
from .reports import sent_text


@modeladmin_register
class SubscriberAdmin(RecordAdmin):
    """Who gets the newsletter, who left, and what they agreed to."""

    model = Subscriber
    menu_label = "Subscribers"
    menu_icon = "group"
    menu_order = 196
    base_url_path = "subscribers"
    index_view_class = admin_views.SubscriberIndexView
    index_template_name = "blog_newsletter/admin/index.html"
    inspect_view_class = admin_views.SubscriberView
    inspect_template_name = "blog_newsletter/admin/subscriber.html"
    list_display = ("email", "name", "gets", "state", "since")
    list_filter = (admin_views.StateFilter, admin_views.WishFilter)
    list_export = (
        "email",
        "name",
        "state",
        "since",
        "wants_news",
        "wants_dates",
        "wants_easy_read",
        "agreed_at",
        "where",
        "wording",
        "proof",
    )
    search_fields = ("email", "name")
    ordering = ("-since", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Fetch what they agreed to with them."""
        subscribers: QuerySet = super().get_queryset(request)
        return subscribers.prefetch_related("consents")

    @display(description="What they get")
    def gets(self, subscriber: Subscriber) -> str:
        """What they would like, in words."""
        return subscriber.wishes_text

    @display(description="Agreed")
    def agreed_at(self, subscriber: Subscriber) -> datetime | None:
        """When they agreed: by the link in a mail, or as the list says that was imported."""
        return subscriber.last_consent.agreed_at if subscriber.last_consent else None

    @display(description="Where")
    def where(self, subscriber: Subscriber) -> str:
        """On which page or list."""
        return subscriber.last_consent.where if subscriber.last_consent else ""

    @display(description="Words")
    def wording(self, subscriber: Subscriber) -> str:
        """To which words they agreed."""
        return subscriber.last_consent.wording if subscriber.last_consent else ""

    @display(description="Proof")
    def proof(self, subscriber: Subscriber) -> str:
        """How the owner of an imported list knows of it."""
        return subscriber.last_consent.proof if subscriber.last_consent else ""


class IssueListView(IndexView):
    """Lists issues, the newest first, with how they are sent."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Title", sort_key="title", classname="title"),
        Column("sent", label="Sent", accessor=sent_text),
        PageStatusColumn("status", label="Status", sort_key="live", width="12%"),
    ]
    default_ordering = "-latest_revision_created_at"

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        """Fetch how they are sent with them."""
        issues: QuerySet = super().annotate_queryset(pages)
        return issues.select_related("sending")


class IssueListing(PageListingViewSet):
    """All issues of the newsletter in one list."""

    model = NewsletterIssuePage
    index_view_class = IssueListView
    icon = "mail"
    menu_label = "Newsletters"
    menu_order = 195
    add_to_admin_menu = True


@hooks.register("register_admin_viewset")
def issue_listing() -> IssueListing:
    """Put the list of issues into the admin's menu.

    Wagtail takes an entry for the current one where its address begins alike: "newsletters" would
    light up "news" as well.
    """
    return IssueListing("newsletters", url_prefix="issues")


@hooks.register("register_page_header_buttons")
def send_button(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Lead from the editor to the check list."""
    if isinstance(page, NewsletterIssuePage) and page.pk:
        url = reverse("newsletter_office:send", args=[page.pk])
        yield Button("Check and send", url, icon_name="mail", priority=5)


@hooks.register("register_page_listing_more_buttons")
def send_button_in_lists(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """The same in lists of pages."""
    yield from send_button(page, user, "listing")


class SendMenuItem(ActionMenuItem):
    """Leads from the editor to the check list, beside what saves and publishes."""

    name = "check-and-send"
    label = "Check and send"
    icon_name = "mail"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Whether an issue is edited."""
        return context["view"] == "edit" and isinstance(context["page"], NewsletterIssuePage)

    def get_url(self, context: dict[str, Any]) -> str:
        """Return where the check list is."""
        return reverse("newsletter_office:send", args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
def send_menu_item() -> SendMenuItem:
    """Offer it where issues are edited."""
    return SendMenuItem(order=100)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_what_goes_out(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to take an issue away, or a page above it, while its mails lead there."""
    return office.refuse_while_it_goes_out(request, [page])


@hooks.register("before_bulk_action")
def keep_all_that_go_out(
    request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction
) -> HttpResponse | None:
    """Refuse the same where several pages are ticked."""
    is_taken_away = action_type in {"delete", "unpublish"} and Page in action.models
    return office.refuse_while_it_goes_out(request, objects) if is_taken_away else None


@hooks.register("register_admin_urls")
def office_urls() -> list[URLPattern | URLResolver]:
    """Give sending and the import their addresses in the admin."""
    ways = [
        path("<int:pk>/", office.SendView.as_view(), name="send"),
        path("<int:pk>/progress/", office.ProgressView.as_view(), name="progress"),
        path("<int:pk>/mail/", office.LetterView.as_view(), name="letter"),
    ]
    return [
        path("issues/", include((ways, "newsletter_office"))),
        path("import-subscribers/", admin_views.ImportView.as_view(), name="import_subscribers"),
    ]


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Dress the check list and the report."""
    return format_html(
        '<link rel="stylesheet" href="{}">', static("blog_newsletter/admin/issue.css")
    )


@hooks.register(PERSONAL_DATA_HOOK)
def personal_data() -> Record:
    """Who gets the newsletter, and what they agreed to."""
    return Record("Newsletter", services.export, services.erase)


@hooks.register(NEWSLETTER_HOOK)
def newsletter(request: HttpRequest) -> Newsletter | None:
    """Offer the newsletter beside other forms, where there is a page to join it."""
    if not OrganisationSettings.for_request(request).newsletter_action:
        return None
    return Newsletter(BOX, NEWSLETTER_PROMISE, _ask)


def _ask(request: HttpRequest, email: str, name: str, where: str) -> None:
    asked = services.Request(
        email=email,
        name=name,
        wishes={"wants_news": True, "wants_dates": True, "wants_easy_read": False},
        where=where,
        wording=f"{BOX}. {NEWSLETTER_PROMISE}",
    )
    with suppress(services.RefusedError):
        services.ask(asked, network_hash(request))
