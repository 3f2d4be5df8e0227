"""What a copy of the form carries: for which post, since when, and which one it is.

Signed, so that nobody can make one without asking for the form first.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core import signing
from django.utils import timezone

SALT = "blog.comments.form"
STOP_SALT = "blog.comments.stop"
TOO_QUICK = dt.timedelta(seconds=3)
QUICK = dt.timedelta(seconds=6)
TOO_OLD = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Token:
    """A copy of the form. `is_renewed` is one given to somebody whose words are written already."""

    page_pk: int
    key: uuid.UUID
    made_at: dt.datetime
    is_renewed: bool = False

    @property
    def age(self) -> dt.timedelta:
        """How long ago the form was given out."""
        return timezone.now() - self.made_at

    @property
    def is_too_quick(self) -> bool:
        """Whether no person can have filled in the form since."""
        return not self.is_renewed and self.age < TOO_QUICK

    @property
    def is_quick(self) -> bool:
        """Whether hardly a person can have."""
        return not self.is_renewed and self.age < QUICK

    @property
    def is_too_old(self) -> bool:
        """Whether the form was kept for longer than a person thinks about it."""
        return self.age > TOO_OLD

    def sign(self) -> str:
        """Return the text that the form carries."""
        data = [self.page_pk, self.key.hex, self.made_at.timestamp(), self.is_renewed]
        return signing.dumps(data, salt=SALT)


def new(page_pk: int, *, is_renewed: bool = False) -> Token:
    """Return the token of a new copy of the form."""
    return Token(page_pk, uuid.uuid4(), timezone.now(), is_renewed)


def read(text: str, page_pk: int) -> Token | None:
    """Return a form's token; none if it is not ours, or was given out for something else."""
    try:
        pk, key, made_at, is_renewed = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    token = Token(pk, uuid.UUID(key), dt.datetime.fromtimestamp(made_at, dt.UTC), is_renewed)
    return token if token.page_pk == page_pk else None


def sign_stop(comment_pk: int) -> str:
    """Return the text by which a mail's link stops further mails."""
    return signing.dumps(comment_pk, salt=STOP_SALT)


def read_stop(text: str) -> int | None:
    """Return the comment that a link in a mail stands for; none if the link is not ours."""
    try:
        pk: int = signing.loads(text, salt=STOP_SALT)
    except signing.BadSignature:
        return None
    return pk
