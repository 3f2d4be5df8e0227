"""Where the links in rich text lead."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

from django.db.models import QuerySet
from django.utils.html import escape
from wagtail.documents import get_document_model
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.rich_text.rewriters import FIND_A_TAG, extract_attrs

IS_ID = re.compile(r"[0-9]{1,18}").fullmatch

# None stands for a target that is not there.
Targets = dict[int, Any]

_known: ContextVar[Mapping[type, Targets]] = ContextVar("known", default=MappingProxyType({}))


class BulkLinkHandler:
    """Finds the targets of a text's links in one query; in none where `links_of()` knows them."""

    identifier: str

    @classmethod
    @abstractmethod
    def existing(cls) -> QuerySet:
        """Return the targets to which links may lead."""

    @classmethod
    def find(cls, links: Iterable[dict[str, str]]) -> Targets:
        """Return the target of each link by its id. A link without an id has none."""
        ids = {int(link["id"]) for link in links if IS_ID(link.get("id", ""))}
        known = _known.get().get(cls, {})
        missing = ids - known.keys()
        found = cls.existing().in_bulk(missing) if missing else {}
        return known | dict.fromkeys(missing) | found

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Any]:
        """Return the target of each link, or None."""
        targets = cls.find(attrs_list)
        ids = (attrs.get("id", "") for attrs in attrs_list)
        return [targets[int(pk)] if IS_ID(pk) else None for pk in ids]


class PublishedPageLinkHandler(BulkLinkHandler, PageLinkHandler):
    """Links in rich text lead to published pages; to others, the words stay and the link goes.

    All pages of this site have the address that the tree gives them, so they are fetched as plain
    pages, in one query, where Wagtail's handler asks once more for each page type.
    """

    @classmethod
    def existing(cls) -> QuerySet:
        """Return the pages that are published."""
        return Page.objects.live()

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Write each link, with the place on the page that its `fragment` names."""
        return [
            f'<a href="{escape(page.localized.url)}{place(attrs)}">' if page else "<a>"
            for attrs, page in zip(attrs_list, cls.get_many(attrs_list), strict=True)
        ]


class BulkDocumentLinkHandler(BulkLinkHandler, DocumentLinkHandler):
    """Links to documents; to one that is gone, the words stay and the link goes."""

    @classmethod
    def existing(cls) -> QuerySet:
        """Return all documents."""
        return get_document_model().objects.all()


HANDLERS = (PublishedPageLinkHandler, BulkDocumentLinkHandler)


@contextmanager
def links_of(texts: Iterable[str]) -> Iterator[None]:
    """Find the targets of all links in some texts, with one query for each kind of target.

    Within, no link in one of these texts asks the database again.
    """
    links = [extract_attrs(tag) for text in texts for tag in FIND_A_TAG.findall(text)]
    of_kind = {
        handler: [link for link in links if link.get("linktype") == handler.identifier]
        for handler in HANDLERS
    }
    token = _known.set({handler: handler.find(of_kind[handler]) for handler in HANDLERS})
    try:
        yield
    finally:
        _known.reset(token)


def place(attrs: dict[str, str]) -> str:
    """Return the end of an address that leads to a place on the page; nothing for its top."""
    fragment = attrs.get("fragment", "")
    return "#" + quote(unquote(fragment), safe="-._~!$()*+,;=:@/?") if fragment else ""
