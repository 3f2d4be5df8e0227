"""Every mail of the site has the same frame."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import FOLDERS, TEMPLATES, name_of

MAILS = [path for path in TEMPLATES if path.parent.name == "mail"]
FRAME = "base/mail/frame.html"


def named(path: Path) -> str:
    return path.as_posix().split("/templates/", 1)[1]


@pytest.mark.parametrize("path", MAILS, ids=name_of)
def test_only_the_frame_is_a_page_of_its_own(path: Path) -> None:
    assert (re.search(r"<(?:html|body|head)\b", path.read_text()) is not None) == (
        named(path) == FRAME
    )


@pytest.mark.parametrize("path", [path for path in MAILS if path.suffix == ".html"], ids=name_of)
def test_what_is_rendered_as_a_page_extends_the_frame(path: Path) -> None:
    rendered = "".join(
        source.read_text() for folder in FOLDERS.values() for source in folder.rglob("*.py")
    )
    if f'"{named(path)}"' in rendered:
        assert path.read_text().startswith(f'{{% extends "{FRAME}" %}}')
