from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponsePermanentRedirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from .services import page_at_permalink
from .views import ImportView, RunView, may_import

urlpatterns = [
    path("", ImportView.as_view(), name="import"),
    path("run/", RunView.as_view(), name="run"),
]


class ImportMenuItem(MenuItem):
    """Leads those who may add and publish posts to the import."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Leave the entry away where it would lead to a refusal."""
        return may_import(request.user)


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern | URLResolver]:
    """Give the import its addresses in the admin."""
    return [path("import-posts/", include((urlpatterns, "blog_migrate")))]


@hooks.register("before_serve_page")
def follow_permalink(
    page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """Lead from an old post's address below the home page, such as `/?p=7`, to the post.

    Wagtail's redirects are asked only where there is no page; there, the home page is.
    """
    address = page_at_permalink(request)
    return HttpResponsePermanentRedirect(address) if address else None


@hooks.register("register_settings_menu_item")
def import_menu_item() -> ImportMenuItem:
    """Put the import under “Settings”."""
    return ImportMenuItem(
        "Import posts", reverse("blog_migrate:import"), icon_name="upload", order=900
    )
