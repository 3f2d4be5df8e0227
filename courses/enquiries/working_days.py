"""Which days the office works, and how long an answer takes in such days.

Weekends and England's bank holidays (Banking and Financial Dealings Act 1971, schedule 1, and the
days proclaimed every year since: https://www.gov.uk/bank-holidays). Days proclaimed once, such as a
coronation, are for staff to add in the settings.
"""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

from dateutil.easter import easter
from django.utils import timezone

SATURDAY = 5
DAY = dt.timedelta(days=1)


def _monday_from(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=-day.weekday() % 7)


@lru_cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """Return England's bank holidays of a year. One on a weekend moves to the next free weekday."""
    sunday = easter(year)
    days = {
        sunday - 2 * DAY,
        sunday + DAY,
        _monday_from(dt.date(year, 5, 1)),
        _monday_from(dt.date(year, 5, 25)),
        _monday_from(dt.date(year, 8, 25)),
    }
    for day in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        while day.weekday() >= SATURDAY or day in days:
            day += DAY
        days.add(day)
    return frozenset(days)


def is_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> bool:
    """Whether the office works on a day; `closed` are further days on which it does not."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year) and day not in closed


def after_working_days(
    moment: dt.datetime, days: int, closed: Collection[dt.date] = ()
) -> dt.datetime:
    """Return when so many working days have passed: at the same time of the clock in London.

    What comes while the office is closed counts from the beginning of its next day.
    """
    local = timezone.localtime(moment)
    day, time = local.date(), local.time()
    while not is_working_day(day, closed):
        day, time = day + DAY, dt.time()
    for _ in range(days):
        day += DAY
        while not is_working_day(day, closed):
            day += DAY
    return timezone.make_aware(dt.datetime.combine(day, time))
