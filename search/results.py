"""Found entries as what they stand for: pages with their cards, documents, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page

from base.models.page import BasePage

from . import excerpts
from .models import Entry

Key = tuple[int, str]


@dataclass(frozen=True)
class Result:
    """One answer as it is shown: a page or a document, with the part of it that answers."""

    item: Any
    title: str
    excerpt: SafeString

    @property
    def is_page(self) -> bool:
        """Whether it has a card of its own."""
        return isinstance(self.item, Page)

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
        return str(self.item.kind) if self.is_page else "Document"


def results_of(keys: Sequence[int], stems: Collection[str]) -> list[Result]:
    """Return what entries stand for, in their order, in a fixed number of queries for each type.

    What somebody may no longer see is left out here too, whatever the entries say.
    """
    entries = Entry.objects.in_bulk(keys)
    found = [entries[key] for key in keys if key in entries]
    items = _items(found)
    return [
        Result(
            items[key],
            entry.title,
            excerpts.excerpt(entry.summary, entry.text, stems),
        )
        for entry in found
        if (key := (entry.content_type_id, entry.object_id)) in items
    ]


def _items(entries: Sequence[Entry]) -> dict[Key, Any]:
    by_type: defaultdict[int, list[str]] = defaultdict(list)
    for entry in entries:
        by_type[entry.content_type_id].append(entry.object_id)
    items: dict[Key, Any] = {}
    for content_type, object_ids in by_type.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is None:
            continue
        for item in _public(model, object_ids):
            items[content_type, str(item.pk)] = item
    return items


def _public(model: type[Any], keys: Sequence[str]) -> Collection[Any]:
    """Return those of the objects that every visitor may see."""
    if issubclass(model, BasePage):
        return model.objects.for_cards().filter(pk__in=keys).visible()
    return public_documents().filter(pk__in=keys)


def public_documents() -> Any:
    """Return the documents that stand in no private collection."""
    documents = get_document_model().objects.select_related("collection")
    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    for path in paths:
        documents = documents.exclude(collection__path__startswith=path)
    return documents
