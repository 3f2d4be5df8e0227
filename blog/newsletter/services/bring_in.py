"""A list from elsewhere, with the proof of consent of everybody on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from base.addresses import mailbox_of
from base.models import User

from ..models import Consent, Subscriber
from .locking import lock
from .suppress import suppressed_among

AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """Somebody on a list: when, where and under which words they agreed, and how we know."""

    email: str
    wishes: dict[str, bool]
    agreed_at: dt.datetime
    where: str
    wording: str
    proof: str
    name: str = ""


@dataclass
class Outcome:
    """What became of a list, in numbers of people."""

    added: int = 0
    # Nothing changes about those who are known already, whether they get it or left.
    known: int = 0
    # Addresses that were erased, complained, or left long ago.
    suppressed: int = 0


@transaction.atomic
def import_rows(rows: Sequence[Row], user: User) -> Outcome:
    """Add those on a list who are neither known nor suppressed; nobody gets a mail by it.

    Of an address that stands there twice the first row counts.
    """
    lock()
    first = {row.email: row for row in reversed(rows)}
    once = [first[email] for email in dict.fromkeys(row.email for row in rows)]
    outcome = Outcome()
    for start in range(0, len(once), AT_ONCE):
        _import_some(once[start : start + AT_ONCE], user, outcome)
    return outcome


def _import_some(rows: Sequence[Row], user: User, outcome: Outcome) -> None:
    now = timezone.now()
    emails = [row.email for row in rows]
    known = set(Subscriber.objects.filter(email__in=emails).values_list("email", flat=True))
    suppressed = suppressed_among(emails) - known
    new = [row for row in rows if row.email not in known | suppressed]
    subscribers = Subscriber.objects.bulk_create(
        Subscriber(email=row.email, name=row.name, **row.wishes) for row in new
    )
    Consent.objects.bulk_create(
        Consent(
            email=row.email,
            mailbox=mailbox_of(row.email),
            name=row.name,
            subscriber=subscriber,
            asked_at=row.agreed_at,
            imported_at=now,
            where=row.where,
            wording=row.wording,
            proof=row.proof,
            imported_by=user,
            **row.wishes,
        )
        for row, subscriber in zip(new, subscribers, strict=True)
    )
    outcome.added += len(new)
    outcome.known += len(known)
    outcome.suppressed += len(suppressed)
