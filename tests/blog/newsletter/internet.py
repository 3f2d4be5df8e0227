"""An internet of our own: names, and one machine that answers for all of them.

What the site is asked to reach is written down; nothing else can be reached.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from unittest import mock

PUBLIC = "93.184.215.14"
look_up = socket.getaddrinfo


class Page(NamedTuple):
    """What is at an address: the status, where it leads, and another status to the brief HEAD."""

    status: int = 200
    leads_to: str = ""
    to_head: int = 0


@dataclass
class Internet:
    """Names with their numbers; pages, or what a handler does, by "host/path"."""

    names: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, Page | Callable[["Handler"], None]] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    sent: int = 0  # bytes
    is_over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def add(self, where: str, page: "Page | Callable[[Handler], None]") -> str:
        """Put something at "host/path", and return its address."""
        self.names.setdefault(where.partition("/")[0], [PUBLIC])
        self.pages[where] = page
        return f"http://{where}"

    def look_up(self, host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        self.looked_up.append(host)
        if host in self.faults:
            raise self.faults[host]
        if host not in self.names:
            # Only what is a number in itself, however it is written.
            return look_up(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (n, port)) for n in self.names[host]]

    def connect(self, place: tuple[str, int], timeout: float) -> socket.socket:
        self.dialled.append(place)
        if place[0] != PUBLIC:
            raise ConnectionRefusedError
        line = socket.socket()
        line.settimeout(timeout)
        try:
            line.connect(("127.0.0.1", self.port))
        except OSError:
            line.close()
            raise
        return line


class Machine(ThreadingHTTPServer):
    """Lets many wait for its answer."""

    request_queue_size = 100


class Handler(BaseHTTPRequestHandler):
    """Answers as the internet of a test says."""

    internet: Internet

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        where = f"{self.headers['Host']}{self.path}"
        self.internet.asked.append((self.command, where))
        self.internet.agents.add(self.headers["User-Agent"])
        page = self.internet.pages.get(where, Page(404))
        if callable(page):
            page(self)
            return
        is_head = self.command == "HEAD"
        self.send_response((is_head and page.to_head) or page.status)
        if page.leads_to:
            self.send_header("Location", page.leads_to)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""


def silence(handler: Handler) -> None:
    """Take the question, and never answer."""
    handler.internet.is_over.wait()


def trickle(handler: Handler) -> None:
    """Send one sign of an endless header at a time: no silence is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _send_on(handler, b"x", 0.05)


def flood(handler: Handler) -> None:
    """Send a body without end, as fast as it is taken."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    _send_on(handler, b"x" * 65_536, 0)


def hang_up(handler: Handler) -> None:
    """End the connection without a word, unless asked as browsers ask."""
    if handler.command == "GET":
        handler.send_response(200)
        handler.end_headers()


def nonsense(handler: Handler) -> None:
    """Answer in no language of the web."""
    handler.wfile.write(b"Nonsense\r\n")


def _send_on(handler: Handler, content: bytes, pause: float) -> None:
    while not handler.internet.is_over.is_set():
        try:
            handler.wfile.write(content)
        except OSError:
            return
        handler.internet.sent += len(content)
        time.sleep(pause)


@contextmanager
def an_internet() -> Iterator[Internet]:
    internet = Internet()
    handler = type("OwnHandler", (Handler,), {"internet": internet})
    server = Machine(("127.0.0.1", 0), handler)
    internet.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with (
        mock.patch("socket.getaddrinfo", internet.look_up),
        mock.patch("socket.create_connection", internet.connect),
    ):
        yield internet
        internet.is_over.set()
        # Whoever still waits must not reach the real one.
        for asking in threading.enumerate():
            if asking.name.startswith("links"):
                asking.join()
    server.shutdown()
    server.server_close()
    thread.join()
