from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urljoin

from django.conf import settings as site_settings
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from base.clock.schedule import QUEUE
from base.mail import send_later
from base.personal_data import forget_mails
from base.text import one_line

from .models import Comment, CommentSettings
from .tokens import sign_stop

TIME_TO_UNDO = dt.timedelta(minutes=1)


def _queue_address() -> str:
    return urljoin(site_settings.WAGTAILADMIN_BASE_URL, reverse("comments:queue"))


def _write(template: str, **context: object) -> str:
    return render_to_string(template, context).strip() + "\n"


def _reference(pk: int) -> str:
    return f"<comment-{pk}@{DNS_NAME}>"


def _headers(comment: Comment) -> dict[str, str]:
    """Name the comment and what it answers (RFC 5322, section 3.6.4).

    Mailboxes keep such mails together, and whoever erases a comment finds them.
    """
    pks = filter(None, [comment.parent_id, comment.pk])
    return {"References": " ".join(map(_reference, pks))}


def forget(pks: Iterable[int]) -> None:
    """Delete the mails about comments that are erased."""
    for pk in pks:
        forget_mails(_reference(pk))


def tell_moderators(comment: Comment, settings: CommentSettings) -> None:
    """Tell the moderators that a comment waits for them."""
    if told := settings.told:
        send_later(
            one_line(f"A comment waits: {comment.page.title}"),
            _write("blog_comments/mail/waiting.txt", comment=comment, address=_queue_address()),
            told,
            headers=_headers(comment),
        )


def tell_moderators_of_report(comment: Comment, reason: str, settings: CommentSettings) -> None:
    """Tell the moderators that a reader is unhappy with a comment."""
    if told := settings.told:
        address = f"{_queue_address()}?show=reported"
        send_later(
            one_line(f"A reader reported a comment: {comment.page.title}"),
            _write(
                "blog_comments/mail/reported.txt", comment=comment, reason=reason, address=address
            ),
            told,
            headers=_headers(comment),
        )


def tell_thread_later(reply: Comment) -> None:
    """Let the thread hear of a reply, once, after the time that a moderator has to undo it."""
    if reply.parent_id and not reply.thread_was_told_at:
        tell_thread.using(run_after=timezone.now() + TIME_TO_UNDO).enqueue(reply.pk)


@task(backend=QUEUE)
def tell_thread(reply_pk: int) -> None:
    """Tell everybody in the thread who asked for it that there is a reply, each once.

    Nobody hears of what was taken back in the meantime.
    """
    with transaction.atomic():
        untold = Comment.objects.approved().filter(pk=reply_pk, thread_was_told_at=None)
        reply = untold.select_for_update().first()
        if reply is None or reply.parent is None:
            return
        reply.thread_was_told_at = timezone.now()
        reply.save(update_fields=["thread_was_told_at"])
        told = {"", reply.email}
        for comment in Comment.objects.listening_to(reply.parent):
            if comment.email not in told:
                told.add(comment.email)
                _tell_writer(comment, reply)


def _tell_writer(comment: Comment, reply: Comment) -> None:
    post = reply.page.full_url
    stop = urljoin(post, reverse("blog_comments:stop", args=[sign_stop(comment.pk)]))
    text = _write(
        "blog_comments/mail/reply.txt",
        comment=comment,
        reply=reply,
        address=f"{post}#{reply.anchor}",
    )
    send_later(
        one_line(f"A reply to your comment on “{reply.page.title}”"),
        text,
        [comment.email],
        headers=_headers(reply)
        | {
            # One press in the mail programme is enough (RFC 8058).
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        why=_write("blog_comments/mail/reply_why.txt", stop_address=stop),
    )
