"""Approving a page: what is not finished is not published, and the moderator learns why."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from base.models import User
from blog.models import BlogPage
from tests import editor
from tests.factories import BlogPageFactory

pytestmark = pytest.mark.django_db

QUOTATION_WITHOUT_SOURCE = [{"type": "quotation", "value": {"text": "Nothing about us."}}]


def submitted(staff: User, **later: object) -> BlogPage:
    """A post that was submitted for approval, and then saved as a draft that lacks something."""
    post: BlogPage = BlogPageFactory(title="Winter", live=False)
    post.save_revision()
    Workflow.objects.get().start(post, staff)
    for name, value in later.items():
        setattr(post, name, value)
    post.save_revision(clean=False)
    return post


def decide(post: BlogPage, action: str = "approve") -> str:
    return reverse(
        "wagtailadmin_pages:workflow_action",
        args=[post.pk, action, post.current_workflow_task_state.pk],
    )


@pytest.mark.parametrize(
    ("later", "missing"),
    [
        ({"intro": ""}, "Intro: This field cannot be blank."),
        ({"is_guidance": True}, "Source: Say who published the guidance."),
        ({"body": QUOTATION_WITHOUT_SOURCE}, "Body: A block is not finished."),
        ({"intro": "", "go_live_at": timezone.now() + dt.timedelta(days=1)}, "Intro"),
    ],
)
@pytest.mark.parametrize("by_script", [False, True])
def test_an_unfinished_page_is_not_approved(
    by_script: bool, later: dict, missing: str, admin: Client, staff: User
) -> None:
    post = submitted(staff, **later)
    headers = {"x-requested-with": "XMLHttpRequest"} if by_script else {}
    url, opened = decide(post), editor.edit_url(post)
    for _ in range(2):
        response = admin.post(url, {"comment": ""}, headers=headers)
        assert (response.json()["redirect"] if by_script else response["Location"]) == opened
    text = admin.get(opened).content.decode()
    assert "“Winter” is not finished, so it was not approved." in text
    assert missing in text
    post.refresh_from_db()
    assert not post.live
    assert not post.approved_schedule
    assert post.workflow_in_progress


def test_a_finished_page_is_approved_and_published(admin: Client, staff: User) -> None:
    post = submitted(staff, intro="In short.")
    assert admin.post(decide(post), {"comment": "Good."}).status_code == 302
    post.refresh_from_db()
    assert post.live
    assert post.intro == "In short."


def test_an_unfinished_page_goes_back_to_its_writer(admin: Client, staff: User) -> None:
    post = submitted(staff, intro="")
    assert admin.post(decide(post, "reject"), {"comment": "Why?"}).status_code == 302
    post.refresh_from_db()
    assert post.current_workflow_state.status == "needs_changes"


def test_in_the_editor_it_stands_beside_the_field(admin: Client, staff: User) -> None:
    post = submitted(staff, intro="")
    url = editor.edit_url(post)
    buttons = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = admin.post(url, editor.form_data(admin, url, BlogPage) | buttons)
    assert response.status_code == 200
    assert "intro" in response.context["form"].errors
    post.refresh_from_db()
    assert not post.live


def test_only_moderators_approve(client: Client, staff: User) -> None:
    post = submitted(staff)
    response = client.post(decide(post))
    assert response["Location"].startswith(reverse("wagtailadmin_login"))
    post.refresh_from_db()
    assert not post.live
