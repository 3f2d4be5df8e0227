"""What a person may ask for, and what is forgotten by itself."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from blog.comments import services
from blog.comments.models import Comment, Report
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
