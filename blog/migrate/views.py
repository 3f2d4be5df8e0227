from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from base.models import User

from . import uploads
from .errors import UnreadableError
from .fetching import Fetcher
from .forms import ImportForm
from .report import Report
from .services import Importer, news_page
from .sources import open_source

# A web server ends a request that takes half a minute; what is left is done on the next click.
SECONDS = 15
SECONDS_A_PICTURE = 5
SESSION_KEY = "import_posts"
NOTHING_WAITS = "There is nothing waiting to be brought in. Choose a file first."


def may_import(user: Any) -> bool:
    """Whether somebody may add and publish posts under the news page."""
    try:
        permissions = news_page().permissions_for_user(user)
    except UnreadableError:
        return bool(user.is_superuser)
    return bool(permissions.can_add_subpage() and permissions.can_publish_subpage())


def look_through(request: HttpRequest, token: str, *, publish: bool, dry_run: bool) -> Report:
    """Import what waits under a token, or say what would be. Raises UnreadableError."""
    path = uploads.find(token)
    if path is None:
        raise UnreadableError(NOTHING_WAITS)
    fetcher = Fetcher(patience=SECONDS_A_PICTURE)
    user = request.user if isinstance(request.user, User) else None
    with open_source(str(path), fetcher) as source:
        importer = Importer(
            source, fetcher, publish=publish, dry_run=dry_run, user=user, seconds=SECONDS
        )
        return importer.run()


class ImportBase(WagtailAdminTemplateMixin, View):
    """What both steps share: who may take them, and the furniture around them."""

    page_title = "Import posts"
    header_icon = "upload"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in those who may add and publish posts."""
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Say where this is."""
        here = {"url": reverse("blog_migrate:import"), "label": self.page_title}
        return [*self.breadcrumbs_items, here]


class ImportView(ImportBase):
    """Takes a file and shows what an import would do."""

    template_name = "blog_migrate/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=ImportForm()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Try the file without writing anything, and show the report."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        publish = form.cleaned_data["publish"]
        uploads.throw_away(request.session.pop(SESSION_KEY, {}).get("token", ""))
        token = uploads.keep(form.cleaned_data["file"])
        try:
            report = look_through(request, token, publish=publish, dry_run=True)
        except UnreadableError as error:
            uploads.throw_away(token)
            form.add_error("file", str(error))
            return self.render_to_response(self.get_context_data(form=form))
        request.session[SESSION_KEY] = {"token": token, "publish": publish}
        context = self.get_context_data(report=report, publish=publish, goes_on=True)
        return self.render_to_response(context)


class RunView(ImportBase):
    """Does what the report said. Done twice, it finds the posts there and changes nothing."""

    template_name = "blog_migrate/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead those who come back to this address to the form."""
        return redirect("blog_migrate:import")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Import, and show the report."""
        waiting = request.session.get(SESSION_KEY, {})
        token, publish = waiting.get("token", ""), bool(waiting.get("publish"))
        try:
            report = look_through(request, token, publish=publish, dry_run=False)
        except UnreadableError as error:
            request.session.pop(SESSION_KEY, None)
            messages.error(request, str(error))
            return redirect("blog_migrate:import")
        if report.is_complete:
            uploads.throw_away(token)
            request.session.pop(SESSION_KEY, None)
        context = self.get_context_data(
            report=report, publish=publish, goes_on=not report.is_complete
        )
        return self.render_to_response(context)
