"""What a person may ask for, and what is forgotten by itself."""

import datetime as dt
import uuid
from collections.abc import Callable
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.comments import services
from blog.comments.models import Comment, CommentSettings, Report
from blog.models import BlogPage
from tests.blog.comments.visitor import send
from tests.factories import CommentFactory

pytestmark = pytest.mark.django_db


def test_everything_about_a_person_is_exported(post: BlogPage) -> None:
    CommentFactory(page=post, email="sam@example.org", consent="I agree.")
    CommentFactory(page=post)
    [row] = services.export("Sam@Example.org")
    assert row["post"] == post.title
    assert row["email"] == "sam@example.org"
    assert row["agreed_to"] == "I agree."


def test_a_person_is_erased_and_replies_survive(post: BlogPage, client: Client) -> None:
    answered = CommentFactory(page=post, name="Sam", email="sam@example.org", text="My words")
    CommentFactory(page=post, parent=answered, text="What another answered")
    own = CommentFactory(page=post, parent=answered, email="sam@example.org", text="My own answer")
    alone = CommentFactory(page=post, email="sam@example.org", text="Nobody answered this")
    assert services.erase("SAM@example.org") == 3
    html = client.get(post.url).content.decode()
    assert "[removed]" in html
    assert "What another answered" in html
    for words in ("My words", "My own answer", "Nobody answered this"):
        assert words not in html
    assert not Comment.objects.filter(pk__in=[own.pk, alone.pk]).exists()
    kept = Comment.objects.get(pk=answered.pk)
    assert (kept.name, kept.email, kept.text, kept.network) == ("", "", "", "")
    assert services.erase("sam@example.org") == 0
    assert services.export("sam@example.org") == []


def test_no_address_erases_nobody(post: BlogPage) -> None:
    CommentFactory(page=post, email="")
    assert services.erase(" ") == 0
    assert Comment.objects.count() == 1


def test_a_rejected_comment_with_replies_leaves_its_place(post: BlogPage, client: Client) -> None:
    parent = CommentFactory(page=post, state=Comment.State.REJECTED, text="Not kind")
    CommentFactory(page=post, parent=parent, text="What another answered")
    html = client.get(post.url).content.decode()
    assert "[removed]" in html
    assert "Not kind" not in html
    assert "What another answered" in html


def test_networks_are_forgotten_after_thirty_days(post: BlogPage, client: Client) -> None:
    send(client, post, ip="203.0.113.7")
    comment = Comment.objects.get()
    Report.objects.create(comment=comment, network="n")
    assert len(comment.network) == 64
    assert "203.0.113" not in comment.network
    assert services.forget_networks(timezone.now() + dt.timedelta(days=29)) == 0
    assert services.forget_networks(timezone.now() + dt.timedelta(days=31)) == 2
    assert services.forget_networks(timezone.now() + dt.timedelta(days=31)) == 0
    comment.refresh_from_db()
    assert comment.network == ""


# Mails


CONFIDENTIAL = ("943 476 5919", "07700 900123", "mary@example.org")
Work = Callable[[], None]


def queue() -> str:
    """Everything that the queue of mails holds, sent or not."""
    return " ".join(map(str, DBTaskResult.objects.values_list("args_kwargs", flat=True)))


def approve(office: Client, comment: Comment) -> None:
    office.post("/admin/comments/decide/", {"one": f"approved:{comment.pk}"})


def test_no_mail_ever_holds_what_can_be_masked(
    post: BlogPage, rules: CommentSettings, admin: Client, work_later: Work
) -> None:
    parent = CommentFactory(page=post, wants_replies=True)
    visitor = Client()
    text = "Her NHS number is 943 476 5919, ring 07700 900123 on our ward."
    send(visitor, post, reply=parent.pk, name="mary@example.org", text=text)
    reply = Comment.objects.get(parent=parent)
    approve(admin, reply)
    answer = {"reason": "It says 07700 900123!", "key": str(uuid.uuid4())}
    visitor.post(reverse("blog_comments:report", args=[reply.pk]), answer)
    work_later()
    assert sorted(message.to[0] for message in mail.outbox) == [
        "office@example.org",
        "office@example.org",
        parent.email,
    ]
    assert all("[NHS number removed]" in message.body for message in mail.outbox)
    for number in CONFIDENTIAL:
        assert number not in queue()
        assert all(number not in message.body for message in mail.outbox)


@pytest.mark.parametrize("is_sent", [True, False])
def test_erasure_reaches_the_mails_about_a_comment(
    is_sent: bool, post: BlogPage, rules: CommentSettings, admin: Client, work_later: Work
) -> None:
    other = CommentFactory(page=post, wants_replies=True)
    visitor = Client()
    send(visitor, post, reply=other.pk, name="Samira", text="What only Samira says.")
    own = Comment.objects.get(email="sam@example.org")
    approve(admin, own)
    visitor.post(reverse("blog_comments:report", args=[own.pk]), {"reason": "Unkind"})
    send(visitor, post, email="grace@example.org", text="Something about another matter.")
    if is_sent:
        work_later()
    assert "What only Samira says." in queue()
    output = StringIO()
    call_command("personal_data_of", "sam@example.org", "--erase", stdout=output)
    assert "Comments: 1 erased" in output.getvalue()
    assert "Samira" not in queue()
    assert "another matter" in queue()
    mail.outbox.clear()
    work_later()
    assert all("Samira" not in message.body for message in mail.outbox)


def test_mails_about_replies_name_what_they_answer(
    post: BlogPage, rules: CommentSettings, work: Work
) -> None:
    """A mail about the reply names who wrote the comment, so erasure finds that as well."""
    parent = CommentFactory(page=post, name="Samira", email="samira@example.org")
    send(Client(), post, reply=parent.pk)
    work()
    [message] = mail.outbox
    assert "as a reply to Samira" in message.body
    assert message.extra_headers["References"].startswith(f"<comment-{parent.pk}@")
    services.erase("samira@example.org")
    assert "Samira" not in queue()
