"""What visitors do: write, report, and stop mails."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from base.limits import Limit, is_too_much
from base.text import one_line, printable
from blog.models import BlogPage

from .. import emails, spam
from ..models import Comment, CommentSettings, Report
from ..querysets import CommentQuerySet
from ..tokens import Token

State = Comment.State

# So many comments from one network or address in so long a time. A whole course may sit in one
# network; nobody writes forty comments a day.
LIMITS = [
    Limit(dt.timedelta(hours=1), network=12, email=6),
    Limit(dt.timedelta(days=1), network=40, email=20),
]
# However many networks robots come from: with `privacy.SPAM_STAYS` at most 6,000 rows.
SPAM_A_DAY = 200
SAME_WORDS = 2
MEMORY = dt.timedelta(days=30)
REPORTS_A_DAY = 10

TOO_MANY = (
    "A lot of comments have come from you or people near you. "
    "Your words are still here: please send them again in an hour."
)
TOO_MUCH_SPAM = (
    "We get a lot of advertising today, and cannot tell your comment from it. "
    "Your words are still here: please send them again tomorrow."
)
TOO_OLD = "This form was open for more than a day. Your words are still here: please send them now."
SENT_ALREADY = (
    "You sent this form before, with other words. Send it again if you want us to have both."
)
CLOSED = "Comments on this post are closed. We are sorry: your words were not sent."


class RefusedError(Exception):
    """A person has to change something first: what, and in which field (none: in no single one).

    `renews_form` is true where the same copy of the form cannot be sent again.
    """

    def __init__(self, errors: dict[str | None, str], *, renews_form: bool = False) -> None:
        super().__init__(*errors.values())
        self.errors = errors
        self.renews_form = renews_form


@dataclass(frozen=True)
class Words:
    """What a visitor filled in."""

    name: str
    email: str
    text: str
    wants_replies: bool = False
    parent: Comment | None = None
    consent: str = ""
    fell_for_trap: bool = False


def lock(settings: CommentSettings) -> None:
    """Let visitors in one at a time, so that what was counted still holds when they are done."""
    CommentSettings.objects.select_for_update().get(pk=settings.pk)


@transaction.atomic
def submit(
    page: BlogPage, words: Words, token: Token | None, network: str, settings: CommentSettings
) -> Comment:
    """Take a visitor's comment, once, however often it is sent, and return it.

    `token` is none where the form was not ours. What looks like a robot's is kept as spam, for
    staff to look at. Raises `RefusedError` where a person has to change something.
    """
    lock(settings)
    comment = _comment(page, words, token, network)
    before = _sent_before(comment)
    if before:
        return before
    if not settings.is_open(page):
        raise RefusedError({None: CLOSED})
    if token and token.is_too_old:
        raise RefusedError({None: TOO_OLD}, renews_form=True)
    verdict = spam.judge(comment.name, comment.text)
    suspicions = _suspicions(comment, words, token)
    comment.suspected = verdict.is_robot or bool(suspicions)
    if verdict.errors and not comment.suspected:
        raise RefusedError(verdict.errors)
    _refuse_too_many(comment)
    comment.held_for = suspicions + verdict.reasons + _reasons_to_wait(comment, token)
    return _keep(comment, settings)


def _comment(page: BlogPage, words: Words, token: Token | None, network: str) -> Comment:
    text = printable(spam.tidy(words.text)).replace("\r\n", "\n").strip()
    return Comment(
        page=page,
        parent=words.parent,
        key=token.key if token else uuid.uuid4(),
        name=one_line(spam.tidy(words.name)),
        email=words.email.strip().lower(),
        text=text,
        wants_replies=words.wants_replies,
        consent=words.consent,
        network=network,
        fingerprint=spam.fingerprint(text),
    )


def _sent_before(comment: Comment) -> Comment | None:
    """Return what the same copy of the form brought, or the same words by the same person.

    Raises `RefusedError` where the same copy of the form brought other words.
    """
    same_form = Comment.objects.filter(key=comment.key).first()
    if same_form and same_form.text != comment.text:
        raise RefusedError({None: SENT_ALREADY}, renews_form=True)
    own = Comment.objects.filter(page=comment.page, email=comment.email, parent=comment.parent)
    own = own.since(timezone.now() - MEMORY)
    return same_form or own.filter(text=comment.text).first()


def _past() -> CommentQuerySet:
    return Comment.objects.since(timezone.now() - MEMORY)


def _suspicions(comment: Comment, words: Words, token: Token | None) -> list[str]:
    """Return what shows a robot, whatever it writes."""
    same = _past().exclude(fingerprint="").filter(fingerprint=comment.fingerprint)
    signs = {
        spam.Reason.TRAP: words.fell_for_trap,
        spam.Reason.STRANGE_FORM: token is None,
        spam.Reason.AT_ONCE: token is not None and token.is_too_quick,
        spam.Reason.COPIES: same.count() >= SAME_WORDS,
        spam.Reason.MARKED: same.marked_as_spam().exists(),
    }
    return [reason for reason, holds in signs.items() if holds]


def _reasons_to_wait(comment: Comment, token: Token | None) -> list[str]:
    """Return why a moderator looks at a comment closely, by what came before it."""
    origin = _past().filter(Q(email=comment.email) | Q(network=comment.network))
    same = _past().exclude(fingerprint="").filter(fingerprint=comment.fingerprint)
    signs = {
        spam.Reason.REPEATED: same.count() == 1,
        spam.Reason.SPAMMER: origin.marked_as_spam().exists(),
        spam.Reason.QUICK: token is not None and token.is_quick and not token.is_too_quick,
    }
    return [reason for reason, holds in signs.items() if holds]


def _refuse_too_many(comment: Comment) -> None:
    if is_too_much(LIMITS, Comment.objects, email=comment.email, network=comment.network):
        raise RefusedError({None: TOO_MANY})
    today = Comment.objects.since(timezone.now() - dt.timedelta(days=1))
    if comment.suspected and today.suspected().count() >= SPAM_A_DAY:
        raise RefusedError({None: TOO_MUCH_SPAM})


def _is_known(comment: Comment) -> bool:
    """Whether staff approved something by the same person before."""
    known = Comment.objects.by(comment.email).approved().filter(is_from_staff=False)
    return known.filter(name__iexact=comment.name).exists()


def _keep(comment: Comment, settings: CommentSettings) -> Comment:
    passes = settings.lets_known_people_through and not comment.held_for and _is_known(comment)
    comment.state = State.APPROVED if passes else State.WAITING
    if comment.suspected:
        comment.state = State.SPAM
    comment.save(force_insert=True)
    if comment.state == State.APPROVED:
        emails.tell_thread_later(comment)
    elif comment.state == State.WAITING:
        emails.tell_moderators(comment, settings)
    return comment


@transaction.atomic
def report(
    comment: Comment, reason: str, key: uuid.UUID, network: str, settings: CommentSettings
) -> None:
    """Ask staff to look at a comment again. The same network asks once for each comment."""
    lock(settings)
    today = Report.objects.filter(created_at__gt=timezone.now() - dt.timedelta(days=1))
    same = Report.objects.filter(comment=comment, network=network, settled_by=None)
    if same.exists() or today.filter(network=network).count() >= REPORTS_A_DAY:
        return
    is_first = not comment.reports.filter(settled_by=None).exists()
    _, is_new = Report.objects.get_or_create(
        key=key,
        defaults={"comment": comment, "network": network, "reason": one_line(reason)[:500]},
    )
    if is_new and is_first:
        emails.tell_moderators_of_report(comment, one_line(reason), settings)


@transaction.atomic
def stop_mails(comment_pk: int) -> None:
    """Send no more mails about replies to whoever wrote a comment."""
    for comment in Comment.objects.filter(pk=comment_pk).exclude(email=""):
        Comment.objects.by(comment.email).update(wants_replies=False)
