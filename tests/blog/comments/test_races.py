"""Many robots at the same moment, through the real server, on a real database: limits hold."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from blog.comments.models import Comment, Report
from blog.comments.services.submit import LIMITS, REPORTS_A_DAY
from blog.models import BlogPage
from tests import databases
from tests.blog.comments.visitor import answers, form_url
from tests.factories import BlogPageFactory, CommentFactory
from tests.real_server import Answer, RealServer, Visitor, at_once, serving

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

Rounds = Callable[[int, int], int]

AN_HOUR = LIMITS[0].network
NETWORK = "192.0.2.7"
CHANCES = 10


@pytest.fixture
def server(real_database: None, tmp_path: Path) -> Iterator[RealServer]:
    with serving(tmp_path) as server:
        yield server


def send_all(server: RealServer, path: str, everybody: list[dict[str, Any]]) -> list[Answer]:
    """Let everybody, all from one network, open the form first and send it at the same moment."""
    visitors = [Visitor(server.port, NETWORK) for _ in everybody]
    sent = [
        (visitor, visitor.get(path).hidden | typed)
        for visitor, typed in zip(visitors, everybody, strict=True)
    ]
    return at_once(lambda each: each[0].post(path, each[1]), sent)


def comment_all(server: RealServer, post: BlogPage, count: int) -> list[Answer]:
    typed = [
        answers(post, email=f"r{number}@example.org", text=f"We tried it on night {number}.")
        for number in range(count)
    ]
    return send_all(server, form_url(post), typed)


def test_a_network_gets_no_more_in_than_its_limit(server: RealServer, rounds: Rounds) -> None:
    for _ in range(rounds(1, 10)):
        Comment.objects.all().delete()
        given = comment_all(server, BlogPageFactory(), rounds(40, 100))
        assert Comment.objects.count() == AN_HOUR
        assert sum(answer.status == 302 for answer in given) == AN_HOUR
        refused = [answer for answer in given if answer.status == 200]
        assert all("please send them again in an hour" in answer.text for answer in refused)
    assert server.faults == []


def test_a_network_reports_no_more_than_its_limit(server: RealServer) -> None:
    comments = [CommentFactory() for _ in range(3 * REPORTS_A_DAY)]
    paths = [reverse("blog_comments:report", args=[comment.pk]) for comment in comments]
    visitors = [Visitor(server.port, NETWORK) for _ in paths]
    sent = [
        (visitor, path, visitor.get(path).hidden)
        for visitor, path in zip(visitors, paths, strict=True)
    ]
    given = at_once(lambda each: each[0].post(each[1], each[2]), sent)
    assert {answer.status for answer in given} == {302}
    assert Report.objects.count() == REPORTS_A_DAY
    assert server.faults == []


def test_the_control_without_the_lock_lets_more_in(rounds: Rounds, tmp_path: Path) -> None:
    """Shows that the tests above would see a lock that holds nothing."""
    counts = []
    with serving(tmp_path, app="tests.blog.comments.unlocked") as server:
        # Whether two meet is chance, so they get a few chances.
        while len(counts) < CHANCES and max(counts, default=0) <= AN_HOUR and not server.faults:
            Comment.objects.all().delete()
            given = comment_all(server, BlogPageFactory(), rounds(40, 100))
            counts.append(Comment.objects.count())
    if databases.is_sqlite():
        # One writer at a time, come what may: without the lock they fail instead.
        assert any(answer.status == 500 for answer in given)
        assert any("database is locked" in fault for fault in server.faults)
    else:
        assert max(counts) > AN_HOUR
