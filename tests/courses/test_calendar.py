"""The month calendar and the programme to print: the same dates, chosen in the same way."""

import datetime as dt

import pytest
from bs4 import Tag
from django.test import Client
from django.utils import timezone

from courses.models import CourseRun
from courses.models import index as index_module
from tests import markup
from tests.factories import (
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    make_private,
)
from tests.test_queries import BUDGET, queries

pytestmark = pytest.mark.django_db


def next_year(month: int, day: int, hour: int = 9) -> dt.datetime:
    day_ = dt.datetime(timezone.now().year + 1, month, day, hour)  # noqa: DTZ001
    return timezone.make_aware(day_)


def run_on(start: dt.datetime, title: str = "", **values: object) -> CourseRun:
    title = title or f"Care in {start:%B}"
    end = start + dt.timedelta(hours=3)
    run: CourseRun = CourseRunFactory(start=start, end=end, course__title=title, **values)
    return run


def month(client: Client, start: dt.datetime, **chosen: str) -> Tag:
    response = client.get(f"/courses/calendar/{start:%Y/%m}/", chosen)
    assert response.status_code == 200
    assert markup.faults(response.content) == []
    return markup.read(response.content)


def test_a_month_is_a_table_of_weeks(client: Client) -> None:
    start = next_year(3, 17)
    run = run_on(start, venue__name="The Hall", venue__town="Leeds")
    page = month(client, start)
    table = page.find("table")
    assert table.caption.get_text() == f"Course dates in March {start.year}"
    assert [head.get_text() for head in table.select("th[scope=col]")] == [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
    rows = table.tbody.find_all("tr")
    assert all(len(row.find_all("td")) == 7 for row in rows)
    (cell,) = [cell for cell in table.find_all("td") if cell.a]
    assert rows[0].parent.find_all("td").index(cell) % 7 == start.weekday()
    assert cell.time["datetime"] == f"{start:%Y-%m-%d}"
    assert cell.a["href"] == run.course.url
    assert "9:00am, The Hall, Leeds" in cell.get_text()
    days = [int(time["datetime"][-2:]) for time in table.find_all("time")]
    assert days == list(range(1, 32))


def test_without_a_month_it_begins_with_the_first_that_has_dates(client: Client) -> None:
    run_on(next_year(3, 17))
    run_on(next_year(5, 17))
    page = markup.read(client.get("/courses/calendar/").content)
    assert page.h1.get_text() == f"Courses in March {next_year(3, 1).year}"
    canonical = page.find("link", rel="canonical")["href"]
    assert canonical.endswith(f"/courses/calendar/{next_year(3, 1):%Y/%m}/")


def test_months_lead_to_each_other_and_no_further_than_there_are_dates(client: Client) -> None:
    run_on(next_year(3, 17))
    run_on(next_year(5, 17))
    page = month(client, next_year(4, 1), level="introductory")
    links = {link["rel"][0]: link["href"] for link in page.select(".months a")}
    year = next_year(3, 1).year
    assert links == {
        "prev": f"/courses/calendar/{year}/03/?level=introductory",
        "next": f"/courses/calendar/{year}/05/?level=introductory",
    }
    assert not month(client, next_year(5, 1)).select(".months a[rel=next]")
    assert client.get(f"/courses/calendar/{year}/06/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["2020/01/", "2027/13/", "2027/00/", "1999/01/", "2027/1/", "2099/01/", "x/", "2027/"],
)
def test_other_months_are_not_found(address: str, client: Client) -> None:
    CourseIndexPageFactory()
    assert client.get(f"/courses/calendar/{address}").status_code == 404


def test_it_shows_what_every_visitor_may_see(client: Client) -> None:
    start = next_year(3, 17)
    run_on(start, "Public")
    run_on(start, "Draft", course__live=False)
    make_private(run_on(start, "Private").course)
    page = month(client, start)
    assert [link.get_text() for link in page.select("td a")] == ["Public"]
    assert "1 date in March" in page.h2.get_text()


def cancelled_on(start: dt.datetime, title: str, **values: object) -> CourseRun:
    return run_on(start, title, cancelled_at=timezone.now(), **values)


def in_progress(title: str, days: int = 0) -> CourseRun:
    now = timezone.now()
    begun = now - dt.timedelta(days=days, minutes=1)
    run: CourseRun = CourseRunFactory(
        start=begun, end=now + dt.timedelta(hours=1), course__title=title
    )
    return run


def test_cancelled_dates_are_shown_and_marked_and_do_not_count(client: Client) -> None:
    start = next_year(3, 17)
    run_on(start, "Public", venue__town="Leeds")
    cancelled_on(start, "Off", venue__town="York")
    cancelled_on(next_year(6, 1), "Off in June")
    page = month(client, start)
    lines = {line.a.get_text(): line.span.get_text() for line in page.select("td li")}
    assert lines["Off"].startswith("Cancelled, ")
    assert lines["Public"].startswith("9:00am, ")
    assert "1 date in March" in page.h2.get_text()
    assert not page.select("a[href*='place=york'], a[href*='month=']")
    june = month(client, next_year(6, 1))
    assert [link.get_text() for link in june.select("td a")] == ["Off in June"]
    assert "No dates to come in June" in june.h2.get_text()
    assert june.find("meta", attrs={"name": "robots", "content": "noindex"})


def test_it_begins_with_the_first_month_that_has_dates_to_come_to(client: Client) -> None:
    cancelled_on(next_year(2, 1), "Off")
    run_on(next_year(3, 17))
    page = markup.read(client.get("/courses/calendar/").content)
    assert page.h1.get_text() == f"Courses in March {next_year(3, 1).year}"
    assert month(client, next_year(2, 1)).select("td a")


@pytest.mark.parametrize("days", [0, 40])
def test_dates_in_progress_are_shown_and_marked(days: int, client: Client) -> None:
    in_progress("Now", days)
    page = month(client, timezone.localtime())
    [line] = page.select("td li")
    assert line.span.get_text().startswith("In progress, ")
    assert page.h2.get_text().startswith("No dates to come")
    programme = markup.read(client.get("/courses/programme/").content)
    assert "In progress" in programme.tbody.tr.get_text()


def test_what_nobody_can_come_to_is_no_course_with_places(client: Client) -> None:
    cancelled_on(next_year(3, 17), "Off")
    in_progress("Now")
    for chosen in ({"places": "yes"}, {"month": f"{next_year(3, 1):%Y-%m}"}):
        page = markup.read(client.get("/courses/", chosen).content)
        assert not page.select(".listing .card")
    page = markup.read(client.get("/courses/programme/", {"places": "yes"}).content)
    assert "No dates fit" in page.get_text()


def test_facets_apply_to_the_calendar(client: Client) -> None:
    start = next_year(3, 17)
    course = run_on(start, "In Leeds", venue__town="Leeds").course
    CourseRunFactory(course=course, online=True, start=next_year(3, 18), end=next_year(3, 19))
    run_on(next_year(4, 17), "In York", venue__town="York")
    page = month(client, start, place="leeds")
    assert [link.get_text() for link in page.select("td a")] == ["In Leeds"]
    assert page.find("meta", attrs={"name": "robots", "content": "noindex"})
    address = f"/courses/calendar/{start:%Y/%m}/"
    assert (
        page.find("a", href=f"{address}?place=online").find(class_="facet__count").get_text()
        == "1 course"
    )
    assert not page.select("a[href*='place=york'], .facet a[href*='month=']")
    assert page.select_one(".chosen a")["href"] == address


@pytest.mark.parametrize("query", ["?level=x", "?topic=x", "?sort=x"])
@pytest.mark.parametrize("view", ["calendar/", "programme/", ""])
def test_nonsense_is_not_found_in_any_view(view: str, query: str, client: Client) -> None:
    CourseIndexPageFactory()
    assert client.get(f"/courses/{view}").status_code == 200
    assert client.get(f"/courses/{view}{query}").status_code == 404


def test_views_keep_what_is_chosen(client: Client) -> None:
    run = run_on(next_year(3, 17), venue__town="Leeds")
    name = f"{run.start:%Y-%m}"
    page = markup.read(client.get("/courses/", {"place": "leeds", "month": name}).content)
    assert [link["href"] for link in page.select(".views:not(.views--sort) a")] == [
        f"/courses/?place=leeds&month={name}",
        f"/courses/calendar/{run.start:%Y/%m}/?place=leeds",
        f"/courses/programme/?place=leeds&month={name}",
    ]
    assert page.select_one(".views a[aria-current=page]").get_text() == "List"


# The programme


def test_the_programme_has_a_table_for_each_month(client: Client) -> None:
    run_on(next_year(3, 17), "In March", course__price=45, online=True, capacity=5)
    run_on(next_year(5, 17), "In May")
    response = client.get("/courses/programme/")
    page = markup.read(response.content)
    year = next_year(3, 1).year
    assert [c.get_text() for c in page.find_all("caption")] == [f"March {year}", f"May {year}"]
    row = page.tbody.tr
    text = " ".join(row.get_text(" ").split())
    assert row.time["datetime"].startswith(f"{year}-03-17T09:00")
    for words in ("9:00am to 12:00pm", "In March", "Online", "5 places left", "£45 plus VAT"):
        assert words in text
    assert markup.faults(response.content) == []


def test_the_programme_marks_what_is_cancelled(client: Client) -> None:
    cancelled_on(next_year(3, 16), "Off")
    run_on(next_year(3, 17), "On")
    response = client.get("/courses/programme/")
    page = markup.read(response.content)
    rows = page.select("tbody tr")
    assert [row.th.get_text() for row in rows] == ["Off", "On"]
    assert ["Cancelled" in row.get_text() for row in rows] == [True, False]
    assert page.h2.get_text() == "1 date"
    assert markup.faults(response.content) == []


def test_the_programme_says_how_many_it_leaves_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "DATES_A_PROGRAMME", 2)
    course = CoursePageFactory()
    for days in range(3, 6):
        CourseRunFactory(course=course, in_days=days)
    page = markup.read(client.get("/courses/programme/").content)
    assert len(page.select("tbody tr")) == 2
    assert "1 later date would follow" in page.get_text()


def test_an_empty_programme_says_so(client: Client) -> None:
    CoursePageFactory()
    response = client.get("/courses/programme/", {"level": "introductory"})
    assert "No dates fit" in response.content.decode()
    assert markup.faults(response.content) == []


@pytest.mark.parametrize("view", ["calendar/", "programme/"])
def test_one_date_or_twenty(view: str, client: Client) -> None:
    course = run_on(next_year(3, 1)).course
    few = queries(client, f"/courses/{view}")
    for day in range(2, 22):
        CourseRunFactory(
            course=CoursePageFactory() if day % 2 else course,
            start=next_year(3, day),
            end=next_year(3, day, 12),
        )
    many = queries(client, f"/courses/{view}")
    assert len(many) == len(few) <= BUDGET
