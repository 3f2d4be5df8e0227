from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from base.models import User

from .. import emails
from ..models import Enquiry, EnquiryEvent, EnquirySettings, Status
from ..working_days import after_working_days


@transaction.atomic
def set_status(pk: int, status: Status, by: User) -> None:
    """Say how far an enquiry has come, and keep who said so. What is as it was leaves no trace.

    One that is booked or closed is over from now on; any other status opens it again.
    """
    enquiry = _lock(pk)
    if enquiry.status == status:
        return
    _keep(enquiry, by, f"{enquiry.get_status_display()} → {status.label}")
    enquiry.status = status
    enquiry.closed_at = timezone.now() if status.is_final else None
    enquiry.save(update_fields=["status", "closed_at"])


@transaction.atomic
def set_owner(pk: int, owner: User | None, by: User) -> None:
    """Say who deals with an enquiry, and keep who said so. What is as it was leaves no trace."""
    enquiry = _lock(pk)
    if enquiry.owner == owner:
        return
    _keep(enquiry, by, f"{_who(enquiry.owner)} → {_who(owner)}")
    enquiry.owner = owner
    enquiry.save(update_fields=["owner"])


@transaction.atomic
def add_note(pk: int, text: str, by: User) -> None:
    """Add a note, once, however often its form is sent."""
    enquiry = _lock(pk)
    last = enquiry.events.last()
    if not (last and last.is_note and last.user == by and last.text == text):
        _keep(enquiry, by, text, is_note=True)


def _lock(pk: int) -> Enquiry:
    return Enquiry.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)


def _keep(enquiry: Enquiry, by: User, text: str, *, is_note: bool = False) -> None:
    EnquiryEvent.objects.create(enquiry=enquiry, user=by, text=text, is_note=is_note)


def _who(user: User | None) -> str:
    return user.get_full_name() or user.get_username() if user else "Nobody"


def remind(settings: EnquirySettings, now: dt.datetime | None = None) -> int:
    """Remind of the enquiries that nobody answered in time, each once; return how many."""
    now = now or timezone.now()
    closed = settings.closed_list
    late = [
        enquiry
        for enquiry in Enquiry.objects.unanswered().filter(reminded_at=None)
        if after_working_days(enquiry.created_at, settings.answer_days, closed) <= now
    ]
    return sum(_remind(enquiry, settings, now) for enquiry in late)


@transaction.atomic
def _remind(enquiry: Enquiry, settings: EnquirySettings, now: dt.datetime) -> bool:
    """Claim the reminder, so that of two workers only one sends it."""
    waiting = Enquiry.objects.filter(pk=enquiry.pk, status=Status.NEW, reminded_at=None)
    if not waiting.update(reminded_at=now):
        return False
    emails.remind(enquiry, settings)
    return True
