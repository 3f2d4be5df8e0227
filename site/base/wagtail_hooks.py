from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from . import personal_data
from .admin_views import PersonalDataView
from .models import CallToAction, Testimonial, Topic
from .publishing import faults_of
from .rich_text import HANDLERS
from .rich_text_editor import LINK_RULE


class TopicViewSet(SnippetViewSet):
    """Topics of news and courses."""

    model = Topic
    icon = "tag"
    menu_label = "Topics"
    list_display = ["name", "description", "tone"]
    list_filter = ["tone"]
    prepopulated_fields = {"slug": ("name",)}


class TestimonialViewSet(SnippetViewSet):
    """What people said."""

    model = Testimonial
    icon = "openquote"
    menu_label = "Testimonials"
    list_display = ["name", "organisation", "year", "is_sample"]
    list_filter = ["year", "is_sample"]


class CallToActionViewSet(SnippetViewSet):
    """Invitations that stand on many pages."""

    model = CallToAction
    icon = "pick"
    menu_label = "Calls to action"
    list_display = ["title", "link_text"]


class SharedContent(SnippetViewSetGroup):
    """What is written once and used on many pages, in one menu."""

    menu_label = "Shared content"
    menu_icon = "snippet"
    menu_order = 230
    items = (TopicViewSet, TestimonialViewSet, CallToActionViewSet)


register_snippet(SharedContent)


@hooks.register("register_rich_text_features", order=100)
def write_links(features: FeatureRegistry) -> None:
    """Replace Wagtail's own way of writing links."""
    for handler in HANDLERS:
        features.register_link_type(handler)
    features.register_converter_rule("contentstate", "link", LINK_RULE)


@hooks.register("before_copy_page")
def refuse_aliases(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Explain why there are no aliases: lists would show one while its source is private."""
    if request.method == "POST" and request.POST.get("alias"):
        messages.error(request, "This site has no aliases. Make a copy, or link to the page.")
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("before_bulk_action")
def refuse_unfinished_drafts(
    request: HttpRequest, action_type: str, objects: list[Any], action: object
) -> HttpResponse | None:
    """Explain which page is not ready, before several are published at once."""
    if action_type != "publish" or not isinstance(objects[0], Page):
        return None
    chosen = Q(pk__in=[page.pk for page in objects])
    if request.POST.get("include_descendants"):
        below = [Q(path__startswith=page.path, live=False) for page in objects]
        chosen = reduce(or_, below, chosen)
    for page in Page.objects.filter(chosen).specific().iterator():
        draft = page.get_latest_revision_as_object()
        if faults := faults_of(draft):
            title = draft.get_admin_display_title()
            messages.error(
                request,
                f"“{title}” is not finished, so nothing was published. {' '.join(faults)}",
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("register_admin_urls")
def personal_data_url() -> list[URLPattern]:
    """Where the office answers what people ask about their own data."""
    return [path("personal-data/", PersonalDataView.as_view(), name="personal_data")]


class PersonalDataMenuItem(MenuItem):
    """Shown to those who may answer."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask as the page does."""
        return bool(request.user.has_perm(personal_data.PERMISSION))


@hooks.register("register_admin_menu_item")
def personal_data_menu_item() -> MenuItem:
    """Put the page into the menu."""
    url = reverse("personal_data")
    return PersonalDataMenuItem("Personal data", url, icon_name="user", order=240)


@hooks.register("register_permissions")
def personal_data_permission() -> QuerySet[Permission]:
    """Let administrators give the permission to a group."""
    return Permission.objects.filter(
        content_type__app_label="base", codename="answer_personal_data"
    )


@hooks.register(personal_data.HOOK, order=1000)
def mails() -> personal_data.Record:
    """Mails of the last weeks."""
    return personal_data.Record(
        "Mails",
        personal_data.export_mails,
        personal_data.erase_mails,
        stays=personal_data.waiting_mails,
    )


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Give the admin the organisation's ink and marigold."""
    return format_html('<link rel="stylesheet" href="{}">', static("base/admin/admin.css"))
