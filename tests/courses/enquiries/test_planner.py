"""The team planner as a manager and a robot meet it."""

import datetime as dt
import io
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from openpyxl import load_workbook

from courses.enquiries.models import Enquiry, EnquirySettings, Role
from courses.models import CoursePage
from courses.services import take_places
from tests import markup
from tests.factories import CoursePageFactory, CourseRunFactory, RoleFactory, make_private
from tests.test_queries import queries

from .asker import send

pytestmark = pytest.mark.django_db

URL = "/courses/planner/"
FILE = f"{URL}plan.xlsx"


def words(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    assert markup.faults(response.content) == []
    main = markup.read(response.content).main
    assert main
    return " ".join(main.get_text(" ").split())


@pytest.fixture
def worker() -> Role:
    """Somebody who needs two courses, one of them with two dates."""
    safeguarding = CoursePageFactory(title="Safeguarding adults", price=100, in_house=True)
    CourseRunFactory(course=safeguarding, capacity=4, in_days=20, venue__name="Old Mill")
    CourseRunFactory(course=safeguarding, capacity=9, in_days=40, online=True)
    moving = CoursePageFactory(title="Moving and assisting", price=None)
    CourseRunFactory(course=moving, capacity=9, in_days=10)
    role: Role = RoleFactory(name="Support worker", courses=[safeguarding, moving])
    return role


def test_a_manager_says_who_is_in_the_team_and_sees_the_plan(client: Client, worker: Role) -> None:
    assert "It stands here as soon as" in words(client, URL)
    shown = words(client, f"{URL}?role-{worker.pk}=3")
    assert "For 3 people: 3 × Support worker." in shown
    assert "3 places on" in shown
    assert "Old Mill" in shown
    assert "To pay £360" in shown
    assert "because the price depends: Moving and assisting." in shown
    assert "day of your own" not in shown
    split = words(client, f"{URL}?role-{worker.pk}=14")
    assert "4 places on" in split
    assert "9 places on" in split
    assert "1 more person needs a place that no date has." in split
    assert "5 more people need places that no date has." in split
    assert "A day of your own would fit everybody." in split


def test_only_places_that_can_be_booked_are_planned(client: Client, worker: Role) -> None:
    course = worker.courses.get(title="Safeguarding adults")
    first, second = course.runs.order_by("start")
    take_places(first, 2)
    second.booking_opens_at = timezone.now() + dt.timedelta(days=3)
    second.save()
    shown = words(client, f"{URL}?role-{worker.pk}=3")
    assert "2 places on" in shown
    assert "1 more person needs a place" in shown
    first.cancelled_at = timezone.now()
    first.save()
    assert "No date has places at the moment." in words(client, f"{URL}?role-{worker.pk}=3")


def test_hidden_courses_stay_hidden(client: Client, worker: Role) -> None:
    for course in worker.courses.all():
        make_private(course)
    page = words(client, f"{URL}?role-{worker.pk}=3")
    assert "Safeguarding" not in page
    assert "Ask a person instead" in page
    RoleFactory(courses=[CoursePageFactory(live=False)])
    assert "Ask a person instead" in words(client, URL)
    shown, draft = CoursePageFactory(title="Shown"), CoursePageFactory(title="Draft", live=False)
    role = RoleFactory(courses=[shown, draft])
    plan = words(client, f"{URL}?role-{role.pk}=3")
    assert "Shown" in plan
    assert "Draft" not in plan


def test_what_makes_no_sense_is_said_and_the_rest_is_planned(client: Client, worker: Role) -> None:
    other = RoleFactory(name="Manager", courses=list(worker.courses.all()))
    page = client.get(f"{URL}?role-{worker.pk}=3&role-{other.pk}=many")
    read = markup.read(page.content)
    assert read.title.text.startswith("Error: ")
    assert "whole number" in read.find(id=f"id_role-{other.pk}_error").text
    assert read.find(id=f"id_role-{other.pk}")["value"] == "many"
    assert "For 3 people" in read.text


@given(
    st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["role-1", "role-", "role-99999999999999999999"]),
        st.text(max_size=8) | st.integers().map(str),
        max_size=3,
    ),
    st.text(max_size=12) | st.integers().map(str),
)
@limits(max_examples=25)
def test_no_address_breaks_it(query: dict[str, str], count: str) -> None:
    role = Role.objects.first() or RoleFactory(courses=[CourseRunFactory().course])
    query = query | {f"role-{role.pk}": count}
    for url in (URL, FILE, "/courses/enquiries/"):
        assert Client().get(url, query).status_code == 200


