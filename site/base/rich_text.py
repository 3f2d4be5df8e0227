import re
from typing import Any
from urllib.parse import quote, unquote

from django.utils.html import escape
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    PageLinkElementHandler,
)
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

IS_ID = re.compile(r"[0-9]{1,18}").fullmatch


class PublishedPageLinkHandler(PageLinkHandler):
    """Links in rich text lead to published pages; to others, the words stay and the link goes.

    All pages of this site have the address that the tree gives them, so they are fetched as plain
    pages, in one query, where Wagtail's handler asks once more for each page type.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Page | None]:
        """Return the published page for each link, or None."""
        ids = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.live().in_bulk({int(pk) for pk in ids if IS_ID(pk)})
        return [pages.get(int(pk)) if IS_ID(pk) else None for pk in ids]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Write each link, with the place on the page that its `fragment` names."""
        return [
            f'<a href="{escape(page.localized.url)}{place(attrs)}">' if page else "<a>"
            for attrs, page in zip(attrs_list, cls.get_many(attrs_list), strict=True)
        ]


class PlacedLinkElementHandler(PageLinkElementHandler):
    """Gives the editor a link to a page with its `fragment`, so that saving keeps it."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        """Return what the editor remembers of a link."""
        data: dict[str, Any] = super().get_attribute_data(attrs)
        fragment = attrs.get("fragment")
        return data | {"fragment": fragment} if fragment else data


def placed_link_entity(props: dict[str, Any]) -> Any:
    """Take a link from the editor, as Wagtail does, and its `fragment` with it."""
    fragment = props.get("fragment")
    if not fragment or props.get("id") is None:
        return link_entity(props)
    attributes = {"linktype": "page", "id": props["id"], "fragment": fragment}
    return DOM.create_element("a", attributes, props["children"])


LINK_RULE = {
    "from_database_format": {
        "a[href]": ExternalLinkElementHandler("LINK"),
        'a[linktype="page"]': PlacedLinkElementHandler("LINK"),
    },
    "to_database_format": {"entity_decorators": {"LINK": placed_link_entity}},
}


def place(attrs: dict[str, str]) -> str:
    """Return the end of an address that leads to a place on the page; nothing for its top."""
    fragment = attrs.get("fragment", "")
    return "#" + quote(unquote(fragment), safe="-._~!$()*+,;=:@/?") if fragment else ""
