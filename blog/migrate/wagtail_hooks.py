from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

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


@hooks.register("register_settings_menu_item")
def import_menu_item() -> ImportMenuItem:
    """Put the import under “Settings”."""
    return ImportMenuItem(
        "Import posts", reverse("blog_migrate:import"), icon_name="upload", order=900
    )
