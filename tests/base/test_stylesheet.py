"""One stylesheet is served, made of one file for each component."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from base.finders import StylesheetFinder

NAME = StylesheetFinder.name


@pytest.fixture
def finder(tmp_path: Path, settings: Any) -> StylesheetFinder:
    """A finder with a stylesheet of two components of its own."""
    settings.VAR = tmp_path / "var"
    finder = StylesheetFinder()
    finder.source = tmp_path / "css" / "site.css"
    finder.source.parent.mkdir()
    finder.source.write_text(
        '@layer base, parts;\n@import url("a.css") layer(base);\n@import url("b.css");\n'
    )
    (finder.source.parent / "a.css").write_text("/* Why\n   red */\na { color: red }\n")
    (finder.source.parent / "b.css").write_text("b { color: blue }\n")
    return finder


def test_imports_are_replaced_by_what_they_name(finder: StylesheetFinder) -> None:
    css = Path(finder.find(NAME)).read_text()
    assert " ".join(css.split()) == (
        "@layer base, parts; @layer base { a { color: red } } b { color: blue }"
    )


def test_it_is_built_anew_when_a_source_changes(finder: StylesheetFinder) -> None:
    built = Path(finder.find(NAME))
    first = built.stat().st_mtime_ns
    assert Path(finder.find(NAME)).stat().st_mtime_ns == first
    part = finder.source.parent / "a.css"
    part.write_text("a { color: green }\n")
    later = built.stat().st_mtime + 10
    os.utime(part, (later, later))
    assert "green" in Path(finder.find(NAME)).read_text()


def test_it_finds_nothing_else(finder: StylesheetFinder) -> None:
    assert finder.find("base/css/a.css") == []
    assert finder.find("base/css/a.css", find_all=True) == []
    assert [name for name, _ in finder.list([])] == [NAME]
    assert finder.find(NAME, find_all=True) == [finder.find(NAME)]


def test_an_import_of_a_file_that_is_not_there_is_a_fault(finder: StylesheetFinder) -> None:
    finder.source.write_text('@import url("nothing.css");')
    with pytest.raises(FileNotFoundError):
        finder.find(NAME)


@pytest.fixture
def served(client: Client) -> str:
    """The site's own stylesheet, as a browser gets it."""
    response = client.get(f"/static/{NAME}")
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_the_sites_own_imports_nothing(served: str) -> None:
    assert "@import" not in served
    assert served.count("{") == served.count("}")


def test_every_file_of_the_folder_is_in_it() -> None:
    source = StylesheetFinder().source
    named = set(re.findall(r'@import url\("([^"]+)"\)', source.read_text()))
    files = {path.name for path in source.parent.glob("*.css")} - {source.name, "error.css"}
    assert named == files


def test_its_layers_are_all_in_the_order(served: str) -> None:
    order = re.search(r"@layer ([^;{]+);", served)[1]
    layers = set(re.findall(r"@layer ([\w-]+) \{", served))
    assert layers <= {name.strip() for name in order.split(",")}


def test_it_asks_for_files_that_exist_and_for_no_other_host(served: str) -> None:
    for address in re.findall(r'url\("?([^")]+)"?\)', served):
        assert not re.match(r"(?:https?:)?//|data:", address), address
        path = os.path.normpath(Path("base/css") / address)
        assert finders.find(path.split("#")[0]), address
