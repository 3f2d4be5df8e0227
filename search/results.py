"""Found entries as what they stand for: pages with their cards, documents, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, get_page_models

from base.models.page import BasePage, as_their_types
from base.querysets import BasePageQuerySet

from . import excerpts
from .models import Entry
from .vocabulary import Stems

Key = tuple[int, str]


@dataclass(frozen=True)
class Result:
    """One answer as it is shown: a page or a document, with the part of it that answers."""

    item: Any
    title: str
    excerpt: SafeString

    @cached_property
    def url(self) -> str:
        """Where it is."""
        return str(self.item.url)

    @property
    def plain_excerpt(self) -> str:
        """The excerpt without its marks."""
        return unescape(strip_tags(self.excerpt))

    @property
    def kind(self) -> str:
        """What it is, in a word."""
        return str(self.item.kind) if isinstance(self.item, Page) else "Document"


def results_of(keys: Sequence[int], ways: Collection[Stems]) -> dict[int, Result]:
    """Return what entries stand for, by key and in their order, in a fixed number of queries.

    What somebody may no longer see is left out here too, whatever the entries say.
    """
    entries = Entry.objects.in_bulk(keys)
    found = [entries[key] for key in keys if key in entries]
    items = _items(found)
    return {
        entry.pk: Result(
            items[key],
            entry.title,
            excerpts.excerpt(entry.summary, entry.text, ways),
        )
        for entry in found
        if (key := (entry.content_type_id, entry.object_id)) in items
    }


def prepare_rows(results: Iterable[Result]) -> None:
    """Fetch what rows show of the pages besides, for all of a type at once."""
    by_type: defaultdict[type[BasePage], list[BasePage]] = defaultdict(list)
    for result in results:
        if isinstance(result.item, BasePage):
            by_type[type(result.item)].append(result.item)
    for model, pages in by_type.items():
        model.prepare_rows(pages)


def _items(entries: Sequence[Entry]) -> dict[Key, Any]:
    """Return what entries stand for, as far as every visitor may still see it."""
    documents = ContentType.objects.get_for_model(get_document_model())
    keys = [entry.object_id for entry in entries if entry.content_type_id != documents.pk]
    items: dict[Key, Any] = {
        (page.cached_content_type.pk, str(page.pk)): page for page in _pages(keys)
    }
    keys = [entry.object_id for entry in entries if entry.content_type_id == documents.pk]
    if keys:
        found = public_documents().filter(pk__in=keys)
        items |= {(documents.pk, str(document.pk)): document for document in found}
    return items


def _pages(keys: Sequence[str]) -> list[BasePage]:
    """Return pages, each as its own type."""
    types = [model for model in get_page_models() if issubclass(model, BasePage)]
    return list(as_their_types(BasePageQuerySet(Page).filter(pk__in=keys).visible(), types))


def public_documents() -> Any:
    """Return the documents that stand in no private collection."""
    documents = get_document_model().objects.select_related("collection")
    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    for path in paths:
        documents = documents.exclude(collection__path__startswith=path)
    return documents
