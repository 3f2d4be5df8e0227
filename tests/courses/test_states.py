"""A date's state: one builder for each, and the rule that joins them."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.models import CourseRun
from courses.states import FEW, RunState, state_of

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def run(**changes: Any) -> CourseRun:
    """A date tomorrow, with places."""
    fields: dict[str, Any] = {"start": NOW + DAY, "end": NOW + DAY + 7 * HOUR, "capacity": 12}
    return CourseRun(**(fields | changes))


@pytest.mark.parametrize(
    ("state", "changes", "taken"),
    [
        (RunState.TO_BE_ANNOUNCED, {"booking_opens_at": NOW + HOUR}, 0),
        (RunState.OPEN, {}, 0),
        (RunState.OPEN, {"booking_opens_at": NOW}, 12 - FEW - 1),
        (RunState.FEW_PLACES, {}, 12 - FEW),
        (RunState.FEW_PLACES, {}, 11),
        (RunState.FULL, {}, 12),
        (RunState.FULL, {"capacity": 5}, 12),
        (RunState.CLOSED, {"booking_closes_at": NOW}, 0),
        (RunState.CLOSED, {"booking_closes_at": NOW - HOUR}, 12),
        (RunState.IN_PROGRESS, {"start": NOW}, 0),
        (RunState.IN_PROGRESS, {"start": NOW - HOUR, "booking_closes_at": NOW + HOUR}, 0),
        (RunState.FINISHED, {"start": NOW - DAY, "end": NOW}, 12),
        (RunState.CANCELLED, {"cancelled_at": NOW - HOUR}, 12),
        (RunState.CANCELLED, {"cancelled_at": NOW, "start": NOW - DAY, "end": NOW - HOUR}, 0),
    ],
)
def test_each_state(state: RunState, changes: dict[str, Any], taken: int) -> None:
    assert state_of(run(**changes), taken=taken, now=NOW) == state


@pytest.mark.parametrize(
    ("changes", "taken", "text"),
    [
        ({}, 0, "12 places left"),
        ({}, 10, "Only 2 places left"),
        ({}, 11, "Only 1 place left"),
        ({}, 13, "Full, with a waiting list"),
        ({"booking_opens_at": NOW + 40 * DAY, "start": NOW + 50 * DAY}, 0, "10 April 2027"),
        ({"cancelled_at": NOW}, 0, "Cancelled"),
    ],
)
def test_what_there_is_to_book_in_words(
    changes: dict[str, Any], taken: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    date = run(**changes)
    date.taken = taken
    assert date.places_text.endswith(text)


moments = st.integers(-72, 72).map(lambda hours: NOW + hours * HOUR)


@given(
    start=moments,
    hours=st.integers(1, 48),
    opens=st.none() | moments,
    closes=st.none() | moments,
    cancelled=st.none() | moments,
    capacity=st.integers(1, 30),
    taken=st.integers(0, 40),
)
def test_places_are_sold_only_while_there_are_some(
    start: dt.datetime,
    hours: int,
    opens: dt.datetime | None,
    closes: dt.datetime | None,
    cancelled: dt.datetime | None,
    capacity: int,
    taken: int,
) -> None:
    date = run(
        start=start,
        end=start + hours * HOUR,
        booking_opens_at=opens,
        booking_closes_at=closes,
        cancelled_at=cancelled,
        capacity=capacity,
    )
    state = state_of(date, taken=taken, now=NOW)
    may_sell = (
        taken < capacity
        and start > NOW
        and cancelled is None
        and (opens is None or opens <= NOW)
        and (closes is None or closes > NOW)
    )
    assert state.takes_bookings == may_sell
    assert (state == RunState.FULL) <= (taken >= capacity)
