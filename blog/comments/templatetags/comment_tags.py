import re
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from base.confidentiality import find, mask
from blog.comments.models import Comment, CommentSettings, takes_comments
from blog.models import BlogPage

register = template.Library()

register.filter("masked", mask)

PARAGRAPHS = re.compile(r"\n\s*\n")
LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
# What ends a sentence or a bracket rather than an address.
AFTER_A_LINK = ".,:;!?)]…’”"


@dataclass
class Thread:
    """A comment and the replies to it."""

    comment: Comment
    replies: list[Comment] = field(default_factory=list)


def threads(comments: list[Comment]) -> list[Thread]:
    """Return comments with their replies, all in the order in which they were written."""
    tops = {comment.pk: Thread(comment) for comment in comments if not comment.parent_id}
    for comment in comments:
        if comment.parent_id in tops and comment.is_shown:
            tops[comment.parent_id].replies.append(comment)
    return [thread for thread in tops.values() if thread.comment.is_shown or thread.replies]


@register.inclusion_tag("blog_comments/comments.html", takes_context=True)
def comments(context: template.Context, page: BlogPage) -> dict[str, Any]:
    """What readers said about a post, and the way to say more. Costs one query."""
    request = context.get("request")
    if not request or not page.pk:
        return {}
    shown = list(Comment.objects.on(page))
    return {
        "page": page,
        "threads": threads(shown),
        "count": sum(comment.is_shown for comment in shown),
        "is_open": takes_comments(page, CommentSettings.remembered_days(request)),
        "organisation": context["settings"]["base"]["OrganisationSettings"].organisation_name,
    }


def _link(address: str) -> SafeString:
    rest = address[len(address.rstrip(AFTER_A_LINK)) :]
    address = address.removesuffix(rest)
    return format_html('<a href="{}" rel="nofollow ugc">{}</a>{}', address, address, rest)


def _line(text: str) -> SafeString:
    parts = []
    end = 0
    for match in LINK.finditer(text):
        parts += [conditional_escape(text[end : match.start()]), _link(match[0])]
        end = match.end()
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 (every part is escaped)


@register.filter
def as_paragraphs(text: str) -> SafeString:
    """Plain words as paragraphs, lines and links; whatever else they hold stays words."""
    return format_html_join(
        "",
        "<p>{}</p>",
        (
            (mark_safe("<br>".join(_line(line) for line in paragraph.split("\n"))),)  # noqa: S308
            for paragraph in PARAGRAPHS.split(text.strip())
        ),
    )


@register.filter
def with_findings(text: str) -> SafeString:
    """Plain words for moderators, with whatever looks confidential marked."""
    parts = []
    end = 0
    for finding in find(text):
        parts.append(conditional_escape(text[end : finding.start]))
        found = text[finding.start : finding.end]
        parts.append(format_html('<mark title="{}">{}</mark>', finding.kind, found))
        end = finding.end
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 (every part is escaped)
