"""How much visitors may send: counted in what they sent before, by network and e-mail address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone


@dataclass(frozen=True)
class Limit:
    """So much in so long a time: from one network, which may be a whole office, and one address."""

    period: dt.timedelta
    network: int
    email: int


def is_too_much(
    limits: Iterable[Limit],
    sent: Any,
    *,
    email: str,
    network: str,
    more: int = 1,
    email_field: str = "email",
    count: Callable[[Any], int] = QuerySet.count,
) -> bool:
    """Whether so much more goes beyond one of the limits.

    `sent` is a queryset of what came before, with `email_field`, `network` (see `base.network`)
    and the method `since`; `count` says how much some of it is.
    """
    now = timezone.now()
    for limit in limits:
        recent = sent.since(now - limit.period)
        by_email, by_network = recent.filter(**{email_field: email}), recent.filter(network=network)
        if count(by_email) + more > limit.email or count(by_network) + more > limit.network:
            return True
    return False
