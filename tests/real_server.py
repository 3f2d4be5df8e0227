"""The site under gunicorn, with several processes and threads, as a live site has it.

What only real processes, real connections and real commits can show. It serves the database that
the test uses at the moment, which must be one of the test's own (the fixture `real_database`).
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, product
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from tests.processes import ROOT, environment

WORKERS, THREADS = 2, 4
FORM = "application/x-www-form-urlencoded"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')

# The middle of the addresses: every visitor comes from another network, until all have had one.
NETWORKS = map("{0[0]}.{0[1]}".format, cycle(product(range(256), repeat=2)))

T = TypeVar("T")
R = TypeVar("R")


class Answer(NamedTuple):
    """What the server said."""

    status: int
    location: str
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        return dict(HIDDEN.findall(self.text))


@dataclass
class RealServer:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self.process.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def kill_workers(self) -> int:
        """End every worker at once, in the middle of whatever it does."""
        pids = self.workers
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)

    @property
    def faults(self) -> list[str]:
        """What went wrong, by the server's own account."""
        return re.findall(r"^\w[\w.]*(?:Error|Exception)\b.*", self.log.read_text(), re.MULTILINE)


@dataclass
class Visitor:
    """A person with a browser of their own, in a network of their own."""

    port: int
    address: str = field(default_factory=lambda: f"10.{next(NETWORKS)}.1")
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, typed: dict[str, Any]) -> Answer:
        return self._ask("POST", path, urlencode(typed, doseq=True))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "X-Forwarded-For": self.address} | (
            {"Content-Type": FORM} if body else {}
        )
        try:
            link.request(method, path, body, headers)
            response = link.getresponse()
            text = response.read().decode()
        finally:
            link.close()
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text)


def at_once(do: Callable[[T], R], each: Sequence[T]) -> list[R]:
    """Do something for each at the same moment, in a thread of its own; return what came of it."""
    barrier = threading.Barrier(len(each))

    def wait_and_do(one: T) -> R:
        barrier.wait()
        return do(one)

    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(wait_and_do, each))


@contextmanager
def serving(
    folder: Path,
    *,
    app: str = "tests.warm_wsgi",
    warm_up: str = "/",
    settings: str = "tests.process_settings",
) -> Iterator[RealServer]:
    """Serve the current database, and write the server's log into a folder.

    `warm_up` is the path that is asked for once before the workers begin.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS)]
    # Ready in one process before it divides: a worker that is killed is there again at once.
    command += ["--preload", "--no-control-socket"]
    log = folder / "gunicorn.log"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=environment(folder, settings) | {"WARM_UP": warm_up, "PROXY_COUNT": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = RealServer(process, port, log)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(server: RealServer) -> None:
    for _ in range(600):
        try:
            if Visitor(server.port).get("/health/live").status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        assert server.process.poll() is None, server.log.read_text()
    raise AssertionError(server.log.read_text())
