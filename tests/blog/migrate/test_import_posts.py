"""The command, as people type it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageLogEntry

from base.models import CustomImage
from blog.migrate.progress import Progress
from blog.migrate.services import writing
from blog.models import BlogIndexPage, BlogPage
from tests.blog.migrate.sources import item, write_feed
from tests.factories import picture


def run(*args: object) -> str:
    output = StringIO()
    call_command("import_posts", *map(str, args), stdout=output)
    return output.getvalue()


def test_a_dry_run_then_the_real_one(news: BlogIndexPage, tmp_path: Path) -> None:
    path = write_feed(tmp_path, item(1), item(2, html="<b></b>"))
    dry = run(path, "--dry-run")
    assert dry.startswith("Nothing was written")
    assert "To import: 1" in dry
    assert "Post 2: It has no text." in dry
    assert not BlogPage.objects.exists()
    real = run(path, "--publish")
    assert "Imported: 1" in real
    assert BlogPage.objects.get().live
    assert dry.splitlines()[2:4] == ["To update: 0", "Unchanged: 0"]
    assert "Unchanged: 1" in run(path)


def test_a_post_stands_as_if_staff_had_published_it(news: BlogIndexPage, tmp_path: Path) -> None:
    run(write_feed(tmp_path, item(1)), "--publish")
    post = BlogPage.objects.get()
    assert post.live_revision == post.latest_revision == post.revisions.get()
    assert not post.has_unpublished_changes
    assert post.first_published_at == post.last_published_at == post.published_at
    actions = PageLogEntry.objects.filter(page=post.pk).values_list("action", flat=True)
    assert set(actions) == {"wagtail.create", "wagtail.publish"}
    assert post.get_latest_revision_as_object().live


def test_a_source_that_cannot_be_read(news: BlogIndexPage, tmp_path: Path) -> None:
    for source in (tmp_path / "nothing", tmp_path, "http://127.0.0.1:1/feed", "ftp://example.org/"):
        with pytest.raises(CommandError):
            run(source)


def test_somebody_stops_it(
    news: BlogIndexPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report says how far it came, and nothing of the post in hand stays."""
    original = writing.redirect_from

    def stop(address: str, page: BlogPage) -> str:
        if page.title == "Post 2":
            raise KeyboardInterrupt
        return original(address, page)

    for name in ("red", "blue"):
        (tmp_path / f"stopped-{name}.png").write_bytes(picture(colour=name))
    html = "<p>Words.</p><img src='stopped-{}.png'>"
    items = [item(1, html=html.format("red")), item(2, html=html.format("blue"))]
    path = write_feed(tmp_path, *items)
    monkeypatch.setattr(writing, "redirect_from", stop)
    output = StringIO()
    with pytest.raises(CommandError, match="run the command again") as stopped:
        call_command("import_posts", str(path), stdout=output)
    assert stopped.value.returncode == 130
    assert "Imported: 1" in output.getvalue()
    [image] = CustomImage.objects.all()
    folder = Path(image.file.path).parent
    assert [file.stem for file in folder.glob("stopped-*")] == ["stopped-red"]
    monkeypatch.setattr(writing, "redirect_from", original)
    assert "Imported: 1\nUpdated: 0\nUnchanged: 1" in run(path)


@pytest.mark.parametrize(("is_terminal", "total"), [(True, 1_000), (True, 1), (False, 1_000)])
def test_a_bar_only_on_a_terminal_and_a_long_way(is_terminal: bool, total: int) -> None:
    class Terminal(StringIO):
        isatty: Callable[[StringIO], bool] = lambda self: is_terminal

    stream = Terminal()
    progress = Progress(total, stream)
    progress(500)
    assert ("500 of 1,000" in stream.getvalue()) is (is_terminal and total > 1)
    progress.end()
    assert (stream.getvalue() == "") is not (is_terminal and total > 1)
