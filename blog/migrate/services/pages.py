"""What is done to pages: found, published, and linked to each other."""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_published, published

from base.models import User
from blog.models import BlogIndexPage, BlogPage

from ..errors import UnreadableError
from ..links import relink
from ..models import ImportedPost, OldLink
from ..report import Line, Report
from .budget import Budget

NO_NEWS_PAGE = "The site has no news page yet. Add one below the home page first."
NOT_COMPLETED = (
    "It was edited here, so its links to posts that came later still lead to the old site."
)


def news_page() -> BlogIndexPage:
    """Return the page that posts are brought in under. Raises UnreadableError without one."""
    page: BlogIndexPage | None = BlogIndexPage.objects.order_by("-live", "path").first()
    if page is None:
        raise UnreadableError(NO_NEWS_PAGE)
    return page


def publish(page: BlogPage, revision: Any, user: User | None, moment: datetime | None) -> None:
    """Publish, and keep the time at which the post came out: to readers it is not new."""
    revision.publish(user=user, skip_permission_checks=True)
    if moment:
        Page.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)


def publish_first(page: BlogPage, revision: Any, user: User | None) -> None:
    """Complete a new page that was made live, with its first revision, as publishing does.

    To publish a draft means to read it anew, check it again and save it whole: of two thousand
    posts that is a fifth of the time.
    """
    moment = page.published_at
    page.live_revision = revision
    page.first_published_at = page.last_published_at = moment
    Page.objects.filter(pk=page.pk).update(
        live_revision=revision, first_published_at=moment, last_published_at=moment
    )
    page_published.send(sender=BlogPage, instance=page, revision=revision)
    published.send(sender=BlogPage, instance=page, revision=revision)
    log(page, "wagtail.publish", user=user, revision=revision, content_changed=True)


def pages_at(forms: set[str]) -> dict[str, int]:
    """Return which page stands for which old address."""
    records = ImportedPost.objects.filter(address__in=forms, page__isnull=False)
    return dict(records.values_list("address", "page_id")) if forms else {}


def complete_links(report: Report, user: User | None, budget: Budget) -> None:
    """Turn links into links to pages where the page came later than the link."""
    here = ImportedPost.objects.filter(page__isnull=False).exclude(address="")
    waiting = OldLink.objects.filter(address__in=here.values("address")).order_by("post_id")
    for pk in list(waiting.values_list("post_id", flat=True).distinct()):
        if budget.is_up:
            report.is_complete = False
            return
        with budget.working(), transaction.atomic():
            records = ImportedPost.objects.select_for_update(of=("self",))
            _complete(records.select_related("page").get(pk=pk), report, user)
        budget.done += 1


def _complete(record: ImportedPost, report: Report, user: User | None) -> None:
    pages = pages_at(set(record.old_links.values_list("address", flat=True)))
    record.old_links.filter(address__in=pages).delete()
    if record.page is None:
        return
    if not record.is_untouched:
        report.attention.append(Line(record.page.title, NOT_COMPLETED))
        return
    page: BlogPage = record.page.get_latest_revision_as_object()
    blocks = page.body.get_prep_value()
    if not relink(blocks, pages.get):
        return
    is_as_published = page.live and not page.has_unpublished_changes
    page.body = page.body.stream_block.to_python(blocks)
    revision = page.save_revision(user=user, clean=False)
    if is_as_published:
        publish(page, revision, user, page.published_at)
    ImportedPost.objects.filter(page=page).update(revision=revision)
    report.relinked += 1
