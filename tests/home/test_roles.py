"""Who may do what: Moderators run the office, Editors write and ask for approval."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.models import OrganisationSettings, User
from blog.models import BlogPage
from courses.models import CourseRun, Venue
from home.models import HomePage
from tests.editor import add_url, edit_url, form_data
from tests.factories import (
    BlogIndexPageFactory,
    ContactPageFactory,
    CoursePageFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

OFFICE = [
    "dates_modeladmin_index",
    "dates_modeladmin_create",
    "wagtailsnippets_courses_venue:list",
    "wagtailsnippets_courses_venue:add",
    "wagtailsnippets_courses_audience:list",
    "wagtailsnippets_courses_audience:add",
    "wagtailsnippets_courses_credit:list",
    "wagtailsnippets_courses_credit:add",
    "wagtailsnippets_courses_carecertificatestandard:list",
    "wagtailsnippets_base_topic:list",
    "wagtailsnippets_base_topic:add",
    "wagtailsnippets_base_testimonial:list",
    "wagtailsnippets_base_calltoaction:list",
]


def member_of(group: str) -> User:
    user: User = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


def signed_in(group: str) -> Client:
    client = Client()
    client.force_login(member_of(group))
    return client


def organisation_url() -> str:
    site = HomePage.objects.get().get_site()
    return reverse("wagtailsettings:edit", args=["base", "organisationsettings", site.pk])


def test_a_moderator_adds_a_venue_and_a_date() -> None:
    office = signed_in("Moderators")
    venue = {"name": "The Old Printworks", "address": "1 Quay Street", "postcode": "BS1 1AA"}
    venue["day-count"] = "0"
    office.post(reverse("wagtailsnippets_courses_venue:add"), venue)
    day = f"{timezone.now() + dt.timedelta(days=40):%Y-%m-%d}"
    date = {
        "course": CoursePageFactory().pk,
        "venue": Venue.objects.get(name="The Old Printworks").pk,
        "start": f"{day} 09:30",
        "end": f"{day} 16:30",
        "capacity": "12",
    }
    office.post(reverse("dates_modeladmin_create"), date)
    run = CourseRun.objects.get()
    assert run.venue.name == "The Old Printworks"
    for action in ("edit", "delete"):
        url = reverse(f"dates_modeladmin_{action}", args=[run.pk])
        assert office.get(url).status_code == 200
    office.post(url)
    assert not CourseRun.objects.exists()


def test_a_moderator_edits_the_organisation() -> None:
    office = signed_in("Moderators")
    menus = {
        f"{menu}-{name}": "0"
        for menu in ("main_menu", "footer_menu")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    answers = {"organisation_name": "Brightening Minds", "phone": "0117 496 0000"}
    response = office.post(organisation_url(), menus | answers)
    assert response.status_code == 302
    assert OrganisationSettings.objects.get().phone == "0117 496 0000"


@pytest.mark.parametrize("name", OFFICE)
def test_what_is_the_offices_own(name: str) -> None:
    assert signed_in("Moderators").get(reverse(name)).status_code == 200
    assert signed_in("Editors").get(reverse(name)).status_code == 302


def test_an_editor_does_not_change_the_organisation() -> None:
    editor = signed_in("Editors")
    assert editor.get(organisation_url()).status_code == 302
    editor.post(organisation_url(), {"organisation_name": "Mine"})
    assert not OrganisationSettings.objects.filter(organisation_name="Mine").exists()


def test_menus_hold_what_somebody_may_do() -> None:
    url = reverse("wagtailadmin_home")
    shown = signed_in("Moderators").get(url).content.decode()
    hidden = signed_in("Editors").get(url).content.decode()
    for name in ("dates_modeladmin_index", "wagtailsnippets_courses_venue:list"):
        assert reverse(name) in shown
        assert reverse(name) not in hidden
    assert reverse("news:index") in hidden


def test_an_editor_writes_and_a_moderator_approves(client: Client) -> None:
    editor, office = signed_in("Editors"), signed_in("Moderators")
    url = add_url(BlogPage, BlogIndexPageFactory())
    post = form_data(editor, url, BlogPage, title="Why two trainers", slug="why", intro="Why.")
    post["action-submit"] = "action-submit"
    assert editor.post(url, post).status_code == 302
    page = BlogPage.objects.get(slug="why")
    assert not page.live
    assert page.workflow_in_progress
    post["action-publish"] = "action-publish"
    editor.post(edit_url(page), post)
    page.refresh_from_db()
    assert not page.live

    task = page.current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    assert office.post(approve, {"comment": ""}).status_code == 302
    page.refresh_from_db()
    assert page.live
    assert client.get(page.url).status_code == 200


def test_only_the_office_reads_what_visitors_sent() -> None:
    page = ContactPageFactory()
    url = reverse("wagtailforms:list_submissions", args=[page.pk])
    assert signed_in("Moderators").get(url).status_code == 200
    trainer = signed_in("Editors")
    assert trainer.get(url).status_code == 302
    forms = trainer.get(reverse("wagtailforms:index")).content.decode()
    assert page.title not in forms
