"""The catalogue and its dates: what is asked of them, and what of it is kept in memory."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue import Catalogue
from courses.facets import Selection
from courses.facts import Facts
from courses.models import CourseIndexPage, CoursePage, CourseRun, Place
from courses.services import release_places
from tests import markup
from tests.courses.listing import asked, listed, month_of, save
from tests.factories import (
    CoursePageFactory,
    CourseRunFactory,
)

pytestmark = pytest.mark.django_db


# Dates


def test_what_is_asked_of_dates_is_asked_of_one_date(client: Client) -> None:
    """Leeds in one month and York in another are not Leeds in the other month."""
    leeds = CourseRunFactory(venue__town="Leeds", in_days=10)
    york = CourseRunFactory(course=leeds.course, venue__town="York", in_days=80)
    assert listed(client, place="leeds", month=month_of(leeds)) == [leeds.course.title]
    assert listed(client, place="york", month=month_of(york)) == [leeds.course.title]
    assert listed(client, place="leeds", month=month_of(york)) == []


def test_online_in_a_month_is_an_online_date_in_the_month(client: Client) -> None:
    course = CoursePageFactory(online=True, in_house=True)
    room = CourseRunFactory(course=course, in_days=10)
    online = CourseRunFactory(course=course, online=True, in_days=80)
    assert listed(client, delivery="online") == [course.title]
    assert listed(client, delivery="online", month=month_of(online)) == [course.title]
    assert listed(client, delivery="online", month=month_of(room)) == []
    assert listed(client, delivery="in-person", month=month_of(room)) == [course.title]
    assert listed(client, delivery="in-house", month=month_of(room)) == [course.title]


def test_the_card_shows_the_date_that_was_asked_for(client: Client) -> None:
    soon = CourseRunFactory(venue__town="Leeds", in_days=10)
    late = CourseRunFactory(course=soon.course, venue__town="York", in_days=80)
    page = markup.read(client.get("/courses/", {"place": "york"}).content)
    assert page.select_one(".card time")["datetime"] == f"{late.start:%Y-%m-%d}"


@pytest.mark.parametrize("day", [dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC)])
def test_a_month_is_one_of_londons_calendar(day: dt.datetime, client: Client) -> None:
    """Half past eleven in the evening of Greenwich is the next day, and month, in summer."""
    CourseRunFactory(course__title="At midnight", start=day, end=day + dt.timedelta(hours=1))
    assert listed(client, month="2027-07") == ["At midnight"]
    assert listed(client, month="2027-06") == []


def test_a_date_at_the_first_moment_of_a_month_is_in_it(client: Client) -> None:
    day = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    CourseRunFactory(course__title="At midnight", start=day, end=day + dt.timedelta(hours=1))
    assert listed(client, month="2027-02") == ["At midnight"]
    assert listed(client, month="2027-01") == []


# Places


def test_has_places_follows_what_is_taken_and_given_back(night: CourseRun, client: Client) -> None:
    assert listed(client, places="yes", place="leeds") == ["Care at night"]
    for _ in range(2):
        Place.objects.create(run=night)
    assert listed(client, places="yes", place="leeds") == []
    assert listed(client, place="leeds") == ["Care at night"]
    release_places(Place.objects.filter(run=night))
    assert listed(client, places="yes", place="leeds") == ["Care at night"]


def test_a_place_taken_makes_nobody_read_all_dates_again(night: CourseRun, client: Client) -> None:
    client.get("/courses/")
    before = asked(client, "/courses/?places=yes")
    Place.objects.create(run=night)
    assert len(asked(client, "/courses/?places=yes")) == len(before)


def test_a_place_that_was_long_on_its_way_is_seen(night: CourseRun, client: Client) -> None:
    """Its transaction began before the catalogue was read, and ends after it."""
    assert listed(client, places="yes", place="leeds") == ["Care at night"]
    for _ in range(2):
        place = Place.objects.create(run=night)
        Place.objects.filter(pk=place.pk).update(taken_at=timezone.now() - dt.timedelta(seconds=30))
    assert listed(client, places="yes", place="leeds") == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["take", "release", "resize", "look"]), st.integers(0, 2)),
    max_size=12,
)


@settings(max_examples=50)
@given(STEPS)
def test_what_is_kept_is_what_reading_all_would_find(steps: list[tuple[str, int]]) -> None:
    Place.objects.all().delete()
    CourseRun.objects.all().delete()
    course = CoursePage.objects.first() or CoursePageFactory()
    for days in (10, 11, 80):
        CourseRunFactory(course=course, online=True, in_days=days, capacity=1)
    index = CourseIndexPage.objects.get()
    Catalogue.of(index)
    runs = list(CourseRun.objects.order_by("start"))
    for step, number in steps:
        match step:
            case "take":
                Place.objects.create(run=runs[number])
            case "release":
                release_places(Place.objects.filter(run=runs[number]))
            case "resize":
                save(runs[number], capacity=3 - runs[number].capacity)
            case "look":
                index.refresh_from_db()
                assert _found(Catalogue.of(index)) == _found(Catalogue(Facts(index)))
    index.refresh_from_db()
    assert _found(Catalogue.of(index)) == _found(Catalogue(Facts(index)))
    Place.objects.all().delete()


def _found(catalogue: Catalogue) -> Any:
    places = Selection({"places": "yes"})
    return catalogue.find_dates(places), catalogue.find(places), catalogue.facets(places)


HOURS = st.none() | st.integers(min_value=-3, max_value=3)


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            HOURS, HOURS, st.integers(0, 3), st.integers(0, 3), st.just(99) | HOURS, st.booleans()
        ),
        max_size=6,
    )
)
def test_the_database_knows_like_the_rule_which_dates_take_bookings(
    dates: list[tuple[int | None, int | None, int, int, int | None, bool]],
) -> None:
    CourseRun.objects.all().delete()
    now = timezone.now()
    runs = []
    for opens, closes, taken, released, begins, is_off in dates:
        run = CourseRunFactory.build(course=None, venue=None, online=True, capacity=2)
        run.course = CoursePage.objects.first() or CoursePageFactory()
        run.booking_opens_at = None if opens is None else now + dt.timedelta(hours=opens)
        run.booking_closes_at = None if closes is None else now + dt.timedelta(hours=closes)
        run.start = now + dt.timedelta(hours=begins or 99)
        run.end = run.start + dt.timedelta(hours=2)
        run.cancelled_at = now if is_off else None
        run.save()
        for number in range(taken + released):
            Place.objects.create(run=run, released_at=now if number < released else None)
        runs.append(run)
    known = CourseRun.objects.with_bookability(timezone.now())
    assert set(known.filter(is_bookable=1)) == {run for run in runs if run.state.takes_bookings}
    assert set(known.filter(is_upcoming=1)) == {run for run in runs if run.state.is_to_come}
    Place.objects.all().delete()
