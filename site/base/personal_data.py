"""One register of where people stand in the database, and what they may ask about it.

An app adds its records by a hook; the office's page and `manage.py personal_data_of` read it:

    @hooks.register("register_personal_data")
    def comments() -> Record:
        return Record("Comments", services.export, services.erase)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail import hooks

from .clock.schedule import UNFINISHED
from .tasks import send_mail

HOOK = "register_personal_data"
PERMISSION = "base.answer_personal_data"


def _nothing(email: str) -> list[str]:
    return []


@dataclass(frozen=True)
class Record:
    """One kind of record about people, found by e-mail address in any case of its letters."""

    label: str
    # Everything that is kept (UK GDPR, article 15), oldest first, as JSON can say it.
    export: Callable[[str], list[dict[str, Any]]]
    # Erases it for good (article 17) and returns how many records named the person.
    erase: Callable[[str], int]
    # What cannot be erased yet, each with the reason.
    stays: Callable[[str], list[str]] = _nothing


@dataclass(frozen=True)
class Found:
    """What one kind of record holds about somebody."""

    label: str
    rows: list[dict[str, Any]]
    stays: list[str]


def records() -> list[Record]:
    """Return every kind of record."""
    return [register() for register in hooks.get_hooks(HOOK)]


def look_up(email: str) -> list[Found]:
    """Return what is kept about an address, of each kind of which there is something."""
    found = (Found(record.label, record.export(email), record.stays(email)) for record in records())
    return [each for each in found if each.rows]


def export(email: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is kept about an address, by kind of record."""
    return {found.label: found.rows for found in look_up(email)}


@transaction.atomic
def erase(email: str) -> dict[str, int]:
    """Erase what is kept about an address, but for what stays; return how many, by kind."""
    if not email.strip():
        return {}
    return {record.label: record.erase(email) for record in records()}


def mails_naming(email: str) -> QuerySet[DBTaskResult]:
    """Return the mails of the last weeks, sent or not, that name an address."""
    mails = DBTaskResult.objects.filter(task_path=send_mail.module_path)
    said = mails.annotate(said=Cast("args_kwargs", CharField()))
    return said.filter(said__icontains=email.strip()).order_by("enqueued_at")


def export_mails(email: str) -> list[dict[str, Any]]:
    """Return the mails to an address that wait in the queue, or were sent in the last weeks."""
    rows = []
    for mail in mails_naming(email):
        subject, text, to, *_ = mail.args_kwargs["args"]
        if email.strip().casefold() in map(str.casefold, to):
            rows.append({"written": mail.enqueued_at, "subject": subject, "text": text})
    return rows


def erase_mails(email: str) -> int:
    """Delete all mails that name an address, but for those that wait to be sent."""
    count, _ = mails_naming(email).exclude(status__in=UNFINISHED).delete()
    return count


def forget_mails(reference: str) -> None:
    """Delete the mails, sent or not, that hold a reference to what is erased.

    Not one that is being sent at this moment.
    """
    mails_naming(reference).exclude(status=TaskResultStatus.RUNNING).delete()


def waiting_mails(email: str) -> list[str]:
    """Return what is about to be sent: it may be about something that stays."""
    count = mails_naming(email).filter(status__in=UNFINISHED).count()
    return [f"Mails about to be sent: {count}. Look again in some minutes."] if count else []
