"""A date: its times, its place, its places, and what staff are told when they do not fit."""

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, Venue
from tests import markup
from tests.factories import CoursePageFactory, CourseRunFactory, VenueFactory, make_private

pytestmark = pytest.mark.django_db


LATER = timezone.now().year + 36


def next_year(month: int = 6, day: int = 15) -> dt.date:
    return dt.date(timezone.now().year + 1, month, day)


def typed(**changes: Any) -> dict[str, Any]:
    """What staff type for a date that is right, with some answers changed."""
    day = next_year()
    answers = {
        "course": CoursePageFactory().pk,
        "start": f"{day} 09:30",
        "end": f"{day} 16:30",
        "venue": "",
        "online": "on",
        "capacity": "12",
        "note": "",
    } | changes
    return {name: value for name, value in answers.items() if value is not None}


def add(admin: Client, **changes: Any) -> HttpResponse:
    return admin.post(reverse("dates_modeladmin_create"), typed(**changes))


def test_staff_add_a_date(admin: Client) -> None:
    response = add(admin, note="Lunch is included.")
    assert response.status_code == 302
    run = CourseRun.objects.get()
    assert timezone.localtime(run.start).replace(tzinfo=None) == dt.datetime.combine(
        next_year(), dt.time(9, 30)
    )
    assert run.place_text == "Online"


