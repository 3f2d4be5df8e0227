"""Every night from 2026 to 2030 on which the clocks in London change."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import get_page_models

from base.models import BasePage
from courses.calendars import calendar_of
from courses.models import CourseRun
from courses.structured_data import course_data
from tests import markup
from tests.factories import CoursePageFactory, CourseRunFactory, OrganisationSettingsFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
HOUR = dt.timedelta(hours=1)
HOURS = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + number * HOUR for number in range(24 * 365 * 5)]
# The first moment after each change.
CHANGES = [
    later
    for before, later in pairwise(HOURS)
    if before.astimezone(LONDON).utcoffset() != later.astimezone(LONDON).utcoffset()
]
BAD_TIMES = [f"{moment:%Y-%m-%d} 01:30" for moment in CHANGES]


def moment(written: str) -> dt.datetime:
    """A time as machines read it, which says how far it is from Greenwich."""
    read = dt.datetime.fromisoformat(written)
    assert read.utcoffset() is not None
    return read


def why(time: str) -> str:
    """What staff read who typed a time of the night on which the clocks change."""
    change = {3: "forward, and 01:30 never comes", 10: "back, and 01:30 comes twice"}
    day = dt.datetime.fromisoformat(time)
    return f"On {day:%-d %B %Y} the clocks go {change[day.month]}. Please choose a time an hour "


def test_there_are_two_a_year() -> None:
    assert [moment.month for moment in CHANGES] == [3, 10] * 5


@pytest.fixture
def runs() -> list[CourseRun]:
    """Dates that begin, or end, each half an hour around each change."""
    one = CourseRunFactory()
    for moment in CHANGES:
        for half_hours in range(-6, 7):
            edge = moment + half_hours * HOUR / 2
            for start, end in ((edge, edge + 7 * HOUR), (edge - 7 * HOUR, edge)):
                CourseRunFactory(course=one.course, online=True, start=start, end=end)
    return list(CourseRun.objects.exclude(pk=one.pk).select_related("course").order_by("pk"))


def test_dates_come_back_as_they_were_stored(runs: list[CourseRun]) -> None:
    assert len(runs) == 2 * 13 * len(CHANGES)
    moments = {change + number * HOUR / 2 for change in CHANGES for number in range(-6, 7)}
    assert moments <= {run.start for run in runs}
    assert moments <= {run.end for run in runs}
    assert {run.end - run.start for run in runs} == {7 * HOUR}


def test_calendars_say_the_same(runs: list[CourseRun]) -> None:
    calendar = icalendar.Calendar.from_ical(calendar_of(runs))
    read = [(event.start, event.end) for event in calendar.walk("VEVENT")]
    assert read == [(run.start, run.end) for run in runs]


def test_pages_say_the_same(runs: list[CourseRun]) -> None:
    """For machines with the distance from Greenwich, for people as the clock on the wall shows."""
    for run in runs:
        html = render_to_string("courses_bookings/when_and_where.html", {"run": run})
        when = markup.read(html.encode()).find("time")
        assert dt.datetime.fromisoformat(when["datetime"]) == run.start
        start, end = run.start.astimezone(LONDON), run.end.astimezone(LONDON)
        assert f"{start:%-I:%M%p}".lower() in when.get_text()
        assert f"{start:%-d %B %Y}" in when.get_text()
        assert f"{end:%-I:%M%p}".lower() in when.parent.get_text()
        assert run.when_text.startswith(f"{start:%a %-d %B %Y, %H:%M} to ")
        assert run.when_text.endswith(f"{end:%H:%M}")


def test_search_engines_read_the_same(runs: list[CourseRun]) -> None:
    course = runs[0].course
    course.runs_to_come = runs
    described, *events = course_data(course, OrganisationSettingsFactory())["@graph"]
    written = [(run.start, run.end) for run in runs]
    for data in (described["hasCourseInstance"], events):
        assert [(moment(one["startDate"]), moment(one["endDate"])) for one in data] == written
    for run, instance in zip(runs, described["hasCourseInstance"], strict=True):
        schedule = instance["courseSchedule"]
        zone = ZoneInfo(schedule["scheduleTimezone"])
        for edge, right in (("start", run.start), ("end", run.end)):
            clock = dt.datetime.fromisoformat(
                f"{schedule[f'{edge}Date']}T{schedule[f'{edge}Time']}"
            )
            # A clock on the wall shows one time twice in the night on which it goes back.
            meant = {clock.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
            assert right in meant
            assert len(meant) == 1 or right.astimezone(zone).hour == 1


@pytest.mark.parametrize("time", BAD_TIMES)
def test_staff_hear_of_a_time_that_is_skipped_or_comes_twice(time: str, admin: Client) -> None:
    times = ("start", "end", "booking_opens_at", "booking_closes_at")
    answers = dict.fromkeys(times, time)
    answers |= {"course": CoursePageFactory().pk, "online": "on", "capacity": "12"}
    response = admin.post(reverse("dates_modeladmin_create"), answers)
    page = markup.read(response.content)
    for field in times:
        [message] = response.context["form"].errors[field]
        assert message.startswith(why(time))
        assert page.find("input", {"name": field})["value"] == time
    assert page.get_text().count(why(time)) >= len(times)
    assert not CourseRun.objects.exists()


def test_no_form_of_a_page_guesses_at_a_time() -> None:
    fields = [
        (model.__name__, name, field)
        for model in get_page_models()
        if issubclass(model, BasePage)
        for name, field in model.get_edit_handler().get_form_class().base_fields.items()
        if isinstance(field, forms.DateTimeField)
    ]
    assert {"go_live_at", "expire_at"} <= {name for _, name, _ in fields}
    for model, name, field in fields:
        for time in BAD_TIMES:
            with pytest.raises(ValidationError) as refused:
                field.clean(time)
            assert refused.value.messages[0].startswith(why(time)), (model, name)
        right = f"{CHANGES[0]:%Y-%m-%d} 00:59"
        assert timezone.localtime(field.clean(right)).strftime("%Y-%m-%d %H:%M") == right
