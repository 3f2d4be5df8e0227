"""Files that staff gave and that wait for the button, where no visitor can reach them."""

import re
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

KEPT_FOR = 24 * 60 * 60  # seconds
ENDINGS = {".atom", ".htm", ".html", ".rss", ".xhtml", ".xml", ".zip"}
TOKEN = re.compile(r"[\w-]{20,60}")


def keep(upload: UploadedFile) -> str:
    """Keep an upload, and return the token by which it is found again."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _throw_old_ones_away(folder)
    token = secrets.token_urlsafe(24)
    own = folder / token
    own.mkdir(mode=0o700)
    # The name is part of what identifies a saved page, so it is kept.
    with (own / safe_name(upload.name or "")).open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return token


def find(token: str) -> Path | None:
    """Return the file that a token stands for, while it waits."""
    if not TOKEN.fullmatch(token):
        return None
    return next((_folder() / token).glob("*"), None)


def throw_away(token: str) -> None:
    """Delete what a token stands for; nothing happens where it is gone already."""
    if TOKEN.fullmatch(token):
        _remove(_folder() / token)


def safe_name(name: str) -> str:
    """Return a file name that is one, and nothing else."""
    path = Path(name.replace("\\", "/"))
    stem = re.sub(r"[^\w.-]+", "-", path.stem).strip(".-")[:80] or "posts"
    ending = path.suffix.lower()
    return stem + (ending if ending in ENDINGS else "")


def _folder() -> Path:
    return Path(settings.VAR) / "imports"


def _throw_old_ones_away(folder: Path) -> None:
    for own in folder.iterdir():
        if time.time() - own.stat().st_mtime > KEPT_FOR:
            _remove(own)


def _remove(own: Path) -> None:
    for file in own.glob("*"):
        file.unlink(missing_ok=True)
    if own.is_dir():
        own.rmdir()
