"""Who asked for it hears of replies, once, and can stop it with one press."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from blog.comments import services
from blog.comments.models import Comment
from blog.models import BlogPage
from tests.factories import CommentFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def approve(work_later: Any) -> Any:
    def approve(comment: Comment) -> None:
        services.decide([comment.pk], State.APPROVED, UserFactory())
        work_later()

    return approve


def reply_to(parent: Comment, **changes: Any) -> Comment:
    reply: Comment = CommentFactory(
        page=parent.page, parent=parent, state=State.WAITING, name="Grace", **changes
    )
    return reply


@pytest.mark.parametrize("wants", [True, False])
def test_only_those_who_ticked_it_hear_of_a_reply(
    wants: bool, post: BlogPage, approve: Any
) -> None:
    parent = CommentFactory(page=post, wants_replies=wants)
    reply = reply_to(parent)
    assert not mail.outbox
    approve(reply)
    assert len(mail.outbox) == wants
    if wants:
        [message] = mail.outbox
        assert message.to == [parent.email]
        assert f"{post.full_url}#comment-{reply.pk}" in message.body
        assert reply.email not in message.body


def test_everybody_in_the_thread_hears_of_it_once(post: BlogPage, approve: Any) -> None:
    parent = CommentFactory(page=post, wants_replies=True, email="a@example.org")
    for email in ("a@example.org", "b@example.org", "c@example.org"):
        CommentFactory(page=post, parent=parent, wants_replies=True, email=email)
    hidden = reply_to(parent, wants_replies=True, email="d@example.org")
    CommentFactory(page=post, wants_replies=True, email="e@example.org")
    approve(reply_to(parent, email="c@example.org", wants_replies=True))
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert hidden.state == State.WAITING


def test_approved_again_it_is_not_told_again(post: BlogPage, approve: Any) -> None:
    reply = reply_to(CommentFactory(page=post, wants_replies=True))
    for _ in range(2):
        approve(reply)
        services.decide([reply.pk], State.WAITING, UserFactory())
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM, State.WAITING])
def test_nobody_hears_of_what_was_taken_back_within_a_minute(
    state: str, post: BlogPage, work: Any, work_later: Any
) -> None:
    reply = reply_to(CommentFactory(page=post, wants_replies=True))
    services.decide([reply.pk], State.APPROVED, UserFactory())
    work()
    assert not mail.outbox
    services.decide([reply.pk], state, UserFactory())
    work_later()
    assert not mail.outbox
    services.decide([reply.pk], State.APPROVED, UserFactory())
    work_later()
    assert len(mail.outbox) == 1


def test_line_breaks_in_a_title_break_no_mail(post: BlogPage, approve: Any) -> None:
    post.title = "One\r\nBcc: everybody@example.org"
    post.save()
    approve(reply_to(CommentFactory(page=post, wants_replies=True)))
    [message] = mail.outbox
    assert message.subject == "A reply to your comment on “One Bcc: everybody@example.org”"
    assert message.message()["Bcc"] is None


def test_one_press_stops_the_mails(post: BlogPage, approve: Any) -> None:
    parent = CommentFactory(page=post, wants_replies=True)
    other = CommentFactory(email=parent.email, wants_replies=True)
    approve(reply_to(parent))
    [message] = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [address] = re.findall(r"<(http.*)>", message.extra_headers["List-Unsubscribe"])
    assert address in message.body
    path = "/" + address.split("/", 3)[3]
    client = Client(enforce_csrf_checks=True)
    page = client.get(path)
    assert "Stop the mails" in page.content.decode()
    parent.refresh_from_db()
    assert parent.wants_replies  # mail scanners follow links
    for _ in range(2):
        # As a mail programme does it: no cookie, no token, no redirect (RFC 8058).
        answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "no more from us" in answer.content.decode()
    other.refresh_from_db()
    assert not other.wants_replies
    approve(reply_to(parent))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("token", ["nonsense", "MQ:1:abc"])
def test_a_link_that_is_not_ours_is_not_found(token: str, client: Client) -> None:
    assert client.get(f"/blog/comments/stop/{token}/").status_code == 404
    assert client.post(f"/blog/comments/stop/{token}/").status_code == 404
