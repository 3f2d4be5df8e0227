from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from base.lists import RecordAdmin
from base.models import NEWSLETTER_PROMISE, OrganisationSettings
from base.network import network_hash
from base.newsletter import HOOK as NEWSLETTER_HOOK
from base.newsletter import Newsletter
from base.personal_data import HOOK as PERSONAL_DATA_HOOK
from base.personal_data import Record

from . import admin_views, services
from .forms import BOX
from .models import Subscriber


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


@hooks.register("register_admin_urls")
def import_url() -> list[URLPattern]:
    """Give the import its address in the admin."""
    view = admin_views.ImportView.as_view()
    return [path("import-subscribers/", view, name="import_subscribers")]


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
