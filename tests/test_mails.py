"""Every mail of the site has the same frame, since there is one way to write and to send one.

In development mails are kept and shown, and nowhere else.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from base.mail import Attachment, send_later
from tests import markup, production
from tests.processes import ROOT, environment
from tests.test_architecture import FOLDERS, TEMPLATES, name_of

MAILS = [path for path in TEMPLATES if path.parent.name == "mail"]
FRAME = "base/mail/frame.html"
SENDING = re.compile(
    r"\b(?:EmailMessage|EmailMultiAlternatives)\(|\b(?:send_mass_mail|mail_admins|mail_managers)\b"
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


def test_mails_are_written_in_one_place() -> None:
    senders = {
        name_of(path)
        for folder in FOLDERS.values()
        for path in folder.rglob("*.py")
        if SENDING.search(path.read_text())
    }
    assert senders == {"site/base/letters.py"}


# Development

DEVELOPMENT = "tests.development_settings"
LOOK = """
import json, sys, django
django.setup()
from django.conf import settings
from django.test import Client, override_settings
# Where the files stand that pages name is nothing to this test.
static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
answers, addresses = {}, sys.argv[1:]
with override_settings(STORAGES=settings.STORAGES | {"staticfiles": static}):
    for address in addresses:
        answer = Client(headers={"host": "127.0.0.1"}).get(address)
        answers[address] = [answer.status_code, answer.getvalue().decode(), dict(answer.headers)]
known = "django_mail_preview" in sys.modules
print(json.dumps({"answers": answers, "known": known, "backend": settings.EMAIL_BACKEND}))
"""


def run(folder: Path, settings: str, *command: str, **variables: str) -> str:
    """What a process of the site says."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(folder, settings) | variables,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def look(folder: Path, settings: str, *addresses: str, **variables: str) -> dict[str, Any]:
    said = run(folder, settings, "-c", LOOK, *addresses, **variables)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


@pytest.mark.usefixtures("real_database")
def test_the_worker_keeps_what_the_server_shows(tmp_path: Path) -> None:
    calendar = Attachment("day.ics", "BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    send_later("First", "Dear Ada,", ["ada@example.org"])
    send_later("Second", "Dear Ada,", ["ada@example.org"], attachments=[calendar])
    run(tmp_path, DEVELOPMENT, "manage.py", "run_worker", "--batch")
    kept = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(kept) == 2
    newest = f"/mail/sent/{kept[-1].stem}/"
    found = look(tmp_path, DEVELOPMENT, "/mail/", newest, f"{newest}html/", f"{newest}parts/1/")
    [listed, page, shown, part] = found["answers"].values()
    assert [each[0] for each in (listed, page, shown, part)] == [200] * 4
    assert listed[1].index("Second") < listed[1].index("First")
    frame = markup.read(page[1]).iframe
    assert frame["src"] == f"{newest}html/"
    assert "allow-scripts" not in frame["sandbox"]
    assert markup.read(shown[1]).find(class_="brand")
    assert "unsafe-inline" in shown[2]["Content-Security-Policy"]
    assert part[1] == "BEGIN:VCALENDAR"
    assert part[2]["Content-Disposition"].startswith("attachment")


@pytest.mark.usefixtures("real_database")
def test_a_mail_server_in_the_environment_wins(tmp_path: Path) -> None:
    found = look(tmp_path, DEVELOPMENT, EMAIL_URL="smtp://127.0.0.1:25")
    assert found["backend"] == "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.usefixtures("real_database")
def test_a_live_site_neither_keeps_nor_shows_mails(tmp_path: Path) -> None:
    found = look(tmp_path, production.SETTINGS, "/mail/", "/mail/sent/latest/")
    assert [answer[0] for answer in found["answers"].values()] == [404, 404]
    assert not found["known"]
    assert not (tmp_path / "mail").exists()
