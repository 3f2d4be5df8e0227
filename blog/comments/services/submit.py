"""What visitors do: write, report, and stop mails."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from base.limits import Limit, is_too_much
from base.text import one_line, printable
from blog.models import BlogPage

from .. import emails, spam
from ..models import Comment, CommentSettings, Report
from ..tokens import Token

State = Comment.State

# So many comments from one network or address in so long a time. A whole course may sit in one
# network; nobody writes forty comments a day.
LIMITS = [
    Limit(dt.timedelta(hours=1), network=12, email=6),
    Limit(dt.timedelta(days=1), network=40, email=20),
]
SAME_WORDS = 2
MEMORY = dt.timedelta(days=30)
REPORTS_A_DAY = 10

TOO_MANY = (
    "A lot of comments have come from you or people near you. "
    "Your words are still here: please send them again in an hour."
)
TOO_OLD = "This form was open for more than a day. Your words are still here: please send them now."
SENT_ALREADY = (
    "You sent this form before, with other words. Send it again if you want us to have both."
)
CLOSED = "Comments on this post are closed. We are sorry: your words were not sent."


class Outcome(StrEnum):
    """What became of a comment."""

    SHOWN = "shown"
    HELD = "held"
    DROPPED = "dropped"


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


@dataclass(frozen=True)
class Result:
    """What became of it, and the comment where one is kept."""

    outcome: Outcome
    comment: Comment | None = None


DROPPED = Result(Outcome.DROPPED)


def _result(comment: Comment) -> Result:
    is_shown = comment.state == State.APPROVED
    return Result(Outcome.SHOWN if is_shown else Outcome.HELD, comment)


def _sent_by_same_person(page: BlogPage, comment: Comment) -> Comment | None:
    """Return the same words by the same person on the same post: a refresh, an impatient click."""
    own = Comment.objects.filter(page=page, email=comment.email, parent=comment.parent)
    own = own.since(timezone.now() - MEMORY)
    return own.filter(text=comment.text).first()


def _reasons_from_the_past(comment: Comment, token: Token) -> list[str] | None:
    """Return why a comment waits, by what came before it; None where it is only dropped."""
    reasons = []
    past = Comment.objects.since(timezone.now() - MEMORY)
    if comment.fingerprint:
        same = list(past.filter(fingerprint=comment.fingerprint).values_list("state", flat=True))
        if State.SPAM in same or len(same) >= SAME_WORDS:
            return None
        if same:
            reasons.append(spam.Reason.REPEATED)
    origin = Q(email=comment.email) | Q(network=comment.network)
    if past.filter(origin, state=State.SPAM).exists():
        reasons.append(spam.Reason.SPAMMER)
    if token.is_quick:
        reasons.append(spam.Reason.QUICK)
    return reasons


def _is_known(comment: Comment) -> bool:
    """Whether staff approved something by the same person before."""
    known = Comment.objects.by(comment.email).approved().filter(is_from_staff=False)
    return known.filter(name__iexact=comment.name).exists()


def _repeat(page: BlogPage, token: Token, text: str) -> Result | None:
    """Return what became of the same copy of the form when it was sent before."""
    before = Comment.objects.filter(key=token.key).first()
    if before is None:
        return None
    if before.text != text:
        raise RefusedError({None: SENT_ALREADY}, renews_form=True)
    return _result(before)


@transaction.atomic
def submit(
    page: BlogPage, words: Words, token: Token, network: str, settings: CommentSettings
) -> Result:
    """Take a visitor's comment, once, however often it is sent.

    Raises `RefusedError` where a person has to change something; what a robot wrote is dropped.
    """
    text = printable(spam.tidy(words.text)).replace("\r\n", "\n").strip()
    name = one_line(spam.tidy(words.name))
    if token.is_too_quick:
        return DROPPED
    repeat = _repeat(page, token, text)
    if repeat:
        return repeat
    if not settings.is_open(page):
        raise RefusedError({None: CLOSED})
    if token.is_too_old:
        raise RefusedError({None: TOO_OLD}, renews_form=True)
    verdict = spam.judge(name, text)
    if verdict.is_robot:
        return DROPPED
    if verdict.errors:
        raise RefusedError(verdict.errors)
    comment = Comment(
        page=page,
        parent=words.parent,
        key=token.key,
        name=name,
        email=words.email.strip().lower(),
        text=text,
        wants_replies=words.wants_replies,
        consent=words.consent,
        network=network,
        fingerprint=spam.fingerprint(text),
    )
    same = _sent_by_same_person(page, comment)
    if same:
        return _result(same)
    past = _reasons_from_the_past(comment, token)
    if past is None:
        return DROPPED
    if is_too_much(LIMITS, Comment.objects, email=comment.email, network=network):
        raise RefusedError({None: TOO_MANY})
    comment.held_for = verdict.reasons + past
    return _keep(comment, settings)


def _keep(comment: Comment, settings: CommentSettings) -> Result:
    passes = settings.lets_known_people_through and not comment.held_for and _is_known(comment)
    comment.state = State.APPROVED if passes else State.WAITING
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:
        # The other half of a double click was faster.
        return _result(Comment.objects.get(key=comment.key))
    if passes:
        emails.tell_thread(comment)
    else:
        emails.tell_moderators(comment, settings)
    return _result(comment)


@transaction.atomic
def report(
    comment: Comment, reason: str, key: uuid.UUID, network: str, settings: CommentSettings
) -> None:
    """Ask staff to look at a comment again. The same network asks once for each comment."""
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
