"""Real processes of the site, on the database that the test uses: they can be killed."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from django.db import connection

from tests import databases

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds

Process = subprocess.Popen[bytes]


def environment(folder: Path, settings: str = "tests.process_settings") -> dict[str, str]:
    """What a process needs to know to share the test's database and to write into a folder."""
    name = databases.current()
    at = connection.settings_dict
    url = f"sqlite:///{name}"
    if not databases.is_sqlite():
        url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "TEST_VAR": str(folder),
    }


@contextmanager
def running(
    folder: Path, *command: str, settings: str = "tests.process_settings", **variables: str
) -> Iterator[Process]:
    """Run a command of the site's Python with all its children, until the block ends."""
    with (folder / "output.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(folder, settings) | variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: Process) -> None:
    """Kill a process and its children at once: `kill -9`."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def finish(process: Process) -> float:
    """Wait for a process to end; return the most memory that it took itself, in MB.

    What wait4(2) says will not do: it counts the memory of whoever started the process as well.
    """
    most = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            most = int(found[1])
        time.sleep(0.05)
    return most / 1024


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"Not within {seconds} s")
        time.sleep(0.05)


def mails(folder: Path) -> list[Message]:
    """Return the mails that processes sent, in no particular order."""
    ends = b"\n" + b"-" * 79 + b"\n"
    files = [path.read_bytes() for path in (folder / "mail").glob("*.log")]
    return [message_from_bytes(text) for file in files for text in file.split(ends) if text.strip()]
