import re

from django.db.models import Model
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

IS_ID = re.compile(r"[0-9]{1,18}").fullmatch


class PublishedPageLinkHandler(PageLinkHandler):
    """Links in rich text lead to published pages; to others, the words stay and the link goes.

    All pages of this site have the address that the tree gives them, so they are fetched as plain
    pages, in one query, where Wagtail's handler asks once more for each page type.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Model | None]:
        """Return the published page for each link, or None."""
        ids = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.live().in_bulk({int(pk) for pk in ids if IS_ID(pk)})
        return [pages.get(int(pk)) if IS_ID(pk) else None for pk in ids]