# What does not fit is said beside the field, and what was typed stays


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"end": f"{next_year()} 09:00"}, "end", "ends after it begins"),
        ({"end": f"{next_year()} 09:30"}, "end", "ends after it begins"),
        ({"end": f"{next_year(6, 14)} 16:30"}, "end", "ends after it begins"),
        ({"start": "0206-06-15 09:30"}, "start", "check the year"),
        (
            {"start": f"{LATER}-06-15 09:30", "end": f"{LATER}-06-15 16:30"},
            "start",
            "check the year",
        ),
        ({"end": f"{LATER}-06-15 16:30"}, "end", ""),
        ({"start": f"{next_year()} 25:30"}, "start", "valid date"),
        ({"start": f"{next_year().year}-02-30 09:30"}, "start", "valid date"),
        ({"start": "tomorrow"}, "start", "valid date"),
        ({"start": ""}, "start", "required"),
        ({"end": ""}, "end", "required"),
        ({"online": None}, "venue", "Choose a venue"),
        ({"venue": "A VENUE"}, "venue", "Take one of the two away"),
        ({"venue": "99999"}, "venue", ""),
        ({"capacity": "0"}, "capacity", "At least one place."),
        ({"capacity": "-1"}, "capacity", "At least one place."),
        ({"capacity": "501"}, "capacity", "less than or equal to 500"),
        ({"capacity": "9" * 30}, "capacity", "less than or equal to 500"),
        ({"capacity": "twelve"}, "capacity", "whole number"),
        ({"capacity": ""}, "capacity", "required"),
        ({"course": "99999"}, "course", ""),
        ({"course": ""}, "course", "required"),
        ({"note": "x" * 151}, "note", "150"),
        ({"note": "a\x00b"}, "note", "ull character"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_does_not_fit(changes: dict[str, Any], field: str, words: str, admin: Client) -> None:
    if changes.get("venue") == "A VENUE":
        changes = {"venue": VenueFactory().pk}
    response = add(admin, **({"note": "Bring lunch."} | changes))
    assert response.status_code == 200
    assert not CourseRun.objects.exists()
    errors = response.context["form"].errors
    # A date that begins in a wrong year also lasts too long.
    assert set(errors) - {"end"} <= {field}
    assert words in str(errors[field])
    page = markup.read(response.content)
    message = page.find("input", {"name": field})
    assert message is not None or page.find("select", {"name": field})
    assert "error" in page.main.get_text().lower() or page.find(class_="error-message")
    if field != "note":
        assert page.find("input", {"name": "note"})["value"] == "Bring lunch."
    if (text := str(changes.get(field) or "")) and field in ("start", "end", "capacity", "note"):
        assert page.find("input", {"name": field})["value"].strip("\x00") == text.strip("\x00")


@pytest.mark.parametrize("field", ["start", "end"])
@pytest.mark.parametrize("month", [3, 10])
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(
    field: str, month: int, admin: Client
) -> None:
    """The last Sundays of March and October, when 01:30 does not exist or exists twice."""
    last = next_year(month, 31)
    sunday = last - dt.timedelta(days=(last.weekday() + 1) % 7)
    times = {"start": f"{sunday} 00:15", "end": f"{sunday} 12:00", field: f"{sunday} 01:30"}
    response = add(admin, **times)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not CourseRun.objects.exists()


@pytest.mark.parametrize(("month", "hours"), [(3, 6), (10, 8)])
def test_a_day_on_which_the_clocks_change_has_its_true_length(
    month: int, hours: int, admin: Client
) -> None:
    last = next_year(month, 31)
    sunday = last - dt.timedelta(days=(last.weekday() + 1) % 7)
    assert add(admin, start=f"{sunday} 00:30", end=f"{sunday} 07:30").status_code == 302
    run = CourseRun.objects.get()
    assert run.end - run.start == dt.timedelta(hours=hours)
    assert timezone.localtime(run.end).hour == 7


def test_an_edit_that_does_not_fit_changes_nothing(admin: Client) -> None:
    run = CourseRunFactory(online=True)
    url = reverse("dates_modeladmin_edit", args=[run.pk])
    response = admin.post(url, typed(course=run.course.pk, capacity="0"))
    assert list(response.context["form"].errors) == ["capacity"]
    run.refresh_from_db()
    assert run.capacity == 12


def test_the_link_from_a_course_fills_it_in(admin: Client) -> None:
    course = CoursePageFactory()
    response = admin.get(reverse("dates_modeladmin_create"), {"course": course.pk})
    assert response.status_code == 200
    field = markup.read(response.content).find("input", {"name": "course"})
    assert field["value"] == str(course.pk)


@pytest.mark.parametrize("course", ["99999", "0", "-1", "abc", "\x00", "9" * 30, "9" * 5_000, "²"])
def test_an_unknown_course_in_the_address_is_left_to_the_form(course: str, admin: Client) -> None:
    url = reverse("dates_modeladmin_create")
    assert admin.get(url, {"course": course}).status_code == 200


# The database has the last word


@pytest.mark.parametrize(
    "changes",
    [
        {"end": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"online": True},
        {"venue": None},
        {"capacity": 0},
        {"capacity": -1},
    ],
    ids=str,
)
def test_the_database_refuses_what_does_not_fit(changes: dict[str, Any]) -> None:
    run = CourseRunFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseRun.objects.filter(pk=run.pk).update(**changes)


def test_a_date_right_at_the_limits_is_fine() -> None:
    for capacity in (1, 500):
        CourseRunFactory(capacity=capacity).full_clean()
    with pytest.raises(ValidationError):
        CourseRunFactory.build(capacity=501, course=None, venue=None).full_clean()


# Lists


def test_what_is_to_come(db: None) -> None:
    now = timezone.now()
    soon = CourseRunFactory(in_days=1)
    late = CourseRunFactory(in_days=50, course=soon.course)
    CourseRunFactory(in_days=-1, course=soon.course)
    assert list(CourseRun.objects.upcoming()) == [soon, late]
    assert list(CourseRun.objects.upcoming(now=soon.start)) == [late]
    before = soon.start - dt.timedelta(microseconds=1)
    assert list(CourseRun.objects.upcoming(now=before)) == [soon, late]
    assert list(CourseRun.objects.upcoming(now=now + dt.timedelta(days=400))) == []


def test_dates_of_courses_that_nobody_may_read_are_not_shown(client: Client) -> None:
    shown = CourseRunFactory(course__title="Public")
    CourseRunFactory(course__title="Draft", course__live=False)
    make_private(CourseRunFactory(course__title="Private").course)
    assert list(CourseRun.objects.visible()) == [shown]
    text = client.get("/").content.decode()
    assert "Public" in text
    assert "Draft" not in text
    assert "Private" not in text


def test_the_database_refuses_in_the_same_words() -> None:
    early = CourseRunFactory.build(capacity=0)
    early.end = early.start
    for constraint in CourseRun._meta.constraints:
        if constraint.name == "courses_run_has_one_place":
            continue
        with pytest.raises(ValidationError, match=r"At least one place\.|ends after it begins"):
            constraint.validate(CourseRun, early)


@pytest.mark.parametrize(
    ("town", "text"), [("Bristol", "The Old Printworks, Bristol"), ("", "The Old Printworks")]
)
def test_the_place_in_words(town: str, text: str, client: Client) -> None:
    run = CourseRunFactory(venue__name="The Old Printworks", venue__town=town)
    leaf = markup.read(client.get(run.course.url).content).find(class_="date-leaf")
    card = markup.read(client.get("/courses/").content).find(class_="card")
    assert text in [part.get_text(strip=True) for part in leaf.find_all("span")]
    assert card.find(class_="card__facts").get_text().count(f", {text}") == 1


def test_a_venue_in_use_is_not_deleted_and_says_so(admin: Client) -> None:
    run = CourseRunFactory()
    url = reverse("wagtailsnippets_courses_venue:delete", args=[run.venue.pk])
    for method in (admin.get, admin.post):
        assert method(url, follow=True).status_code in (200, 403)
    assert Venue.objects.filter(pk=run.venue.pk).exists()


# The list in the admin


@pytest.mark.parametrize(
    "query",
    ["", "?q=care", "?online__exact=1", "?q=%00", '?q="', "?o=1.-2", "?p=99", "?export=csv"],
)
def test_the_list_of_dates(query: str, admin: Client) -> None:
    CourseRunFactory(course__title="Care at night")
    response = admin.get(reverse("dates_modeladmin_index") + query, follow=True)
    assert response.status_code == 200


def test_the_list_can_be_filtered_by_what_it_refers_to(admin: Client) -> None:
    run = CourseRunFactory()
    url = reverse("dates_modeladmin_index")
    for query in ({"course__page_ptr__exact": run.course.pk}, {"venue__id__exact": run.venue.pk}):
        response = admin.get(url, query)
        assert response.status_code == 200
        assert run.course.title in response.content.decode()


def test_the_list_can_be_taken_home_as_a_table(admin: Client) -> None:
    run = CourseRunFactory(note="Lunch is included.")
    url = reverse("dates_modeladmin_index")
    response = admin.get(url, {"export": "csv"})
    table = b"".join(response.streaming_content).decode()
    assert run.course.title in table
    assert "Lunch is included." in table


def test_the_table_is_safe_to_open(admin: Client) -> None:
    """What staff or a paste put into a note is text; times are those of the clock in London."""
    in_summer = dt.datetime(timezone.now().year + 1, 7, 1, 8, 30, tzinfo=dt.UTC)
    times = {"start": in_summer, "end": in_summer + dt.timedelta(hours=7)}
    course = CoursePageFactory(title="=HYPERLINK(1)")
    for note in ("=1+1", "+44 117 496 0000", ""):
        CourseRunFactory(course=course, note=note, **times)
    url = reverse("dates_modeladmin_index")
    response = admin.get(url, {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert {row["Note"] for row in rows} == {"'=1+1", "+44 117 496 0000", ""}
    assert {row["Course"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["Begins"] for row in rows} == {f"{in_summer.year}-07-01 09:30"}
    response = admin.get(url, {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    headings, *cells = sheet.iter_rows()
    note = [cell.value for cell in headings].index("Note")
    assert "f" not in {cell.data_type for row in cells for cell in row}
    assert "=1+1" in {row[note].value for row in cells}
    assert {row[1].value for row in cells} == {dt.datetime(in_summer.year, 7, 1, 9, 30)}  # noqa: DTZ001


@pytest.mark.parametrize("key", ["x", "-1", "0", "99999", "1 1", "9" * 30, "9" * 5_000, "_3C", "²"])
@pytest.mark.parametrize("action", ["edit", "delete"])
def test_a_date_that_does_not_exist_is_not_found(action: str, key: str, admin: Client) -> None:
    assert admin.get(f"/admin/dates/{action}/{key}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"course__owner__password__startswith": "no password begins so"},
        {"course__page_ptr__exact": "x"},
        {"venue__id__exact": "x"},
        {"foo": "bar"},
    ],
)
def test_the_list_takes_no_other_questions(query: dict[str, str], admin: Client) -> None:
    run = CourseRunFactory()
    response = admin.get(reverse("dates_modeladmin_index"), query)
    assert response.status_code == 200
    assert run.course.title in response.content.decode()


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_date_can_be_opened(name: str, admin: Client) -> None:
    run = CourseRunFactory()
    url = reverse(f"dates_modeladmin_{name}", args=[run.pk])
    assert admin.get(url).status_code == 200


def test_the_course_shows_its_dates_to_staff(admin: Client) -> None:
    run = CourseRunFactory()
    page = markup.read(admin.get(f"/admin/pages/{run.course.pk}/edit/").content)
    assert page.find("a", href=reverse("dates_modeladmin_edit", args=[run.pk]))
    assert page.find("a", href=f"{reverse('dates_modeladmin_create')}?course={run.course.pk}")
