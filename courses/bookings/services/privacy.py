from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from ..models import Attendee, BookingSettings


def forget_needs(now: dt.datetime | None = None) -> int:
    """Delete access and dietary needs some days after the date, and return of how many people.

    They are health data (UK GDPR, article 9): kept no longer than the day needs them.
    """
    settings = BookingSettings.for_site(Site.objects.get(is_default_site=True))
    over = (now or timezone.now()) - dt.timedelta(days=settings.keep_needs_days)
    told = ~Q(access_needs="") | ~Q(dietary_needs="")
    people = Attendee.objects.filter(told, place__run__end__lte=over)
    return people.update(access_needs="", dietary_needs="")
