"""The issues of the newsletter as a web feed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from wagtail.models import get_page_models

from base.blocks.together import read_together
from base.models import OrganisationSettings
from base.text import printable
from blog.changes import last_change
from blog.feeds import AtomFeed, answer, anywhere, feed_page

from .editions import Edition

if TYPE_CHECKING:
    from .models import NewsletterIndexPage, NewsletterIssuePage

ISSUES_A_FEED = 12


def serve_issues(request: HttpRequest, index: NewsletterIndexPage) -> HttpResponse:
    """Serve the feed of the newest issues."""
    return answer(
        request,
        lambda: feed_page(request, index, index.issues.for_cards()[:ISSUES_A_FEED]),
        lambda: build_feed(request, index),
    )


def build_feed(request: HttpRequest, index: NewsletterIndexPage) -> AtomFeed:
    """Return the newest issues as a feed, each with its whole text."""
    root = index.full_url
    organisation = OrganisationSettings.for_request(request).organisation_name
    issues = list(index.issues[:ISSUES_A_FEED])
    published = [index.last_published_at, *(issue.last_published_at for issue in issues)]
    feed = AtomFeed(
        title=printable(f"{index.title} – {organisation}"),
        link=root,
        description=printable(index.listing_summary),
        subtitle=printable(index.listing_summary),
        language="en-GB",
        author_name=printable(organisation),
        feed_url=urljoin(root, request.path),
        feed_guid=urljoin(root, request.path),
        # Issues tell of pages of any type.
        changed_at=last_change(published, get_page_models()),
    )
    for issue, text in zip(issues, texts(issues), strict=True):
        feed.add_item(
            title=printable(issue.title),
            link=issue.full_url,
            description=printable(escape(issue.intro)),
            content=printable(text),
            pubdate=issue.first_published_at,
            updateddate=issue.last_published_at,
            unique_id=f"urn:uuid:{issue.translation_key}",
            unique_id_is_permalink=False,
            authors=[],
        )
    return feed


def texts(issues: list[NewsletterIssuePage]) -> list[str]:
    """Return all of each issue, without what changes from day to day: the places left."""
    with read_together([issue.body for issue in issues]) as bodies:
        return [
            anywhere(
                render_to_string(
                    "blog_newsletter/feed_entry.html", {"blocks": Edition().parts_of(body)}
                ),
                issue,
            )
            for issue, body in zip(issues, bodies, strict=True)
        ]
