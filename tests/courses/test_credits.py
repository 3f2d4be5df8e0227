"""Who helped to make a course: named as they choose, with their consent, as long as it stands."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.models import User
from courses.models import CoursePage, Credit
from tests import editor, markup
from tests.factories import (
    CoursePageFactory,
    CourseRunFactory,
    CreditFactory,
    PersonPageFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def names(client: Client, course: CoursePage) -> list[str]:
    """Who is credited on the course's page."""
    response = client.get(course.url)
    assert markup.faults(response.content) == []
    heading = markup.read(response.content).find(id="co-production")
    if heading is None:
        return []
    people = heading.find_parent("section").find_all(class_="person__name")
    return [person.get_text(strip=True) for person in people]


def test_they_are_named_as_they_choose(client: Client) -> None:
    credit = CreditFactory(name="Jo from Leeds", about="I know care homes.", part="wrote")
    assert names(client, credit.course) == ["Jo from Leeds"]
    section = markup.read(client.get(credit.course.url).content).find(id="co-production").parent
    assert "I know care homes." in section.get_text()
    assert "Co-wrote this course" in section.get_text()
    assert not section.find("a")


def test_how_they_agreed_is_never_shown(client: Client, staff: User) -> None:
    credit = CreditFactory(consent_words="Said yes in the garden", recorded_by=staff)
    shown = client.get(credit.course.url).content.decode()
    assert "garden" not in shown
    assert staff.username not in shown


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [
        ({}, True),
        ({"shown_until": 0}, True),
        ({"shown_until": -1}, False),
        ({"consented_on": 1}, False),
        ({"withdrawn_on": 0}, False),
        ({"withdrawn_on": -5}, False),
        ({"withdrawn_on": 5}, False),
    ],
)
def test_nobody_is_named_without_a_consent_that_stands(
    changes: dict[str, int], is_shown: bool, client: Client
) -> None:
    days = {"consented_on": -10, "shown_until": 10} | changes
    credit = CreditFactory(**{name: today() + day * DAY for name, day in days.items()})
    assert names(client, credit.course) == ([credit.name] if is_shown else [])
    assert credit.is_shown is is_shown


