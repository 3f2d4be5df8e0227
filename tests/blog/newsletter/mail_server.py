"""A mail server beside a test (`tests.mail_sink`), and what it was asked and took."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mail_sink import ASKED, TAKEN
from tests.processes import Process, running, until


def free_port() -> int:
    """Return the number of a port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def sink(folder: Path, port: int) -> Iterator[Process]:
    """Run the server beside a test."""
    with running(folder, "-m", "tests.mail_sink", str(port), str(folder)) as process:
        until(lambda: answers(port))
        yield process


def taken(folder: Path) -> list[tuple[str, str]]:
    """Return the mails that were taken: the address and the Message-ID of each."""
    lines = (folder / TAKEN).read_text().splitlines()
    return [(address, number) for address, number in map(json.loads, lines)]


def asked(folder: Path) -> Counter[str]:
    """Return how often a mail was tried for each address."""
    return Counter(map(json.loads, (folder / ASKED).read_text().splitlines()))
