"""What staff see of the search: what people look for, and what they would be shown."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.contrib.search_promotions.models import Query as PromotedQuery

from base.search_backend import MAX_CHARACTERS

from . import excerpts, services
from .promotions import promoted
from .query import Group
from .reports import PERIODS, Report
from .results import results_of
from .services import Request
from .vocabulary import Vocabulary

PERMISSION = "search.change_synonym"
PREVIEWED = 10


class SearchesView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """What visitors search for, and what to do about words that find nothing."""

    permission_required = PERMISSION
    raise_exception = True
    header_icon = "search"
    page_title = "Searches"
    template_name = "search/admin/searches.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Stand alone."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers of the `?days=` that were chosen."""
        chosen = self.request.GET.get("days", "")
        days = int(chosen) if chosen in map(str, PERIODS) else min(PERIODS)
        report = Report(days)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"report": report, "days": days, "periods": PERIODS}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open the page where staff choose what stands first for some words."""
        words = request.POST.get("promote", "").strip()[:MAX_CHARACTERS]
        if not words or not request.user.has_perm("wagtailsearchpromotions.add_searchpromotion"):
            return redirect("searches")
        query = PromotedQuery.get(words)
        return redirect("wagtailsearchpromotions:edit", query.pk)


class PreviewView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """What a visitor would see for some words, and why in this order."""

    permission_required = PERMISSION
    raise_exception = True
    header_icon = "view"
    page_title = "What would a visitor see?"
    template_name = "search/admin/preview.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Stand below the numbers."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("searches"), "label": SearchesView.page_title},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the first results for `?q=`, with their reasons."""
        text = self.request.GET.get("q", "").replace("\x00", "").strip()[:MAX_CHARACTERS]
        answer = services.find(Request(text))
        scores = {score.entry.pk: score for score in answer.scores[:PREVIEWED]}
        groups = answer.query.groups
        results = results_of(list(scores), excerpts.asked(groups))
        vocabulary = Vocabulary.current()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "text": text,
            "answer": answer,
            "promoted": promoted(answer),
            "looked_for": [_ways_said(group, vocabulary) for group in groups],
            "rows": [
                (
                    result,
                    scores[key],
                    [
                        (vocabulary.in_full(group.ways[0].stems), worth)
                        for group, worth in scores[key].words.items()
                    ],
                )
                for key, result in results.items()
            ],
        }


def _ways_said(group: Group, vocabulary: Vocabulary) -> list[str]:
    """Return the ways to say it that any page uses, in whole words; at least the visitor's own."""
    ways = dict.fromkeys(way.stems for way in group.ways)
    said = [vocabulary.in_full(stems) for stems in ways if vocabulary.count(stems)]
    return said or [vocabulary.in_full(group.ways[0].stems)]
