"""Tasks for real workers. What they do stands in a folder, whoever did it."""

import os
import time
from pathlib import Path

from django_tasks import task

from base.clock.schedule import QUEUE

A_MOMENT = 0.02  # seconds
A_WHILE = 600


@task(backend=QUEUE)
def note(folder: str, word: str) -> None:
    """Write a word down. Lines so short never mix."""
    time.sleep(A_MOMENT)
    with (Path(folder) / "notes").open("a") as notes:
        notes.write(f"{word} {os.getpid()}\n")


@task(backend=QUEUE)
def dwell(folder: str) -> None:
    """Take very long, the first time."""
    begun = Path(folder) / "begun"
    if not begun.exists():
        begun.touch()
        time.sleep(A_WHILE)
    (Path(folder) / "done").touch()
