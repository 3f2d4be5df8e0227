"""Writes down what became of a delivery, as long as it is ours to say."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from ..models import Delivery, Sending

# A claim ends by itself: its worker is gone. A living one stops long before.
LEASE = dt.timedelta(minutes=3)
LONGEST_MAIL = dt.timedelta(minutes=2)
# A mail that is refused for now is tried again after 1, 2, 4 and 8 minutes, then each hour.
SOON, LATER = dt.timedelta(minutes=8), dt.timedelta(hours=1)
SOON_ATTEMPTS, ATTEMPTS = 10, 30
GIVEN_UP = "Given up after a day."
LONGEST_PROBLEM = 200
# Where the database is away for a moment: the mail is out, and that has to be written down.
TRIES, BETWEEN_TRIES = 5, 1  # seconds

Fates = Delivery.State


@dataclass
class Claim:
    """Deliveries that are ours until a moment, which tells our claim from anybody else's."""

    pks: list[int]
    until: dt.datetime

    @property
    def is_good(self) -> bool:
        """Whether a mail can still be sent before the claim ends."""
        return timezone.now() + LONGEST_MAIL < self.until

    @property
    def mine(self) -> dict[str, Any]:
        """What is true of a delivery while it is ours."""
        return {"state": Fates.SENDING, "leased_until": self.until}


def _update(claim: Claim, pks: Sequence[int], **values: Any) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            ours = Delivery.objects.filter(pk__in=pks, **claim.mine)
            ours.update(leased_until=None, **values)
        except OperationalError:
            if attempt == TRIES:
                raise
            time.sleep(BETWEEN_TRIES)
        else:
            return


def note(delivery: Delivery, claim: Claim, state: Delivery.State, problem: str = "") -> None:
    """Write down the end of a delivery."""
    _update(claim, [delivery.pk], state=state, problem=problem, finished_at=timezone.now())


def try_later(delivery: Delivery, claim: Claim, problem: str) -> None:
    """Queue a delivery again that was refused for now, unless it has had its chances."""
    attempts = delivery.attempts + 1
    if attempts >= ATTEMPTS:
        note(delivery, claim, Fates.REFUSED, f"{GIVEN_UP} {problem}"[:LONGEST_PROBLEM])
        return
    due_at = timezone.now() + wait_before(attempts)
    values = {"state": Fates.QUEUED, "attempts": attempts, "problem": problem, "due_at": due_at}
    _update(claim, [delivery.pk], **values)


def wait_before(attempt: int) -> dt.timedelta:
    """Return how long a mail that was refused for now waits before it is tried again."""
    if attempt > SOON_ATTEMPTS:
        return LATER
    return min(dt.timedelta(minutes=2 ** (attempt - 1)), SOON)


def give_back(claim: Claim, pks: Sequence[int]) -> None:
    """Let go of deliveries that were claimed and not sent."""
    if pks:
        _update(claim, pks, state=Fates.QUEUED)
        end_cancelled()


def end_cancelled() -> None:
    """End what is left of sendings that were called off, also after a worker that is gone."""
    gone = Q(state=Fates.SENDING, leased_until__lte=timezone.now())
    left = Delivery.objects.filter(
        Q(state=Fates.QUEUED) | gone, sending__state=Sending.State.CANCELLED
    )
    left.update(state=Fates.CANCELLED, leased_until=None, finished_at=timezone.now())
