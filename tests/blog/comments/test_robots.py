"""Robots are dropped without a hint; whoever sends too much is told so."""

import pytest
from django.test import Client

from blog.comments import tokens
from blog.comments.models import Comment
from blog.models import BlogPage
from tests.blog.comments.visitor import send, token
from tests.factories import BlogPageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "changes",
    [
        {"website": "https://spam.example"},
        {"token": ""},
        {"token": "forged"},
        {"token": "\x00"},
        {"text": '<a href="https://spam.example">hello</a>'},
    ],
)
def test_robots_are_dropped_without_a_hint(
    changes: dict[str, str], post: BlogPage, client: Client
) -> None:
    response = send(client, post, **changes)
    person = send(client, post)
    assert (response.status_code, response["Location"]) == (302, person["Location"])
    assert Comment.objects.count() == 1


def test_a_form_filled_in_at_once_is_a_robots(post: BlogPage, client: Client) -> None:
    assert send(client, post, token=token(post, seconds=1)).status_code == 302
    assert send(client, post, token=tokens.new(post.pk).sign()).status_code == 302
    assert not Comment.objects.exists()


def test_a_token_serves_one_post(post: BlogPage, client: Client) -> None:
    send(client, post, token=token(BlogPageFactory()))
    assert not Comment.objects.exists()


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


def test_the_same_words_from_others_wait_and_then_are_dropped(
    post: BlogPage, client: Client
) -> None:
    for number in range(4):
        send(client, post, ip=f"192.0.{number}.1", email=f"r{number}@example.org")
    first, second = Comment.objects.order_by("pk")
    assert first.held_for == []
    assert second.held_for == ["The same words were sent before."]
