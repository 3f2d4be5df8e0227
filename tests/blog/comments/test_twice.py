"""Two clicks at the same moment, each in a thread and a transaction of its own."""

import threading

import pytest
from django.db import connection
from django.test import Client

from blog.comments.models import Comment
from tests.blog.comments.visitor import answers, form_url
from tests.factories import BlogPageFactory


@pytest.mark.usefixtures("real_database")
def test_two_clicks_at_the_same_moment_are_one_comment() -> None:
    post = BlogPageFactory()
    same = answers(post)
    start = threading.Barrier(4)
    statuses = []

    def click() -> None:
        try:
            start.wait()
            statuses.append(Client().post(form_url(post), same).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    assert Comment.objects.count() == 1