def test_a_credit_disappears_by_itself_at_midnight_in_london(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a day in British Summer Time: the last minute is 22:59 UTC."""
    credit = CreditFactory(consented_on=dt.date(2026, 1, 1), shown_until=dt.date(2026, 7, 1))
    midnight = dt.datetime(2026, 7, 1, 23, tzinfo=dt.UTC)
    assert credit.ends_at == midnight
    moments = {midnight - dt.timedelta(minutes=1): [credit.name], midnight: []}
    for moment, expected in moments.items():
        with monkeypatch.context() as patched:
            patched.setattr(timezone, "now", lambda moment=moment: moment)
            assert names(client, credit.course) == expected


@pytest.mark.parametrize("words", ["", None])
def test_the_database_keeps_no_credit_without_the_words_of_consent(words: str | None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditFactory(consent_words=words)


def test_nor_one_without_its_day() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditFactory(consented_on=None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consented_on": 1}, "consented_on"),
        ({"consented_on": -2, "shown_until": -3}, "shown_until"),
        ({"shown_until": 3 * 365 + 1}, "shown_until"),
    ],
)
def test_what_no_consent_can_be(changes: dict[str, int], field: str) -> None:
    credit = CreditFactory()
    for name, day in changes.items():
        setattr(credit, name, today() + day * DAY)
    with pytest.raises(ValidationError) as refused:
        credit.full_clean()
    assert field in refused.value.message_dict


def test_a_credit_lasts_a_year_unless_staff_say_otherwise() -> None:
    credit = CreditFactory()
    credit.full_clean()
    assert credit.shown_until == today() + 365 * DAY


def test_an_older_version_of_the_text_brings_no_credit_back(client: Client) -> None:
    credit = CreditFactory()
    old = credit.course.save_revision()
    credit.delete()
    old.publish()
    assert names(client, credit.course) == []


def test_a_credit_needs_no_page_of_its_own(client: Client) -> None:
    course = CoursePageFactory(trainers=[PersonPageFactory(title="Helen")])
    CreditFactory(course=course, name="Jo")
    assert names(client, course) == ["Jo"]


def test_credits_are_left_out_of_what_search_engines_read(client: Client) -> None:
    credit = CreditFactory(name="Quillwort")
    page = markup.read(client.get(credit.course.url).content)
    assert "Quillwort" in page.main.get_text()
    assert "Quillwort" not in page.find("script", type="application/ld+json").string


# The moment when a page changes by itself


def test_a_copy_of_the_page_is_good_until_the_next_thing_happens() -> None:
    course = CoursePageFactory()
    assert course.changes_at is None
    run = CourseRunFactory(course=course, in_days=28)
    assert CoursePage.objects.get().changes_at == run.start
    closes = run.start - dt.timedelta(days=2)
    type(run).objects.update(booking_closes_at=closes)
    assert CoursePage.objects.get().changes_at == closes
    credit = CreditFactory(course=course, shown_until=today() + 3 * DAY)
    assert CoursePage.objects.get().changes_at == credit.ends_at
    CreditFactory(course=course, shown_until=today(), withdrawn_on=today())
    assert CoursePage.objects.get().changes_at == credit.ends_at
    off = CourseRunFactory(course=course, in_days=1, cancelled_at=timezone.now())
    assert CoursePage.objects.get().changes_at == off.start
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    running = CourseRunFactory(course=course, start=now - hour, end=now + hour)
    assert CoursePage.objects.get().changes_at == running.end
    type(running).objects.filter(pk__in=[off.pk, running.pk]).delete()
    course.topics = [TopicFactory()]
    course.save()
    related = CourseRunFactory(in_days=2, course__topics=course.topics.all())
    assert CoursePage.objects.get(pk=course.pk).changes_at == related.start


# The admin


def form(course: CoursePage, **changes: Any) -> dict[str, Any]:
    return {
        "course": course.pk,
        "name": "Jo",
        "about": "",
        "part": "both",
        "consented_on": f"{today():%Y-%m-%d}",
        "consent_words": "Asked by e-mail, answered yes.",
        "shown_until": f"{today() + 90 * DAY:%Y-%m-%d}",
        "withdrawn_on": "",
    } | changes


def test_staff_record_a_consent_with_their_name(admin: Client, staff: User) -> None:
    course = CoursePageFactory()
    url = reverse("wagtailsnippets_courses_credit:add")
    page = admin.get(url, {"course": course.pk})
    assert page.context["form"].initial["course"] == course.pk
    response = admin.post(url, form(course))
    assert response.status_code == 302, response.context["form"].errors
    credit = Credit.objects.get()
    assert (credit.course, credit.recorded_by) == (course, staff)


@pytest.mark.parametrize("course", ["", "nonsense", "999999", "9" * 40])
def test_an_unknown_course_in_the_address_is_left_to_the_form(course: str, admin: Client) -> None:
    response = admin.get(reverse("wagtailsnippets_courses_credit:add"), {"course": course})
    assert response.status_code == 200
    assert not response.context["form"].initial.get("course")


@pytest.mark.parametrize("field", ["consented_on", "consent_words", "shown_until", "name"])
def test_without_consent_nothing_is_saved(field: str, admin: Client) -> None:
    course = CoursePageFactory()
    url = reverse("wagtailsnippets_courses_credit:add")
    response = admin.post(url, form(course, **{field: " "}))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Credit.objects.exists()


def test_who_recorded_it_stays_until_the_consent_changes(
    admin: Client, staff: User, django_user_model: type[User]
) -> None:
    other = django_user_model.objects.create(username="somebody-else")
    credit = CreditFactory(recorded_by=other)
    url = reverse("wagtailsnippets_courses_credit:edit", args=[credit.pk])
    same = {"consented_on": f"{credit.consented_on:%Y-%m-%d}", "name": credit.name}
    same["consent_words"] = credit.consent_words
    admin.post(url, form(credit.course, **same, about="Anew"))
    credit.refresh_from_db()
    assert (credit.about, credit.recorded_by) == ("Anew", other)
    admin.post(url, form(credit.course, **same | {"consent_words": "Asked again: yes."}))
    credit.refresh_from_db()
    assert credit.recorded_by == staff


def test_the_course_shows_its_credits_to_staff(admin: Client) -> None:
    ended = CreditFactory(consented_on=today() - 9 * DAY, shown_until=today() - DAY, name="Ada")
    CreditFactory(course=ended.course, name="Bo", withdrawn_on=today())
    CreditFactory(course=ended.course, name="Cy")
    text = admin.get(editor.edit_url(ended.course)).content.decode()
    assert reverse("wagtailsnippets_courses_credit:add") in text
    for words in ("Ada</a>, Co-wrote and co-delivers it: Ended", "Taken back", "Shown until"):
        assert words in text


def test_the_list_of_credits_says_what_runs_out(admin: Client) -> None:
    credit = CreditFactory()
    text = admin.get(reverse("wagtailsnippets_courses_credit:list")).content.decode()
    assert f"Shown until {credit.shown_until:%-d %B %Y}" in text
