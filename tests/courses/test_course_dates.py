"""The dates on a course's page: which are shown, how they are marked, and where they lead."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import CoursePage
from tests import markup
from tests.factories import (
    ContactPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    OrganisationSettingsFactory,
)

pytestmark = pytest.mark.django_db


def test_a_date_leads_to_the_form_with_the_course_and_the_day(client: Client) -> None:
    contact = ContactPageFactory()
    OrganisationSettingsFactory(contact_page=contact)
    course = CoursePageFactory(title="Care & “support” at 100%", price=None)
    run = CourseRunFactory(course=course)
    page = markup.read(client.get(course.url).content)
    link = page.find(class_="date-leaf").find("a", class_="button")
    answer = client.get(link["href"])
    assert answer.status_code == 200
    field = markup.read(answer.content).find("input", {"name": "course"})
    day = f"{timezone.localtime(run.start):%-d %B %Y}"
    assert field["value"] == f"{course.title}, {day}"


def test_without_a_form_a_date_has_no_button(client: Client) -> None:
    contact = ContactPageFactory()
    OrganisationSettingsFactory(contact_page=contact)
    contact.unpublish()
    run = CourseRunFactory(course__price=None)
    page = markup.read(client.get(run.course.url).content)
    assert page.find(class_="date-leaf")
    assert not page.find(class_="date-leaf").find("a", class_="button")


def test_dates_to_come_stand_in_order(client: Client) -> None:
    course = CoursePageFactory()
    runs = [CourseRunFactory(course=course, in_days=days) for days in (60, 30, -30)]
    page = markup.read(client.get(course.url).content)
    leaves = [
        dt.datetime.fromisoformat(leaf.time["datetime"])
        for leaf in page.find_all(class_="date-leaf")
    ]
    assert leaves == [runs[1].start, runs[0].start]


@pytest.mark.parametrize("price", [145, None])
def test_cancelled_dates_and_those_in_progress_are_marked_and_have_no_button(
    price: int | None, client: Client
) -> None:
    OrganisationSettingsFactory(contact_page=ContactPageFactory())
    course = CoursePageFactory(price=price)
    now = timezone.now().replace(microsecond=0)
    hour = dt.timedelta(hours=1)
    running = CourseRunFactory(course=course, start=now - hour, end=now + hour)
    off = CourseRunFactory(course=course, in_days=5, cancelled_at=now)
    on = CourseRunFactory(course=course, in_days=6)
    CourseRunFactory(course=course, start=now - hour, end=now + hour, cancelled_at=now)
    CourseRunFactory(course=course, in_days=-5)
    response = client.get(course.url)
    leaves = markup.read(response.content).find_all(class_="date-leaf")
    starts = [dt.datetime.fromisoformat(leaf.time["datetime"]) for leaf in leaves]
    assert starts == [run.start for run in (running, off, on)]
    words = [leaf.find(class_="date-leaf__places").get_text() for leaf in leaves]
    assert words == ["In progress", "Cancelled", "12 places left"]
    assert [bool(leaf.find("a", class_="button")) for leaf in leaves] == [False, False, True]
    assert CoursePage.objects.get(pk=course.pk).next_run == on
    assert markup.faults(response.content) == []


def test_a_course_whose_dates_are_all_cancelled_says_that_there_are_no_others(
    client: Client,
) -> None:
    run = CourseRunFactory(cancelled_at=timezone.now())
    response = client.get(run.course.url)
    page = markup.read(response.content)
    assert page.find(class_="date-leaf")
    assert "No other dates just now" in page.find(class_="course__dates").get_text()
    assert markup.faults(response.content) == []
