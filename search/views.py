from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from base.search_backend import MAX_CHARACTERS

from . import services, showing
from .promotions import Promoted, promoted
from .results import Result, prepare_rows
from .services import A_PAGE, DATES, Request
from .suggestions import suggest
from .tally import counter

A_PAGE_OF_DATES = 30


def _read(request: HttpRequest) -> Request:
    """Read an address. What makes no sense counts as not said."""
    said = {name: request.GET[name].replace("\x00", "") for name in request.GET}
    return Request(
        said.get("q", "").strip()[:MAX_CHARACTERS],
        found_as=said.get("type", "")[:30],
        newest_first=said.get("sort") == "date",
        exactly=said.get("exact") == "1",
        words_only=said.get("words") == "1",
    )


def _noindex(response: HttpResponse) -> HttpResponse:
    """Keep answers out of search engines: they lead to pages, which are in."""
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what answers `?q=`. Any characters whatsoever give a page, never an error.

    `type` narrows it down, `sort=date` shows the newest first; `exact=1` corrects nothing and
    `words=1` takes no month or place out of the words.
    """
    asked = _read(request)
    answer = services.find(asked)
    dates = showing.dates_of(answer) if asked.found_as == DATES else []
    found: Sequence[Any] = dates or answer.scores
    pages = Paginator(found, A_PAGE_OF_DATES if dates else A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    words = answer.query.correct(asked.text)
    # Another look at the same answer is no other search.
    if asked.text and asked == Request(asked.text) and "page" not in request.GET:
        counter.search(words, 0 if answer.is_partial else answer.total)
    context: dict[str, Any] = {
        "answer": answer,
        "counted_as": words,
        "page_obj": page,
        "links": showing.Links(asked),
        "kinds": showing.kinds(answer),
        "chips": showing.chips(answer),
        "promoted": promoted(answer) if page.number == 1 else [],
    }
    if dates:
        context["dates"] = showing.leaves(answer, page)
    else:
        context["results"], context["related"] = showing.show(answer, page)
        prepare_rows(context["results"])
    if asked.text and not answer.total:
        context |= {
            "nearest": showing.nearest(answer),
            "topics": showing.topics(answer),
            "next_dates": showing.next_dates(answer),
            "ways_on": showing.ways_on(request),
        }
    return _noindex(render(request, "search/search.html", context))


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answer the same as JSON, as `docs/search.openapi.json` describes it."""
    asked = _read(request)
    answer = services.find(asked)
    page = Paginator(answer.scores, A_PAGE).get_page(request.GET.get("page"))
    first = promoted(answer) if page.number == 1 else []
    found, near = showing.show(answer, page)
    return _noindex(
        JsonResponse(
            {
                "query": asked.text,
                "corrected": answer.query.corrected,
                "filters": [chip.label for chip in answer.chips],
                "total": answer.shown,
                "counts": dict(answer.counts),
                "page": page.number,
                "pages": page.paginator.num_pages,
                "promoted": [_as_json(each, request) for each in first],
                "results": [_as_json(each, request) for each in found],
                "related": [_as_json(each, request) for each in near],
            }
        )
    )


def _as_json(result: Result | Promoted, request: HttpRequest) -> dict[str, str]:
    return {
        "title": result.title,
        "kind": result.kind,
        "url": request.build_absolute_uri(result.url),
        "excerpt": result.plain_excerpt,
    }


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer what somebody who typed `?q=` may mean."""
    text = _read(request).text
    found = suggest(text, request)
    return _noindex(
        JsonResponse(
            {
                "query": text,
                "suggestions": [
                    {"text": each.text, "url": each.url, "kind": each.kind} for each in found
                ],
            }
        )
    )


@csrf_exempt  # counts only; a browser that leaves the page sends no token
@require_POST
def clicked(request: HttpRequest) -> HttpResponse:
    """Count that somebody went on to a result of `q`."""
    counter.click(request.POST.get("q", "")[:MAX_CHARACTERS])
    return HttpResponse(status=204)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def description(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers (OpenSearch 1.1, draft 6)."""
    media_type = "application/opensearchdescription+xml"
    return render(request, "search/opensearch.xml", content_type=media_type)
