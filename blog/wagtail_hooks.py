from wagtail import hooks
from wagtail.admin.viewsets.pages import PageListingViewSet

from .models import BlogPage


class NewsListing(PageListingViewSet):
    """All posts in one list."""

    model = BlogPage
    icon = "doc-full"
    menu_label = "News"
    menu_order = 190
    add_to_admin_menu = True


@hooks.register("register_admin_viewset")
def news_listing() -> NewsListing:
    """Put the list of posts into the admin's menu."""
    return NewsListing("news")
