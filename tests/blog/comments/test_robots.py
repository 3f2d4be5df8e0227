"""What looks like a robot's is kept for staff without a hint; whoever sends too much is told so."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client

from blog.comments import tokens
from blog.comments.models import Comment, CommentSettings
from blog.comments.services.submit import SPAM_A_DAY
from blog.models import BlogPage
from tests.blog.comments.visitor import send, token
from tests.factories import BlogPageFactory, CommentFactory

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nothing": "https://spam.example"}, "people do not see"),
        ({"token": ""}, "our form"),
        ({"token": "forged"}, "our form"),
        ({"token": "\x00"}, "our form"),
        ({"text": '<a href="https://spam.example">hello</a>'}, "like advertising"),
    ],
)
def test_what_looks_like_a_robots_is_kept_as_spam_without_a_hint(
    changes: dict[str, str],
    reason: str,
    post: BlogPage,
    rules: CommentSettings,
    client: Client,
    work: Callable[[], None],
) -> None:
    response = send(client, post, **changes)
    [spam] = Comment.objects.all()
    assert spam.state == State.SPAM
    assert reason in spam.held_for[0]
    work()
    assert not mail.outbox
    person = send(client, post, email="person@example.org", text="Something else altogether.")
    assert (response.status_code, response["Location"]) == (302, person["Location"])
    assert Comment.objects.waiting().count() == 1


def test_staff_find_it_and_let_it_through(post: BlogPage, client: Client, admin: Client) -> None:
    text = "I use a password manager, and it filled in what it liked."
    send(Client(), post, nothing="Sam", text=text)
    comment = Comment.objects.get()
    page = admin.get("/admin/comments/?show=spam").content.decode()
    assert text in page
    assert "people do not see" in page
    assert f'value="approved:{comment.pk}"' in page
    admin.post("/admin/comments/decide/", {"one": f"approved:{comment.pk}"})
    assert text in client.get(post.url).content.decode()
    # A wrong guess of the site's is not held against anybody.
    send(Client(), post, text="And this is what I wanted to say as well.")
    assert Comment.objects.waiting().get().held_for == []


def test_the_dashboard_does_not_count_it(post: BlogPage, admin: Client) -> None:
    send(Client(), post, nothing="Sam")
    page = admin.get("/admin/").content.decode()
    assert "0 comments <span>waiting" in page


def test_only_so_much_of_it_is_kept_in_a_day(post: BlogPage, client: Client) -> None:
    kept = {"page": post, "state": State.SPAM, "suspected": True}
    Comment.objects.bulk_create(
        CommentFactory.build(**kept, email=f"bot{number}@mail.example")
        for number in range(SPAM_A_DAY - 1)
    )
    send(client, post, nothing="x", text="One more night")
    response = send(client, post, nothing="x", text="One night too many")
    assert "please send them again tomorrow" in response.content.decode()
    assert "One night too many" in response.content.decode()
    assert Comment.objects.count() == SPAM_A_DAY
    assert send(client, post).status_code == 302
    assert Comment.objects.waiting().count() == 1
    Comment.objects.update(created_at=F("created_at") - dt.timedelta(days=1, minutes=1))
    assert send(client, post, nothing="x", text="Another night").status_code == 302
    assert Comment.objects.suspected().count() == SPAM_A_DAY + 1


def test_after_thirty_days_it_is_deleted_but_not_what_staff_marked(
    post: BlogPage, admin: Client, work: Callable[[], None]
) -> None:
    for number in range(3):
        send(Client(), post, nothing="x", text=f"Night {number}")
    approved, older, _ = Comment.objects.order_by("pk")
    marked = CommentFactory(page=post, state=State.SPAM)
    admin.post("/admin/comments/decide/", {"one": f"approved:{approved.pk}"})
    Comment.objects.exclude(text="Night 2").update(
        created_at=F("created_at") - dt.timedelta(days=31)
    )
    work()
    assert set(Comment.objects.values_list("text", flat=True)) == {
        approved.text,
        "Night 2",
        marked.text,
    }
    assert not Comment.objects.filter(pk=older.pk).exists()


def test_a_form_filled_in_at_once_is_a_robots(post: BlogPage, client: Client) -> None:
    for changes in ({"token": token(post, seconds=1)}, {"token": tokens.new(post.pk).sign()}):
        text = f"Written in no time: {changes}"[:60]
        assert send(client, post, text=text, **changes).status_code == 302
    assert {comment.state for comment in Comment.objects.all()} == {State.SPAM}


def test_a_token_serves_one_post(post: BlogPage, client: Client) -> None:
    send(client, post, token=token(BlogPageFactory()))
    assert Comment.objects.get().state == State.SPAM


def test_a_network_and_an_address_have_limits(post: BlogPage, client: Client) -> None:
    for number in range(12):
        send(client, post, ip="203.0.113.7", email=f"r{number}@example.org", text=f"Night {number}")
    assert Comment.objects.count() == 12
    response = send(client, post, ip="203.0.113.99", text="My own words about nights")
    assert "in an hour" in response.content.decode()
    assert "My own words about nights" in response.content.decode()
    assert send(client, post, ip="198.51.100.1").status_code == 302
    for number in range(6):
        send(client, post, ip=f"192.0.{number}.1", email="one@example.org", text=f"Day {number}")
    assert Comment.objects.by("one@example.org").count() == 6
    assert send(client, post, ip="192.0.9.1", email="one@example.org").status_code == 200


def test_the_same_words_from_others_wait_and_then_are_spam(post: BlogPage, client: Client) -> None:
    for number in range(4):
        send(client, post, ip=f"192.0.{number}.1", email=f"r{number}@example.org")
    kept: list[Any] = list(Comment.objects.order_by("pk").values_list("state", "held_for"))
    copies = (State.SPAM, ["The same words were sent several times."])
    assert kept == [
        (State.WAITING, []),
        (State.WAITING, ["The same words were sent before."]),
        copies,
        copies,
    ]


def test_what_staff_marked_as_spam_is_spam_when_it_comes_again(
    post: BlogPage, client: Client, admin: Client
) -> None:
    send(Client(), post)
    admin.post("/admin/comments/decide/", {"one": f"spam:{Comment.objects.get().pk}"})
    send(Client(), post, email="other@example.org", ip="192.0.2.1")
    assert Comment.objects.suspected().get().held_for[0].startswith("You marked the same words")
    send(Client(), post, text="Other words from the same address.")
    [reason] = Comment.objects.waiting().get().held_for
    assert reason.startswith("You marked something from the same address")
