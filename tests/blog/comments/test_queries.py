"""A post with two hundred comments asks the database as often as a post with one."""

import pytest
from django.test import Client

from blog.models import BlogPage
from tests.factories import CommentFactory
from tests.test_queries import queries

pytestmark = pytest.mark.django_db


def test_one_comment_or_two_hundred(post: BlogPage, client: Client) -> None:
    parent = CommentFactory(page=post)
    CommentFactory(page=post, parent=parent)
    few = queries(client, post.url)
    for number in range(198):
        CommentFactory(page=post, parent=parent if number % 2 else None)
    many = queries(client, post.url)
    assert len(many) == len(few)
    assert sum("blog_comments_" in query for query in many) == 1


def test_the_queue_does_not_ask_for_each_comment(post: BlogPage, admin: Client) -> None:
    def page(number: int) -> int:
        for _ in range(number):
            CommentFactory(page=post, state="waiting", parent=parent)
        return len(queries(admin, "/admin/comments/"))

    parent = CommentFactory(page=post)
    assert page(1) == page(15)
