"""What staff put first for some words: pages of the site, and of others."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

from base.querysets import BasePageQuerySet

from .services import Answer
from .words import plain


@dataclass(frozen=True)
class Promoted:
    """What stands before the results, as it is shown."""

    title: str
    kind: str
    url: str
    plain_excerpt: str


def promoted(answer: Answer) -> list[Promoted]:
    """Return what staff chose for the words, as typed or as corrected."""
    text = answer.request.text
    said = {text, plain(text), corrected := answer.query.correct(text), plain(corrected)}
    chosen = _for_everybody().filter(query__query_string__in=map(normalise_query_string, said))
    shown = map(_shown, chosen.select_related("page"))
    return list({each.url: each for each in shown}.values())


def promoted_words() -> set[str]:
    """Return the words for which staff chose something, as searches are counted."""
    return set(map(plain, _for_everybody().values_list("query__query_string", flat=True)))


def _for_everybody() -> QuerySet[SearchPromotion]:
    visible = BasePageQuerySet(Page).visible()
    return SearchPromotion.objects.filter(Q(page=None) | Q(page__in=visible))


def _shown(promotion: SearchPromotion) -> Promoted:
    page, description = promotion.page, promotion.description
    if page:
        return Promoted(page.title, page.specific_class.kind, page.url, description)
    url = promotion.external_link_url
    return Promoted(promotion.external_link_text or url, "Website", url, description)
