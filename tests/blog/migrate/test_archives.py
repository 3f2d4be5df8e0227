import io
import stat
import zipfile
from pathlib import Path

import pytest

from blog.migrate.archives import unpack
from blog.migrate.errors import UnreadableError
from blog.migrate.fetching import Fetcher
from blog.migrate.sources import open_source
from tests.blog.migrate.sources import feed, item


def archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "posts.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return path


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "outside" / "target"
    folder.mkdir(parents=True)
    return folder


def test_an_archive_is_a_source(tmp_path: Path) -> None:
    path = archive(tmp_path, {"blog/feed.xml": feed(item(1)).encode()})
    with open_source(str(path), Fetcher()) as source:
        assert [post.source_id for post in source.items()] == ["post-1"]


def test_only_what_is_wanted_is_unpacked(tmp_path: Path, target: Path) -> None:
    wanted = {"a.xml": b"", "b/c.HTML": b"", "b/d.png": b""}
    others = {"e.exe": b"", "f.php": b"", ".g.xml": b"", "__MACOSX/h.xml": b"", "i": b""}
    unpack(archive(tmp_path, wanted | others), target)
    assert names(target) == set(wanted)


@pytest.mark.parametrize(
    "name",
    ["../up.xml", "a/../../up.xml", "/up.xml", "..\\up.xml", "C:\\up.xml", "a\x00/../b.xml"],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, target: Path, name: str) -> None:
    before = names(tmp_path)
    unpack(archive(tmp_path, {name: b"x"}), target)
    outside = names(tmp_path) - before - {"posts.zip"}
    assert all(file.startswith("outside/target/") for file in outside)
    assert not Path("/up.xml").exists()


def test_links_are_files_of_their_own(tmp_path: Path, target: Path) -> None:
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "posts.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr(link, "/etc/passwd")
    unpack(path, target)
    assert not (target / "link.xml").is_symlink()


def test_a_bomb_does_not_go_off(tmp_path: Path, target: Path) -> None:
    path = archive(tmp_path, {f"{number}.xml": b"\0" * 2_000_000 for number in range(10)})
    assert path.stat().st_size < 50_000
    with pytest.raises(UnreadableError, match="or more than 5 MB"):
        unpack(path, target, max_bytes=5 * 1024 * 1024)
    assert sum(file.stat().st_size for file in target.iterdir()) <= 5 * 1024 * 1024


def test_too_many_files(tmp_path: Path, target: Path) -> None:
    path = archive(tmp_path, {f"{number}.xml": b"" for number in range(20)})
    with pytest.raises(UnreadableError, match="more than 10 files"):
        unpack(path, target, max_files=10)
    assert not names(target)


def test_an_archive_in_an_archive_stays_packed(tmp_path: Path, target: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        zipped.writestr("a.xml", "")
    unpack(archive(tmp_path, {"inner.zip": inner.getvalue(), "a.xml": b""}), target)
    assert names(target) == {"a.xml"}


def test_a_damaged_archive(tmp_path: Path, target: Path) -> None:
    path = archive(tmp_path, {"a.xml": b"words " * 1_000})
    whole = path.read_bytes()
    for content in (
        whole[:60],
        b"PK\x03\x04" + b"x" * 50,
        whole.replace(b"words", b"w\x00rds")[:-30],
    ):
        path.write_bytes(content)
        with pytest.raises(UnreadableError, match="cannot be opened"):
            unpack(path, target)
