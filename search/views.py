from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.search_backend import MAX_CHARACTERS

from . import services

RESULTS_A_PAGE = 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that match `?q=`. Any characters whatsoever give a page, never an error."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_CHARACTERS]
    results = Paginator(services.find_pages(query), RESULTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    results.object_list = services.as_their_own(results.object_list)
    for page in results:
        page.excerpt = services.excerpt(page, query)
    return render(request, "search/search.html", {"query": query, "results": results})
