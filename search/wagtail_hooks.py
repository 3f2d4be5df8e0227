from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from .admin_views import PERMISSION, PreviewView, SearchesView
from .models import Synonym


class SynonymCreateView(CreateView):
    """Begins with the words from which somebody came."""

    def get_initial_form_instance(self) -> Synonym:
        """Take the words from `?word=`."""
        return Synonym(word=self.request.GET.get("word", "")[:100])


@register_snippet
class SynonymViewSet(SnippetViewSet):
    """Other words for the same thing."""

    model = Synonym
    icon = "search"
    menu_label = "Search words"
    menu_name = "search-words"
    add_to_settings_menu = True
    list_display = ["word", "means", "both_ways"]
    list_filter = ["both_ways"]
    list_per_page = 50
    ordering = ["word"]
    search_fields = ["word", "means"]
    add_view_class = SynonymCreateView


@hooks.register("register_admin_urls")
def searches_urls() -> list[URLPattern]:
    """Where staff see what people look for."""
    return [
        path("searches/", SearchesView.as_view(), name="searches"),
        path("searches/preview/", PreviewView.as_view(), name="searches_preview"),
    ]


class SearchesMenuItem(MenuItem):
    """Shown to those who may do something about it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask as the page does."""
        return bool(request.user.has_perm(PERMISSION))


@hooks.register("register_reports_menu_item")
def searches_menu_item() -> MenuItem:
    """Put the numbers among the reports."""
    return SearchesMenuItem("Searches", reverse("searches"), icon_name="search", order=1290)


@hooks.register("construct_reports_menu")
def leave_out_stock_report(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take Wagtail's own report away: it counts with a write to the database at each search."""
    items[:] = [item for item in items if item.name != "search-terms"]


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Style the two pages."""
    return format_html('<link rel="stylesheet" href="{}">', static("search/admin/searches.css"))
