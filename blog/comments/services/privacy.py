"""What a person may ask for, and what is forgotten by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import emails
from ..models import Comment, Report

MEMORY = dt.timedelta(days=30)
SPAM_STAYS = dt.timedelta(days=30)


def export(email: str) -> list[dict[str, Any]]:
    """Return everything that is kept about the comments of one address, oldest first."""
    comments = Comment.objects.by(email).select_related("page").order_by("created_at", "pk")
    return [
        {
            "post": comment.page.title,
            "address": comment.page.full_url,
            "written": comment.created_at,
            "state": comment.get_state_display(),
            "name": comment.name,
            "email": comment.email,
            "comment": comment.text,
            "mails_about_replies": comment.wants_replies,
            "agreed_to": comment.consent,
            "held_for": comment.held_for,
        }
        for comment in comments
    ]


@transaction.atomic
def erase(email: str) -> int:
    """Erase everything that one address wrote, and return how many comments that were.

    The mails about it go as well. Answers by others stay: the place of what they answer is then
    kept, without words.
    """
    own = Comment.objects.by(email)
    pks = list(own.select_for_update().values_list("pk", flat=True)) if email.strip() else []
    emails.forget(pks)
    answered = Comment.objects.filter(parent__in=pks).exclude(pk__in=pks).values("parent")
    kept = Comment.objects.filter(pk__in=list(answered.values_list("parent", flat=True)))
    Report.objects.filter(comment__in=kept).delete()
    kept_pks = list(kept.values_list("pk", flat=True))
    kept.update(
        name="",
        email="",
        text="",
        consent="",
        network="",
        fingerprint="",
        held_for=[],
        wants_replies=False,
    )
    Comment.objects.filter(pk__in=set(pks) - set(kept_pks)).delete()
    return len(pks)


def forget_networks(now: dt.datetime | None = None) -> int:
    """Forget from which networks comments and reports came 30 days ago. For a periodic task."""
    before = (now or timezone.now()) - MEMORY
    return sum(
        model._default_manager.filter(created_at__lt=before).exclude(network="").update(network="")
        for model in (Comment, Report)
    )


def forget_spam(now: dt.datetime | None = None) -> int:
    """Delete what the site itself took for spam 30 days ago, and return how many comments.

    For a periodic task. What staff decided about stays.
    """
    before = (now or timezone.now()) - SPAM_STAYS
    old = Comment.objects.suspected().filter(created_at__lt=before)
    count = old.count()
    old.delete()
    return count