def test_the_plan_is_a_safe_workbook(client: Client, worker: Role) -> None:
    worker.name = "=SUM(A1)\x0b"
    worker.save()
    CoursePage.objects.filter(title="Moving and assisting").update(title="=1+1")
    response = client.get(f"{FILE}?role-{worker.pk}=14")
    assert "attachment" in response["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert rows[0][:3] == ["Course", "For", "People"]
    assert [row[2] for row in rows[1:]] == [9, 5, 4, 9, 1, 14]
    assert rows[-1][5:8] == [1300, 260, 1560]
    assert not any(cell.data_type == "f" for row in sheet.rows for cell in row)
    assert rows[1][:2] == ["=1+1", "14 × =SUM(A1)"]


def test_the_plan_goes_along_with_an_enquiry(client: Client, worker: Role) -> None:
    page = markup.read(client.get(f"{URL}?role-{worker.pk}=14&junk=1").content)
    link = next(tag for tag in page.find_all("a") if "in-house enquiry" in tag.text)
    assert urlsplit(link["href"]).query == f"role-{worker.pk}=14"
    form = markup.read(client.get(link["href"]).content)
    assert form.find("option", selected=True)["value"] == "plan"
    assert form.find(id="id_people")["value"] == "14"
    assert "14 × Support worker" in form.text
    send(client, link["href"], about="plan", people="14")
    enquiry = Enquiry.objects.get()
    assert enquiry.about == "The plan for our team"
    assert "Safeguarding adults: 14 × Support worker" in enquiry.plan
    assert f"/courses/planner/?role-{worker.pk}=14" in enquiry.plan
    response = send(client, about="plan", when="Other")
    assert response.status_code == 200  # without a plan there is none to choose


def test_another_team_is_another_enquiry_and_fewer_places_are_not(
    client: Client, worker: Role
) -> None:
    manager = RoleFactory(name="Manager", courses=list(worker.courses.all()))
    first, second = (f"/courses/enquiries/?role-{role.pk}=3" for role in (worker, manager))
    send(client, first, about="plan", people="3")
    send(client, second, about="plan", people="3")
    assert Enquiry.objects.count() == 2
    worker.courses.get(title="Safeguarding adults").runs.all().delete()
    send(client, first, about="plan", people="3")
    assert Enquiry.objects.count() == 2


def test_the_group_from_which_a_day_is_suggested_is_set_by_staff(
    client: Client, worker: Role, rules: EnquirySettings
) -> None:
    rules.in_house_from = 3
    rules.save()
    assert "day of your own may suit better" in words(client, f"{URL}?role-{worker.pk}=3")


def test_nobody_is_followed_and_plans_are_not_found(client: Client, worker: Role) -> None:
    empty = client.get(URL)
    asked = client.get(f"{URL}?role-{worker.pk}=3")
    assert not empty.cookies
    assert not asked.cookies
    assert "X-Robots-Tag" not in empty
    assert asked["X-Robots-Tag"] == "noindex"
    assert client.post(URL).status_code == 405


def test_more_roles_and_dates_ask_no_more(client: Client, worker: Role) -> None:
    few = len(queries(client, f"{URL}?role-{worker.pk}=3"))
    course = worker.courses.first()
    for number in range(8):
        CourseRunFactory(course=course, in_days=50 + number)
    roles = [RoleFactory(courses=[CourseRunFactory().course, course]) for _ in range(5)]
    query = "&".join(f"role-{role.pk}=2" for role in [worker, *roles])
    assert len(queries(client, f"{URL}?{query}")) == few


def test_a_course_page_leads_to_the_form(client: Client) -> None:
    course = CoursePageFactory(in_house=True)
    page = markup.read(client.get(course.url).content)
    link = next(tag for tag in page.find_all("a") if "in-house training" in tag.text)
    assert link["href"] == f"/courses/enquiries/?course={course.pk}"
    assert not client.get(course.url).cookies
    course.in_house = False
    course.save_revision().publish()
    assert "/courses/enquiries/" not in client.get(course.url).content.decode()
