"""Every page on which people book, wait, ask and plan is well made, also after a mistake."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.bookings import emails
from courses.enquiries.models import Role
from courses.models import CoursePage
from tests import markup
from tests.browser.test_bookings import addresses, book
from tests.courses.bookings.booker import form_url, send
from tests.factories import CourseRunFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def pages_of_bookings(client: Client) -> Iterator[tuple[str, HttpResponse]]:
    course = CoursePage.objects.live().exclude(price=None).first()
    assert course
    for what, path in addresses(course).items():
        yield what, client.get(path)
    run = CourseRunFactory(course=course)
    yield "check", send(client, run, step="check")
    yield "book with a mistake", send(client, run, people=["", "Sam"], email="nobody")
    yield "wait with a mistake", client.post(reverse("courses_bookings:wait", args=[run.pk]), {})
    CourseRunFactory(course=course, in_days=35)
    link = emails.booking_path(book(run, "Ada", "Grace"))
    for form in ("names", "move", "cancel"):
        yield f"{form} with a mistake", client.post(f"{link}{form}/", {})
    yield "no such booking", client.get(reverse("courses_bookings:booking", args=["x"]))
    yield "no such date", client.get(form_url(run).replace(str(run.pk), "999999"))


def pages_of_enquiries(client: Client) -> Iterator[tuple[str, HttpResponse]]:
    role = Role.objects.first()
    assert role
    for path in ("planner/", "enquiries/"):
        for people in ("", "4", "many"):
            url = f"/courses/{path}?role-{role.pk}={people}"
            yield url, client.get(url)
    yield "thanks", client.get("/courses/enquiries/thanks/")
    yield "enquiry with a mistake", client.post("/courses/enquiries/", {"email": "nobody"})


@pytest.mark.parametrize("pages_of", [pages_of_bookings, pages_of_enquiries])
def test_every_page_is_well_made(
    pages_of: Callable[[Client], Iterator[tuple[str, HttpResponse]]], client: Client
) -> None:
    answers = dict(pages_of(client))
    faults = {what: markup.faults(answer.content) for what, answer in answers.items()}
    assert {what: found for what, found in faults.items() if found} == {}
    assert len(answers) > 7
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
