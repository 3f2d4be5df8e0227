from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page

from base.confidentiality import find
from base.personal_data import HOOK, Record
from blog.models import BlogPage

from . import moderation, services
from .models import MODERATE, Comment, CommentSettings


class CommentsMenuItem(MenuItem):
    """Shown to those who may moderate."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask for the permission that the views ask for."""
        return request.user.has_perm(MODERATE)


class CommentsViewSet(ViewSet):
    """Moderation, in the admin's menu."""

    icon = "comment"
    menu_label = "Comments"
    menu_order = 195
    menu_item_class = CommentsMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        """The queue and what its buttons do."""
        return [
            path("", moderation.QueueView.as_view(), name="queue"),
            path("decide/", moderation.DecideView.as_view(), name="decide"),
            path("undo/<int:pk>/", moderation.UndoView.as_view(), name="undo"),
            path("reply/<int:pk>/", moderation.AnswerView.as_view(), name="reply"),
        ]


class CommentsSummaryItem(SummaryItem):
    """How many comments wait, on the dashboard."""

    order = 350
    template_name = "blog_comments/admin/summary.html"

    def is_shown(self) -> bool:
        """Only to those who may do something about it."""
        return bool(self.request.user.has_perm(MODERATE))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Count what waits and what was reported, and say how many hear of it."""
        queue = reverse("comments:queue")
        settings = reverse("wagtailsettings:edit", args=["blog_comments", "commentsettings"])
        may_set = self.request.user.has_perm("blog_comments.change_commentsettings")
        return {
            "waiting": Comment.objects.waiting().count(),
            "reported": Comment.objects.reported().count(),
            "told": CommentSettings.for_request(self.request).told,
            "url": queue,
            "settings_url": settings if may_set else queue,
        }


@hooks.register("register_admin_viewset")
def comments() -> CommentsViewSet:
    """Put moderation into the admin."""
    return CommentsViewSet("comments")


@hooks.register("construct_homepage_summary_items")
def summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Put the count on the dashboard."""
    items.append(CommentsSummaryItem(request))


@hooks.register(HOOK)
def personal_data() -> Record:
    """What readers wrote."""
    return Record("Comments", services.export, services.erase)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Dress the queue."""
    return format_html('<link rel="stylesheet" href="{}">', static("blog_comments/admin.css"))


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_of_what_is_confidential(request: HttpRequest, page: Page) -> None:
    """Tell an editor, without stopping anybody, that a post holds what looks confidential."""
    if not isinstance(page, BlogPage) or not request.accepts("text/html"):
        return
    texts = page.body.stream_block.get_searchable_content(page.body)
    words = "\n".join([page.title, page.intro, *map(str, texts)])
    found = dict.fromkeys(
        f"{words[finding.start : finding.end]} (looks like a {finding.kind})"
        for finding in find(words)
    )
    if found:
        messages.warning(
            request,
            f"This post holds {', '.join(found)}. If that belongs to a person who did not agree "
            "to it, please take it out.",
        )
