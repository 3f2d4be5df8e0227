"""The history of a course names each change of its published price, and of its VAT."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from base.models import User
from courses.models import CoursePage
from tests import editor, markup
from tests.factories import CourseIndexPageFactory, CoursePageFactory

pytestmark = pytest.mark.django_db

PUBLISH = {"action-publish": "action-publish"}


def save(admin: Client, course: CoursePage, buttons: dict[str, str], **changes: Any) -> None:
    """Press a button in the editor, with some answers changed."""
    url = editor.edit_url(course)
    typed = editor.form_data(admin, url, CoursePage, **changes)
    typed.update(buttons)
    assert admin.post(url, typed).status_code == 302


def history(admin: Client, course: CoursePage) -> list[str]:
    """What the page's history says of its price, the latest first."""
    url = reverse("wagtailadmin_pages:history", args=[course.pk])
    rows = markup.read(admin.get(url).content).find_all("tr")
    said = [" ".join(row.get_text(" ").split()) for row in rows]
    return [row for row in said if "Price:" in row]


def test_both_prices_stand_in_the_history_with_who_changed_them(admin: Client) -> None:
    course = CoursePageFactory(price="145")
    save(admin, course, PUBLISH, price="160")
    save(admin, course, PUBLISH, vat="included")
    save(admin, course, PUBLISH, summary="Other words")
    vat, price = history(admin, course)
    assert "Price: £160 plus VAT, now £160 including VAT" in vat
    assert "Price: £145 plus VAT, now £160 plus VAT" in price
    entries = PageLogEntry.objects.filter(action="courses.price")
    assert [entry.user.get_username() for entry in entries] == [username(admin)] * 2


def username(client: Client) -> str:
    return User.objects.get(pk=client.session["_auth_user_id"]).get_username()


def test_a_draft_changes_no_price_until_it_is_published(admin: Client) -> None:
    course = CoursePageFactory(price="145")
    for price in ("150", "155"):
        save(admin, course, {}, price=price)
    assert history(admin, course) == []
    save(admin, course, PUBLISH, price="160")
    [said] = history(admin, course)
    assert "£145 plus VAT, now £160 plus VAT" in said


def test_a_course_that_was_taken_down_is_compared_with_what_was_shown_last(admin: Client) -> None:
    course = CoursePageFactory(price="145")
    save(admin, course, PUBLISH, price="150")
    course = CoursePage.objects.get(pk=course.pk)
    course.unpublish()
    save(admin, course, {}, price="170")
    save(admin, course, PUBLISH, price="170")
    assert "£150 plus VAT, now £170 plus VAT" in history(admin, course)[0]


def test_a_scheduled_price_is_compared_on_its_day(admin: Client) -> None:
    course = CoursePageFactory(price="140")
    save(admin, course, PUBLISH, price="145")
    before = history(admin, course)
    course = CoursePage.objects.get(pk=course.pk)
    course.price, hour = 160, dt.timedelta(hours=1)
    course.go_live_at = timezone.now() + hour
    course.save_revision().publish()
    assert history(admin, course) == before
    course.go_live_at -= 2 * hour
    course.save_revision(approved_go_live_at=course.go_live_at)
    call_command("publish_scheduled")
    assert CoursePage.objects.get(pk=course.pk).price == 160
    said, *_ = history(admin, course)
    assert "£145 plus VAT, now £160 plus VAT" in said


def test_a_new_course_changes_no_price(admin: Client) -> None:
    parent = CourseIndexPageFactory()
    url = editor.add_url(CoursePage, parent)
    typed = editor.form_data(
        admin,
        url,
        CoursePage,
        title="New",
        slug="new",
        summary="Words.",
        duration_minutes="60",
        price="145",
    )
    typed.update(PUBLISH)
    admin.post(url, typed)
    assert history(admin, CoursePage.objects.get(slug="new", live=True)) == []
