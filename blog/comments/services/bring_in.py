"""What readers wrote below the same post elsewhere."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from base.text import one_line, printable
from blog.models import BlogPage

from .. import spam
from ..models import Comment

State = Comment.State
LONGEST_NAME = 80
LONGEST_ADDRESS = 254  # RFC 5321, as corrected by erratum 1690
NAMELESS = "Anonymous"


@dataclass(frozen=True)
class OldComment:
    """A comment as another site kept it, in plain words. `key` stays the same for ever."""

    key: uuid.UUID
    name: str
    email: str
    text: str
    written_at: dt.datetime
    is_approved: bool
    parent: uuid.UUID | None = None


@transaction.atomic
def bring_in(page: BlogPage, old: Iterable[OldComment]) -> None:
    """Keep comments of another site with their dates, each once. Nobody gets a mail.

    What was approved there is approved, unless it looks confidential: that waits. A reply whose
    comment is not here stands by itself.
    """
    tops_first = sorted(old, key=lambda words: words.parent is not None)
    keys = {key for words in tops_first for key in (words.key, words.parent) if key}
    here = {
        comment.key: comment
        for comment in Comment.objects.filter(page=page, key__in=keys).select_related("parent")
    }
    for words in tops_first:
        if words.key in here:
            continue
        above = here.get(words.parent) if words.parent else None
        comment = _comment(page, words)
        comment.parent = above and (above.parent or above)
        comment.save(force_insert=True)
        here[words.key] = comment


def _comment(page: BlogPage, words: OldComment) -> Comment:
    text = printable(spam.tidy(words.text)).replace("\r\n", "\n").strip()
    name = one_line(spam.tidy(words.name))[:LONGEST_NAME].strip() or NAMELESS
    reasons = spam.confidential_reasons(name, text)
    return Comment(
        page=page,
        key=words.key,
        state=State.APPROVED if words.is_approved and not reasons else State.WAITING,
        created_at=words.written_at,
        name=name,
        email=_address(words.email),
        text=text,
        held_for=reasons,
        fingerprint=spam.fingerprint(text),
    )


def _address(email: str) -> str:
    """Return an e-mail address as all are kept, or nothing where it is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= LONGEST_ADDRESS else ""
