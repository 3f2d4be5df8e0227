"""What changes what can be found: pages, documents, who may read them, and staff's other words."""

from functools import cache, partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    get_page_models,
)
from wagtail.search.index import RelatedFields
from wagtail.search.tasks import insert_or_update_object_task
from wagtail.signals import page_published, post_page_move

from base.models.page import BasePage

from . import indexing, tasks
from .models import Edition, Synonym


def connect() -> None:
    """Listen."""
    post_save.connect(_page_changed)
    post_delete.connect(_page_deleted)
    for signal in (post_save, post_delete):
        signal.connect(_page_privacy_changed, sender=PageViewRestriction)
        signal.connect(_document_changed, sender=get_document_model())
        signal.connect(_collection_privacy_changed, sender=CollectionViewRestriction)
        signal.connect(_synonym_changed, sender=Synonym)
    post_save.connect(_label_changed)
    m2m_changed.connect(_page_completed)
    page_published.connect(_page_completed)
    post_page_move.connect(_page_moved)
    post_save.connect(_collection_changed, sender=Collection)


def _page_changed(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if issubclass(sender, BasePage) and not raw:
        tasks.refresh_page.enqueue(instance.pk)


def _page_completed(instance: Any, **kwargs: Any) -> None:
    """A page's topics are saved after the page, when Wagtail has already indexed it.

    The same tasks are asked for as when it was saved, so that within `once()` each is done once.
    """
    if isinstance(instance, BasePage) and instance.pk:
        model = instance._meta
        insert_or_update_object_task.enqueue(model.app_label, model.model_name, str(instance.pk))
        tasks.refresh_page.enqueue(instance.pk)


def _label_changed(
    sender: type[Model], instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """Pages are found by the names under which they are filed: topics, standards."""
    if created or raw:
        return
    for model, name in _filed_under(sender):
        if keys := list(model.objects.filter(**{name: instance.pk}).values_list("pk", flat=True)):
            tasks.refresh_filed_pages.enqueue(keys)


@cache
def _filed_under(label: type[Model]) -> list[tuple[type[BasePage], str]]:
    """Return the page types that are filed under such labels, each with the name of its field."""
    fields = [
        (model, model._meta.get_field(field.field_name))
        for model in get_page_models()
        if issubclass(model, BasePage)
        for field in model.get_search_fields()
        if isinstance(field, RelatedFields)
    ]
    return [
        (model, field.name)
        for model, field in fields
        if field.many_to_many and field.related_model is label
    ]


def _page_deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    if issubclass(sender, BasePage):
        indexing.forget_page(instance.pk)


def _page_privacy_changed(instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    # The page itself may be on its way out, and its restriction with it.
    page = None if raw else Page.objects.filter(pk=instance.page_id).first()
    if page:
        tasks.refresh_pages_below.enqueue(page.path)


def _page_moved(instance: Page, **kwargs: Any) -> None:
    tasks.refresh_pages_below.enqueue(instance.path)


def _document_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        tasks.refresh_document.enqueue(instance.pk)


def _collection_privacy_changed(
    instance: CollectionViewRestriction, raw: bool = False, **kwargs: Any
) -> None:
    if not raw:
        _refresh_collection(instance.collection_id)


def _collection_changed(instance: Collection, raw: bool = False, **kwargs: Any) -> None:
    # Wagtail moves a collection after it has saved it, and tells nobody.
    if not raw:
        transaction.on_commit(partial(_refresh_collection, instance.pk))


def _refresh_collection(pk: int) -> None:
    if collection := Collection.objects.filter(pk=pk).first():
        tasks.refresh_documents_below.enqueue(collection.path)


def _synonym_changed(**kwargs: Any) -> None:
    Edition.objects.begin()
