"""What of pages and documents can be found: the only writer of entries and vocabulary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils.html import strip_tags
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page, get_page_models
from wagtail.search.index import BaseField, RelatedFields, SearchField

from base.models.page import BasePage

from .models import DOCUMENTS, Edition, Entry, Term
from .results import public_documents
from .words import stems_of, words_in

CHUNK = 200
KEYS = ("id", "content_type", "object_id")
UPDATED = [field.name for field in Entry._meta.concrete_fields if field.name not in KEYS]


def refresh_pages(keys: Iterable[int]) -> None:
    """Let searches find these pages as they are now, or no longer."""
    types = [model for model in get_page_models() if issubclass(model, BasePage)]
    content_types = ContentType.objects.get_for_models(*types, for_concrete_models=False).values()
    for chunk in _chunks(keys):
        with transaction.atomic():
            edition = Edition.objects.begin()
            entries = [_entry_of_page(page) for page in _visible_pages(chunk)]
            _replace(entries, content_types, chunk, edition)


def _visible_pages(keys: Sequence[int]) -> Iterator[BasePage]:
    """Yield those of the pages that every visitor may read, each as its own type.

    One query for each type: with one page at a time, as usual, that is quicker than joining all.
    """
    rows = Page.objects.filter(pk__in=keys).values_list("content_type", "pk")
    by_type: defaultdict[int, list[int]] = defaultdict(list)
    for content_type, pk in rows:
        by_type[content_type].append(pk)
    for content_type, pks in by_type.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model and issubclass(model, BasePage):
            yield from model.objects.filter(pk__in=pks).visible()


def refresh_documents(keys: Iterable[int]) -> None:
    """The same for documents, which are found by their titles."""
    model = get_document_model()
    content_type = ContentType.objects.get_for_model(model)
    for chunk in _chunks(keys):
        with transaction.atomic():
            edition = Edition.objects.begin()
            documents = public_documents().filter(pk__in=chunk)
            entries = [_entry_of_document(document, content_type) for document in documents]
            _replace(entries, [content_type], chunk, edition)


def forget_page(key: int) -> None:
    """Let searches no longer find a page that is on its way out."""
    gone = Entry.objects.of_pages([str(key)])
    content_types = ContentType.objects.filter(pk__in=gone.values("content_type"))
    with transaction.atomic():
        _replace([], list(content_types), [key], Edition.objects.begin())


def refresh_everything() -> None:
    """Let searches find all that there is and nothing else, whatever happened meanwhile."""
    of_documents = ContentType.objects.get_for_model(get_document_model())
    for model, refresh, entries in (
        (Page, refresh_pages, Entry.objects.exclude(content_type=of_documents)),
        (
            get_document_model(),
            refresh_documents,
            Entry.objects.filter(content_type=of_documents),
        ),
    ):
        gone = set(map(int, entries.values_list("object_id", flat=True)))
        there = set(model.objects.values_list("pk", flat=True))
        refresh(sorted(gone | there))
    Term.objects.filter(entries__lte=0).delete()


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(keys)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _replace(
    entries: Sequence[Entry],
    content_types: Iterable[ContentType],
    keys: Sequence[int],
    edition: int,
) -> None:
    """Put entries in the place of those that stood for the same keys."""
    old = Entry.objects.filter(
        content_type__in=content_types, object_id__in=[str(key) for key in keys]
    )
    change: Counter[str] = Counter()
    for entry in entries:
        change.update(entry.words)
    stays = {(entry.content_type_id, entry.object_id) for entry in entries}
    for entry in old:
        change.subtract(entry.words)
    gone = [e.pk for e in old if (e.content_type_id, e.object_id) not in stays]
    if gone:
        Entry.objects.filter(pk__in=gone).delete()
    Entry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=UPDATED,
    )
    _count({word: number for word, number in change.items() if number}, edition)


def _count(change: dict[str, int], edition: int) -> None:
    """Add to the numbers of entries in which words stand."""
    known = set(Term.objects.filter(word__in=change).values_list("word", flat=True))
    by_number: defaultdict[int, list[str]] = defaultdict(list)
    for word in known:
        by_number[change[word]].append(word)
    for number, words in by_number.items():
        terms = Term.objects.filter(word__in=words)
        terms.update(entries=F("entries") + number, edition=edition)
    new = [
        Term(word=word, entries=number, edition=edition)
        for word, number in change.items()
        if word not in known
    ]
    Term.objects.bulk_create(new)


def _entry_of_page(page: BasePage) -> Entry:
    fields = page.get_search_fields()
    labels = [field for field in fields if isinstance(field, RelatedFields)]
    return _entry(
        page,
        content_type=page.cached_content_type,
        found_as=page.found_as,
        title=page.title,
        summary=strip_tags(page.listing_summary),
        labels="\n".join(_texts(page, labels)),
        text="\n".join(_texts(page, [field for field in fields if field not in labels])),
        dated_at=page.listing_date or page.first_published_at,
        ages=page.ages,
        replacement_id=page.replacement_id,
    )


def _entry_of_document(document: AbstractDocument, content_type: ContentType) -> Entry:
    return _entry(
        document,
        content_type=content_type,
        found_as=DOCUMENTS,
        title=document.title,
        summary="",
        labels="",
        text="",
        dated_at=document.created_at,
        ages=False,
        replacement_id=None,
    )


def _entry(
    item: models.Model, *, title: str, summary: str, labels: str, text: str, **fields: Any
) -> Entry:
    return Entry(
        object_id=str(item.pk),
        title=title,
        summary=summary,
        labels=labels,
        text=text,
        title_stems=stems_of(title),
        summary_stems=stems_of(summary),
        label_stems=stems_of(labels),
        text_stems=stems_of(text),
        length=sum(1 for _ in words_in(text)),
        **fields,
    )


def _texts(item: Any, fields: Iterable[BaseField]) -> Iterator[str]:
    """Yield what an object says in the fields that are searched, but for its title."""
    for field in fields:
        if isinstance(field, RelatedFields):
            related = field.get_value(item)
            others = related.all() if hasattr(related, "all") else [related] if related else []
            for other in others:
                yield from _texts(other, field.fields)
        elif isinstance(field, SearchField) and field.field_name != "title":
            yield from _flat(field.get_value(item))


def _flat(value: Any) -> Iterator[str]:
    match value:
        case None | "":
            return
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _flat(part)
        case list() | tuple():
            for part in value:
                yield from _flat(part)
        case _:
            yield str(value)
