"""What is kept about one person is found in one place, handed over, and erased."""

import json
import uuid
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from base.mail import send_later
from blog.comments.models import Comment
from courses.bookings import services as bookings
from courses.bookings.models import WaitingListEntry
from courses.enquiries.models import Enquiry
from home.models import ContactSubmission
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CommentFactory,
    ContactPageFactory,
    CourseRunFactory,
    EnquiryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

Work = Callable[[], None]

PAGE = "/admin/personal-data/"
SAM = {"email": "Sam@Example.org"}


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("personal_data_of", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def sam(work: Work) -> None:
    """Somebody who stands everywhere, and somebody else."""
    page = ContactPageFactory(slug="contact")
    date = CourseRunFactory(capacity=1)
    post = BlogPageFactory()
    for name in ("sam", "grace"):
        email = f"{name}@example.org"
        CommentFactory(page=post, email=email, text=f"What {name} wrote")
        EnquiryFactory(email=email, message=f"What {name} asked")
        ContactSubmission.objects.create(
            page=page, form_data={"your_e_mail": email.title(), "message": f"What {name} sent"}
        )
    bookings.book(
        date.pk,
        bookings.Order("Grace", "grace@example.org", (bookings.Person("Grace"),)),
        uuid.uuid4(),
    )
    bookings.join(date.pk, bookings.Waiter("Sam", "sam@example.org"), uuid.uuid4())
    work()


@pytest.fixture
def office(client: Client) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def test_the_office_sees_everything_about_one_person(sam: None, office: Client) -> None:
    page = markup.read(office.get(PAGE, SAM).content)
    headings = [heading.get_text() for heading in page.find("main").find_all("h2")]
    assert sorted(headings) == [
        "Answers to forms: 1",
        "Comments: 1",
        "Enquiries: 1",
        "Mails: 1",
        "Waiting lists: 1",
    ]
    text = page.find("main").get_text()
    for words in ("What sam wrote", "What sam asked", "What sam sent"):
        assert words in text
    assert "grace" not in text.lower()


def test_it_is_handed_over_as_one_file(sam: None, office: Client) -> None:
    answer = office.post(PAGE, SAM | {"export": "1"})
    assert answer["Content-Type"] == "application/json"
    assert "personal-data.json" in answer["Content-Disposition"]
    kept = json.loads(answer.content)
    assert kept == json.loads(run("sam@example.org", "--export"))
    assert [row["message"] for row in kept["Enquiries"]] == ["What sam asked"]
    assert Comment.objects.count() == 2, "nothing was erased"


def test_erasing_asks_first_and_sent_twice_is_the_same(sam: None, office: Client) -> None:
    answer = office.post(PAGE, SAM, follow=True)
    assert "tick that you are sure" in answer.content.decode()
    assert Comment.objects.count() == 2
    for said in ("comments 1", "nothing was there"):
        answer = office.post(PAGE, SAM | {"erase": "1"}, follow=True)
        assert said in answer.content.decode()
    assert "Nothing is kept about Sam@Example.org" in answer.content.decode()
    assert Comment.objects.get().email == "grace@example.org"
    assert Enquiry.objects.get().email == "grace@example.org"
    assert ContactSubmission.objects.get().form_data["message"] == "What grace sent"
    assert not WaitingListEntry.objects.exists()


def test_what_cannot_be_erased_yet_is_named(sam: None, office: Client) -> None:
    grace = {"email": "grace@example.org"}
    text = markup.read(office.get(PAGE, grace).content).find("main").get_text()
    assert "is still to come. Cancel it first." in text
    office.post(PAGE, grace | {"erase": "1"})
    text = markup.read(office.get(PAGE, grace).content).find("main").get_text()
    assert "Bookings: 1" in text
    assert "What grace" not in text
    assert "is still to come" in run("grace@example.org", "--erase")


def test_only_those_who_may_answer_see_it(sam: None, client: Client) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    for answer in (client.get(PAGE, SAM), client.post(PAGE, SAM | {"erase": "1"})):
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert Comment.objects.count() == 2
    assert "Personal data" not in client.get("/admin/").content.decode()


def test_moderators_find_it_in_the_menu_and_administrators_can_permit_it(
    office: Client, staff: Any
) -> None:
    assert PAGE in office.get("/admin/").content.decode()
    office.force_login(staff)
    page = office.get(reverse("wagtailusers_groups:add")).content.decode()
    assert "hand over and erase" in page


@pytest.mark.parametrize("email", ["", "nonsense", "\x00@example.org", "a@b\r\nc", " "])
def test_nonsense_finds_and_erases_nothing(email: str, sam: None, office: Client) -> None:
    assert office.get(PAGE, {"email": email}).status_code == 200
    assert office.post(PAGE, {"email": email, "erase": "1"}).status_code == 302
    with pytest.raises(CommandError, match="is no e-mail address"):
        run(email, "--erase")
    assert Comment.objects.count() == 2


def test_the_command_wants_to_know_what_to_do() -> None:
    with pytest.raises(CommandError):
        run("sam@example.org")


def test_a_mail_to_somebody_else_that_names_a_person_is_not_handed_over(work: Work) -> None:
    send_later("Hello", "Sam is sam@example.org", ["grace@example.org"])
    work()
    assert json.loads(run("sam@example.org", "--export")) == {}
    assert "Mails: 1 erased" in run("sam@example.org", "--erase")


def test_a_mail_that_waits_is_sent_first(work: Work) -> None:
    send_later("Hello", "Your place", ["sam@example.org"])
    said = run("sam@example.org", "--erase")
    assert "Mails: 0 erased" in said
    assert "about to be sent: 1" in said
    work()
    assert len(mail.outbox) == 1
    assert "Mails: 1 erased" in run("sam@example.org", "--erase")
