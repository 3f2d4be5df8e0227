"""The rule by which the team planner finds dates, for any team and any courses."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from courses.enquiries.planning import Course, Date, Need, Plan, plan

START = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
IN_HOUSE_FROM = 6


def date(day: int, left: int, hours: int = 7) -> Date:
    start = START + dt.timedelta(days=day)
    return Date(start, start + dt.timedelta(hours=hours), left)


def course(key: int, *dates: Date, **changes: object) -> Course:
    values = {"price": Decimal(100), "vat": "added", "in_house": False} | changes
    return Course(key, f"Course {key}", dates=dates, **values)  # type: ignore[arg-type]


def need(people: int, *courses: int, role: str = "Support worker") -> Need:
    return Need(role, people, frozenset(courses))


def seated(made: Plan) -> list[list[tuple[int, int]]]:
    """The days and people of each course."""
    return [[((s.date.start - START).days, s.people) for s in step.seats] for step in made.steps]


def test_one_date_for_all_comes_before_an_earlier_one_for_some() -> None:
    made = plan([need(5, 1)], [course(1, date(1, 4), date(9, 5), date(12, 9))], IN_HOUSE_FROM)
    assert seated(made) == [[(9, 5)]]


def test_people_are_split_over_the_soonest_dates() -> None:
    made = plan([need(9, 1)], [course(1, date(9, 5), date(1, 3), date(20, 8))], IN_HOUSE_FROM)
    assert seated(made) == [[(1, 3), (9, 5), (20, 1)]]
    assert made.short == 0


def test_nobody_is_in_two_places_at_once() -> None:
    needs = [need(2, 1, 2), need(2, 2, 3, role="Manager")]
    courses = [
        course(1, date(1, 9)),
        course(2, date(1, 9), date(3, 9)),
        course(3, date(1, 9), date(3, 9)),
    ]
    assert seated(plan(needs, courses, IN_HOUSE_FROM)) == [[(1, 2)], [(3, 4)], [(1, 2)]]


def test_a_day_of_ones_own_is_suggested_for_many_and_where_places_are_missing() -> None:
    own = {"in_house": True}
    few = plan([need(5, 1)], [course(1, date(1, 9), **own)], IN_HOUSE_FROM).steps[0]
    many = plan([need(6, 1)], [course(1, date(1, 9), **own)], IN_HOUSE_FROM).steps[0]
    short = plan([need(5, 1)], [course(1, date(1, 4), **own)], IN_HOUSE_FROM).steps[0]
    never = plan([need(50, 1)], [course(1, date(1, 4))], IN_HOUSE_FROM).steps[0]
    suggested = [step.suggests_in_house for step in (few, many, short, never)]
    assert suggested == [False, True, True, False]
    assert (short.short, never.short) == (1, 46)


def test_the_sum_is_that_of_the_bookings() -> None:
    # 3 × £33.33 and £10.01 each carry their own tax: £20.00 and £2.00, not £22.00 on both.
    courses = [
        course(1, date(1, 2), date(2, 1), price=Decimal("33.33")),
        course(2, date(5, 9), price=None),
        course(3, date(7, 9), price=Decimal(120), vat="included"),
    ]
    made = plan([need(3, 1, 2, 3)], courses, IN_HOUSE_FROM)
    assert [price.total for price in made.prices] == [
        Decimal("79.99"),
        Decimal("40.00"),
        Decimal("360.00"),
    ]
    assert (made.net, made.tax, made.total) == (
        Decimal("399.99"),
        Decimal("80.00"),
        Decimal("479.99"),
    )
    assert [one.key for one in made.unpriced] == [2]


dates = st.builds(date, st.integers(0, 12), st.integers(-1, 9), st.integers(1, 60))
all_courses = st.lists(
    st.builds(
        lambda key, dates, price, vat, in_house: course(
            key, *dates, price=price, vat=vat, in_house=in_house
        ),
        st.integers(1, 6),
        st.lists(dates, max_size=5),
        st.none() | st.decimals(0, 500, places=2),
        st.sampled_from(["added", "included", "exempt"]),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.key,
)
teams = st.lists(
    st.builds(
        lambda role, people, keys: need(people, *keys, role=role),
        st.sampled_from("ABCD"),
        st.integers(-1, 30),
        st.sets(st.integers(1, 7)),
    ),
    max_size=4,
    unique_by=lambda one: one.role,
)


@given(teams, all_courses, st.integers(2, 20))
def test_every_plan_can_be_kept(team: list[Need], courses: list[Course], many: int) -> None:
    made = plan(team, courses, many)
    assert made.people == sum(max(one.people, 0) for one in team)
    offered = {one.key for one in courses}
    assert {step.course.key for step in made.steps} == offered & {
        key for one in team if one.people > 0 for key in one.courses
    }
    for step in made.steps:
        asked = [one for one in team if one.people > 0 and step.course.key in one.courses]
        assert step.people == sum(one.people for one in asked)
        assert 0 <= step.short <= step.people
        for seats in step.seats:
            assert seats.date in step.course.dates
            assert 1 <= seats.people <= seats.date.left
            assert (seats.price is None) == (step.course.price is None)
            assert seats.price is None or seats.price.count == seats.people
        assert [seats.date.start for seats in step.seats] == sorted(
            seats.date.start for seats in step.seats
        )
        for before, _ in pairwise(step.seats):
            assert before.people == before.date.left  # only the last date keeps places free
        if step.suggests_in_house:
            assert step.course.in_house
            assert step.people >= many or step.short
    for one, other in pairwise(sorted(made.steps, key=lambda step: step.course.key)):
        if {need.role for need in one.needs} & {need.role for need in other.needs}:
            for seats in one.seats:
                assert not any(seats.date.overlaps(more.date) for more in other.seats)
    assert made.total == sum((price.total for price in made.prices), Decimal(0))
    assert plan(list(team), list(reversed(courses)), many) == made
