"""How the editor keeps links. Apart from `rich_text`, since models need that before the admin."""

from typing import Any

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    PageLinkElementHandler,
)


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
