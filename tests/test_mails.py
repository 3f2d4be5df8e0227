"""Every mail of the site has the same frame, since there is one way to write and to send one."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import FOLDERS, TEMPLATES, name_of

MAILS = [path for path in TEMPLATES if path.parent.name == "mail"]
FRAME = "base/mail/frame.html"
SENDING = re.compile(
    r"\b(?:EmailMessage|EmailMultiAlternatives|send_mass_mail|mail_admins|mail_managers)\b"
    r"|django\.core\.mail import[^\n]*\bsend_mail\b|wagtail\.admin\.mail"
)


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


def test_mails_are_sent_from_one_place() -> None:
    senders = {
        name_of(path)
        for folder in FOLDERS.values()
        for path in folder.rglob("*.py")
        if SENDING.search(path.read_text())
    }
    assert senders == {"site/base/tasks.py"}
