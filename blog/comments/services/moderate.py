"""What moderators do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from base.confidentiality import mask
from base.models import User
from base.text import printable

from .. import emails
from ..models import Comment, Decision, Report
from ..spam import confidential_reasons

State = Comment.State


@transaction.atomic
def decide(
    pks: Iterable[int], state: str, moderator: User, reply: Comment | None = None
) -> Decision | None:
    """Bring comments into a state and settle what was reported about them.

    Returns what can be undone, a reply by staff with it; None where everything was so already.
    """
    comments = list(Comment.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    changed = [comment for comment in comments if comment.state != state]
    reports = Report.objects.filter(comment__in=comments, settled_by=None)
    if not changed and not reply and not reports.exists():
        return None
    decision = Decision.objects.create(
        moderator=moderator,
        state=state,
        reply=reply,
        before={str(comment.pk): comment.state for comment in changed},
    )
    reports.update(settled_by=decision)
    for comment in changed:
        comment.state = state
        comment.suspected = False
        comment.save(update_fields=["state", "suspected"])
        if state == State.APPROVED:
            emails.tell_thread_later(comment)
    return decision


@transaction.atomic
def undo(decision_pk: int) -> int:
    """Bring comments back to where they were before a decision, and return how many.

    A reply by staff is then among the rejected ones, with its words. What somebody decided anew
    since then stays.
    """
    decision = Decision.objects.select_for_update().filter(pk=decision_pk).first()
    if decision is None or decision.undone_at:
        return 0
    undone = decision.reports.update(settled_by=None)
    before = dict(decision.before)
    if decision.reply_id:
        before[decision.reply_id] = State.REJECTED
    for pk, state in before.items():
        undone += Comment.objects.filter(pk=pk, state=decision.state).update(state=state)
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at"])
    return undone


@transaction.atomic
def mask_comment(comment_pk: int) -> bool:
    """Cut what looks confidential out of a comment, for good. Returns whether anything was."""
    comment = Comment.objects.select_for_update().filter(pk=comment_pk).first()
    if comment is None or not comment.is_confidential:
        return False
    limit = Comment._meta.get_field("name").max_length
    settled = confidential_reasons(comment.name, comment.text)
    comment.text, comment.name = mask(comment.text), mask(comment.name)[:limit]
    comment.held_for = [reason for reason in comment.held_for if reason not in settled]
    comment.fingerprint = ""
    comment.save(update_fields=["text", "name", "held_for", "fingerprint"])
    return True


@transaction.atomic
def answer(
    comment: Comment, text: str, moderator: User, name: str, key: uuid.UUID
) -> Decision | None:
    """Answer a comment for the organisation, once, and approve it.

    Returns what can be undone: the same again where it is sent again; None where it was undone.
    """
    try:
        with transaction.atomic():
            reply = Comment.objects.create(
                page=comment.page,
                parent=comment.parent or comment,
                key=key,
                state=State.APPROVED,
                name=name,
                text=printable(text).replace("\r\n", "\n").strip(),
                staff=moderator,
                is_from_staff=True,
            )
    except IntegrityError:
        return Decision.objects.filter(reply__key=key, undone_at=None).first()
    emails.tell_thread_later(reply)
    return decide([comment.pk], State.APPROVED, moderator, reply)
