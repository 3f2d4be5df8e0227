import logging
import posixpath
from http import HTTPStatus

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .models import BasePage, OrganisationSettings
from .services import count_pending_migrations
from .social import address_of, picture_of

logger = logging.getLogger(__name__)

RENDITIONS_FOLDER = "images/"
MAX_KEY = 2**63 - 1


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs. Asks nothing of the database."""
    return HttpResponse("live\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer whether visitors can be served: the database answers and its tables are up to date.

    503 with the reason in plain words when they cannot.
    """
    try:
        pending = count_pending_migrations()
    except DatabaseError:
        logger.exception("The database does not answer")
        problem = "The database does not answer."
    else:
        problem = f"{pending} migrations wait to be applied." if pending else ""
    if problem:
        return JsonResponse(
            {"ready": False, "problem": problem}, status=HTTPStatus.SERVICE_UNAVAILABLE
        )
    return JsonResponse({"ready": True})


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve the pictures' renditions, whose names change with their content.

    Only renditions: uploaded originals may hold more than the editor meant to show, and documents
    have their own address, where Wagtail checks who may read them.
    """
    if not path.startswith(RENDITIONS_FOLDER) or posixpath.normpath(path) != path:
        raise Http404
    try:
        modified = int(default_storage.get_modified_time(path).timestamp())
        if parse_http_date_safe(request.headers.get("If-Modified-Since", "")) == modified:
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        response = FileResponse(default_storage.open(path))
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    response["Last-Modified"] = http_date(modified)
    return response


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def social_picture(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """Answer with the picture that is drawn for a page; for none that visitors may not read."""
    page = Page.objects.live().public().filter(pk=min(pk, MAX_KEY)).first()
    page = page and page.specific
    if not (isinstance(page, BasePage) and address_of(page) == request.path):
        raise Http404
    organisation = OrganisationSettings.for_request(request).organisation_name
    return HttpResponse(picture_of(page, organisation), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what is worth their time and where the sitemap is."""
    return render(request, "base/robots.txt", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the site to a phone that puts it on its home screen."""
    return render(request, "base/site.webmanifest", content_type="application/manifest+json")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for an address that does not exist, in the site's own look."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is not one. Its host may be forged, so nothing is read from it."""
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain in plain words why a form was refused, and what to do."""
    return HttpResponse(render_to_string("403_csrf.html"), status=HTTPStatus.FORBIDDEN)
