"""What the office sees first: the dates of the next two weeks."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.bookings import services
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, UserFactory

pytestmark = pytest.mark.django_db


def login(client: Client, group: str) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def book(run: CourseRun, name: str) -> None:
    order = services.Order(name, f"{name}@example.org", (services.Person(name),))
    services.book(run.pk, order, uuid.uuid4())


def test_the_next_dates_say_how_full_they_are(client: Client) -> None:
    soon = CourseRunFactory(in_days=3, capacity=1, course__title="Moving and handling")
    CourseRunFactory(in_days=5, cancelled_at=timezone.now(), course__title="Cancelled")
    CourseRunFactory(in_days=40, course__title="Much later")
    CourseRunFactory(in_days=-3, course__title="Over")
    book(soon, "ada")
    services.join(soon.pk, services.Waiter("Sam", "sam@example.org"), uuid.uuid4())
    page = markup.read(login(client, "Moderators").get("/admin/").content)
    [row] = page.select(".coming-up li")
    text = " ".join(row.get_text(" ").split())
    assert "Moving and handling" in text
    assert "1 of 1 booked, 1 waiting" in text
    assert row.a["href"] == f"/admin/dates/{soon.pk}/register/"


def test_only_the_office_sees_them_and_nothing_where_there_are_none(client: Client) -> None:
    assert "coming-up" not in login(client, "Moderators").get("/admin/").content.decode()
    CourseRunFactory(in_days=3)
    assert "coming-up" in client.get("/admin/").content.decode()
    assert "coming-up" not in login(client, "Editors").get("/admin/").content.decode()


def test_more_dates_ask_no_more_of_the_database(client: Client) -> None:
    login(client, "Moderators")
    counts = []
    for number in (1, 9):
        for run in CourseRunFactory.create_batch(number, in_days=4):
            book(run, f"ada{run.pk}")
        client.get("/admin/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/admin/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
