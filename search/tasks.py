from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django_tasks import task
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page
from wagtail.search.index import insert_or_update_object

from base.clock.schedule import QUEUE, every

from . import indexing, tally


@task()
def refresh_page(pk: int) -> None:
    """Let searches find a page as it is now."""
    indexing.refresh_pages([pk])


@task()
def refresh_pages_below(path: str) -> None:
    """The same for all pages whose path begins so."""
    pages = Page.objects.filter(path__startswith=path)
    indexing.refresh_pages(list(pages.values_list("pk", flat=True)))


@task(backend=QUEUE)
def refresh_filed_pages(keys: list[int]) -> None:
    """The same for all pages that are filed under a name, in Wagtail's index too.

    There may be hundreds of them; who changed the name does not wait.
    """
    for page in Page.objects.filter(pk__in=keys).specific():
        insert_or_update_object(page)
    indexing.refresh_pages(keys)


@task()
def refresh_document(pk: int) -> None:
    """Let searches find a document as it is now."""
    indexing.refresh_documents([pk])


@task()
def refresh_documents_below(path: str) -> None:
    """The same for all documents of the collections whose path begins so."""
    collections = Collection.objects.filter(path__startswith=path)
    documents = get_document_model().objects.filter(collection__in=collections)
    indexing.refresh_documents(list(documents.values_list("pk", flat=True)))


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_old_numbers() -> None:
    """Delete how often people searched for what, after thirteen months."""
    tally.forget_old_numbers()


@every(timedelta(days=1))
@task(backend=QUEUE)
def refresh_everything() -> None:
    """Mend what changed past the models; a new version's first worker fills the index so."""
    ContentType.objects.clear_cache()
    indexing.refresh_everything()
