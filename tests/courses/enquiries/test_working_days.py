"""The days on which the office works."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.enquiries.working_days import after_working_days, bank_holidays, is_working_day

LONDON = ZoneInfo("Europe/London")

# https://www.gov.uk/bank-holidays
KNOWN = {
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],
    2021: ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"],
}


@pytest.mark.parametrize("year", KNOWN)
def test_bank_holidays_are_those_that_were_published(year: int) -> None:
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == KNOWN[year]


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        ("2026-11-23 10:00", 2, "2026-11-25 10:00"),
        ("2026-11-26 10:00", 2, "2026-11-30 10:00"),  # over a weekend
        ("2026-11-28 22:00", 2, "2026-12-02 00:00"),  # sent on a Saturday
        ("2026-12-24 15:00", 1, "2026-12-29 15:00"),  # over Christmas
        ("2026-03-27 09:00", 1, "2026-03-30 09:00"),  # over the change of the clocks
        ("2026-04-02 09:00", 3, "2026-04-09 09:00"),  # over Easter
    ],
)
def test_an_answer_is_due_after_so_many_working_days(sent: str, days: int, due: str) -> None:
    moment = dt.datetime.fromisoformat(sent).replace(tzinfo=LONDON)
    assert after_working_days(moment, days) == dt.datetime.fromisoformat(due).replace(tzinfo=LONDON)


def test_the_office_may_close_on_more_days() -> None:
    moment = dt.datetime(2026, 11, 23, 10, tzinfo=LONDON)
    closed = [dt.date(2026, 11, 24)]
    assert after_working_days(moment, 1, closed).date() == dt.date(2026, 11, 25)


@given(st.integers(0, 500_000), st.integers(1, 30))
def test_so_many_working_days_lie_between(hours: int, days: int) -> None:
    moment = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    due = after_working_days(moment, days)
    assert is_working_day(due.astimezone(LONDON).date())
    first, last = moment.astimezone(LONDON).date(), due.astimezone(LONDON).date()
    worked = [
        day
        for number in range((last - first).days + 1)
        if is_working_day(day := first + dt.timedelta(days=number))
    ]
    assert len(worked) == days + 1
