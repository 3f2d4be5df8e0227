from django.db.models import Model
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class PublishedPageLinkHandler(PageLinkHandler):
    """Links in rich text lead to published pages; to others, the words stay and the link goes.

    All pages of this site have the address that the tree gives them, so they are fetched as plain
    pages, in one query, where Wagtail's handler asks once more for each page type.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Model | None]:
        """Return the published page for each link, or None."""
        pages = Page.objects.live().in_bulk({int(attrs["id"]) for attrs in attrs_list})
        return [pages.get(int(attrs["id"])) for attrs in attrs_list]
