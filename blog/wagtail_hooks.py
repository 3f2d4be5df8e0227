from django.db.models import F, QuerySet
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from .models import BlogPage


def _day(post: BlogPage) -> str:
    return f"{timezone.localtime(post.published_at):%-d %B %Y}" if post.published_at else ""


def _names(post: BlogPage) -> str:
    authors = post.authors.all()
    names = [author.person.title for author in authors]
    return ", ".join(filter(None, [*names, post.byline_beside(authors)]))


class NewsListView(IndexView):
    """Lists what is being written, then what readers see, the newest first."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Title", sort_key="title", classname="title"),
        Column("published", label="Published", accessor=_day, sort_key="published_at"),
        Column("names", label="Written by", accessor=_names),
        PageStatusColumn("status", label="Status", sort_key="live", width="12%"),
    ]
    default_ordering = "-published_at"
    ORDERED_BY_DATE = {
        "published_at": F("published_at").asc(nulls_last=True),
        "-published_at": F("published_at").desc(nulls_first=True),
    }

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        """Fetch the authors of all posts at once."""
        posts: QuerySet = super().annotate_queryset(pages)
        return posts.prefetch_related("authors__person")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """Take a post without a date for newer than all others, on every database."""
        by_date = self.ORDERED_BY_DATE.get(self.ordering)
        if by_date and not self.is_searching:
            return queryset.order_by(by_date, "title")
        return super().order_queryset(queryset)


class NewsListing(PageListingViewSet):
    """All posts in one list."""

    model = BlogPage
    index_view_class = NewsListView
    icon = "doc-full"
    menu_label = "News"
    menu_order = 190
    add_to_admin_menu = True


@hooks.register("register_admin_viewset")
def news_listing() -> NewsListing:
    """Put the list of posts into the admin's menu."""
    return NewsListing("news")
