from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import CallToAction, Testimonial, Topic
from .rich_text import PublishedPageLinkHandler


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
    menu_order = 300
    items = (TopicViewSet, TestimonialViewSet, CallToActionViewSet)


register_snippet(SharedContent)


@hooks.register("register_rich_text_features", order=100)
def link_to_published_pages(features: FeatureRegistry) -> None:
    """Replace Wagtail's own way of writing links to pages."""
    features.register_link_type(PublishedPageLinkHandler)


@hooks.register("before_copy_page")
def refuse_aliases(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Explain why there are no aliases: lists would show one while its source is private."""
    if request.method == "POST" and request.POST.get("alias"):
        messages.error(request, "This site has no aliases. Make a copy, or link to the page.")
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Give the admin the organisation's ink and marigold."""
    return format_html('<link rel="stylesheet" href="{}">', static("base/admin/admin.css"))
