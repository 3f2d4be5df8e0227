"""What readers wrote below old posts, as a WordPress export holds it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from blog.comments import services
from blog.comments.models import Comment
from blog.migrate.models import ImportedPost
from blog.migrate.report import Report
from blog.models import BlogPage

pytestmark = pytest.mark.django_db

Bring = Callable[..., Report]
State = Comment.State


def comment(own: int, text: str = "So true.", *, under: int = 0, **values: Any) -> str:
    """A comment as WordPress writes it. Its parent is another one's number."""
    fields = {
        "comment_id": own,
        "comment_author": f"Reader {own}",
        "comment_author_email": f"Reader{own}@example.org",
        "comment_date_gmt": f"2019-05-04 08:{own:02}:00",
        "comment_content": text,
        "comment_approved": "1",
        "comment_parent": under,
    } | values
    inner = "".join(
        f"<wp:{name}>{escape(str(value))}</wp:{name}>" for name, value in fields.items()
    )
    return f"<wp:comment>{inner}</wp:comment>"


@pytest.fixture
def export(bring: Bring, tmp_path: Path) -> Bring:
    """Bring in an export of one post with these comments."""

    def run(*comments: str, body: str = "Knock first.", **options: Any) -> Report:
        path = tmp_path / "export.xml"
        path.write_text(
            '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>'
            "<title>Knock and wait</title><guid>http://old.example.org/?p=7</guid>"
            f"<content:encoded>{escape(f'<p>{body}</p>')}</content:encoded>"
            "<wp:post_date_gmt>2019-05-03 05:43:00</wp:post_date_gmt>"
            "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
            f"{''.join(comments)}</item></channel></rss>"
        )
        return bring(path=path, publish=True, **options)

    return run


def figure(report: Report, name: str) -> int:
    return dict(report.counts)[name]


def test_they_are_kept_with_their_dates_and_shown(export: Bring, client: Client) -> None:
    report = export(comment(1, "First.\n\nThen more."), comment(2))
    assert figure(report, "Comments kept") == 2
    first = Comment.objects.get(name="Reader 1")
    assert first.state == State.APPROVED
    assert first.created_at == dt.datetime(2019, 5, 4, 8, 1, tzinfo=dt.UTC)
    assert first.email == "reader1@example.org"
    assert first.text == "First.\n\nThen more."
    content = client.get(BlogPage.objects.get().url).content.decode()
    text = BeautifulSoup(content, "html.parser").get_text()
    assert "First." in text
    assert "4 May 2019" in text
    assert "example.org" not in text
    assert not mail.outbox


def test_replies_to_replies_stand_below_what_began_the_thread(export: Bring) -> None:
    export(comment(3, under=2), comment(2, under=1), comment(1))
    first = Comment.objects.get(name="Reader 1")
    assert first.parent is None
    assert {reply.name for reply in first.replies.all()} == {"Reader 2", "Reader 3"}


def test_a_thread_without_its_beginning_or_in_a_circle_is_kept(export: Bring) -> None:
    export(
        comment(2, under=99),
        comment(4, under=5),
        comment(5, under=4),
        comment(6, under=6),
        comment(7, "Buy", comment_approved="spam"),
        comment(8, under=7),
    )
    assert Comment.objects.count() == 5


def test_only_what_was_approved_there_is_published(export: Bring) -> None:
    export(
        comment(1),
        comment(2, comment_approved="0"),
        comment(3, comment_approved="spam"),
        comment(4, comment_approved="trash"),
        comment(5, comment_type="pingback"),
        comment(6, "   "),
    )
    states = dict(Comment.objects.values_list("name", "state"))
    assert states == {"Reader 1": State.APPROVED, "Reader 2": State.WAITING}


def test_what_looks_confidential_waits_and_says_why(export: Bring) -> None:
    export(comment(1, "Her NHS number is 943 476 5919."))
    waiting = Comment.objects.get()
    assert waiting.state == State.WAITING
    assert "NHS number" in " ".join(waiting.held_for)


def test_again_changes_nothing_and_new_ones_are_added(export: Bring) -> None:
    export(comment(1))
    before = list(Comment.objects.values())
    again = export(comment(1))
    assert figure(again, "Comments kept") == 0
    assert again.unchanged == 1
    assert list(Comment.objects.values()) == before
    more = export(comment(1), comment(2, under=1))
    assert figure(more, "Comments kept") == 1
    assert more.unchanged == 1
    assert Comment.objects.get(name="Reader 2").parent == Comment.objects.get(name="Reader 1")


def test_what_was_erased_here_does_not_return(export: Bring) -> None:
    export(comment(1), comment(2))
    services.erase("reader1@example.org")
    Comment.objects.filter(name="Reader 2").delete()
    export(comment(1), comment(2))
    assert not Comment.objects.filter(name__startswith="Reader").exists()


def test_nothing_is_kept_below_a_post_that_was_deleted_here(export: Bring) -> None:
    export()
    BlogPage.objects.get().delete()
    report = export(comment(1))
    assert figure(report, "Comments kept") == 0
    assert not Comment.objects.exists()


def test_a_dry_run_counts_and_keeps_nothing(export: Bring) -> None:
    report = export(comment(1), comment(2), dry_run=True)
    assert figure(report, "Comments to keep") == 2
    assert not Comment.objects.exists()
    assert not ImportedPost.objects.exists()


def test_broken_addresses_and_names_do_not_stop_it(export: Bring) -> None:
    export(
        comment(1, comment_author_email="nobody@", comment_author=""),
        comment(2, comment_author="N" * 500, comment_author_email=f"{'a' * 400}@example.org"),
        comment(3, comment_date_gmt="0000-00-00 00:00:00"),
    )
    assert set(Comment.objects.values_list("email", flat=True)) == {"", "reader3@example.org"}
    assert Comment.objects.filter(name="Anonymous").count() == 1
