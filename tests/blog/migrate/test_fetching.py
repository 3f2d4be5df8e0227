"""What is fetched, and what is not: nothing of the network that the site stands in."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock

import pytest

from blog.migrate import fetching
from blog.migrate.errors import UnreadableError
from blog.migrate.fetching import Fetcher
from blog.migrate.sources import open_source
from tests.blog.migrate.sources import feed, item

LIMIT = 1_000


class Old(BaseHTTPRequestHandler):
    """The old site."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        match self.path:
            case "/silent" | "/noise" | "/trickle":
                self.answer_badly()
            case "/feed":
                self.answer(feed(item(1)).encode())
            case "/page":
                self.answer(b'<html><link rel="alternate" type="application/rss+xml" href="/feed">')
            case "/moved":
                self.answer(b"", 302, "/feed")
            case "/round":
                self.answer(b"", 302, "/round")
            case "/inside":
                self.answer(b"", 302, "http://10.0.0.1/")
            case "/file":
                self.answer(b"", 302, "file:///etc/passwd")
            case "/large":
                self.answer(b"x" * (LIMIT + 1))
            case "/caf%C3%A9?a=%20b":
                self.answer(b"coffee")
            case _:
                self.answer(b"", 404)

    def answer_badly(self) -> None:
        if self.path == "/noise":
            self.wfile.write(b"What do you want?")
        if self.path == "/trickle":
            self.answer(b"", length=100)
        for _ in range(6):
            time.sleep(0.1)
            if self.path == "/trickle":
                self.wfile.write(b"x")

    def answer(
        self, content: bytes, status: int = 200, location: str = "", length: int | None = None
    ) -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def old() -> Iterator[str]:
    """The address of a server that plays the old site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Old)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def open_fetcher() -> Fetcher:
    return Fetcher(allow_private=True)


def test_a_feed_at_an_address(old: str) -> None:
    for path in ("/feed", "/moved", "/page"):
        with open_source(old + path, open_fetcher()) as source:
            assert [post.source_id for post in source.items()] == ["post-1"]


def test_letters_in_an_address(old: str) -> None:
    assert open_fetcher().get(f"{old}/café?a= b", LIMIT)[0] == b"coffee"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "answers 404"),
        ("/large", "is larger"),
        ("/round", "without end"),
        ("/file", "http or https"),
    ],
)
def test_what_is_not_taken(old: str, path: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        open_fetcher().get(old + path, LIMIT)


def test_a_slow_answer_is_given_up(old: str) -> None:
    with (
        mock.patch.object(fetching, "SECONDS_IN_ALL", -1),
        pytest.raises(UnreadableError, match="too long"),
    ):
        open_fetcher().get(f"{old}/feed", 1_000_000)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://224.0.0.1/",
        "http://user:password@127.0.0.1/",
    ],
)
def test_the_sites_own_network_is_not_asked(address: str) -> None:
    with (
        mock.patch("socket.create_connection", side_effect=AssertionError("it was asked")),
        pytest.raises(UnreadableError),
    ):
        Fetcher().get(address, LIMIT)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/", "http://", "x:y"])
def test_other_kinds_of_address(address: str) -> None:
    with pytest.raises(UnreadableError, match="http or https"):
        Fetcher().get(address, LIMIT)


def known(*numbers: str) -> Any:
    infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in numbers]
    return mock.patch("socket.getaddrinfo", return_value=infos)


@pytest.mark.parametrize("numbers", [("127.0.0.1",), ("93.184.215.14", "10.0.0.1")])
def test_a_public_name_for_a_private_number(numbers: tuple[str, ...]) -> None:
    with known(*numbers), pytest.raises(UnreadableError, match="not on the public web"):
        Fetcher().get("http://rebound.example/", LIMIT)


def test_the_number_that_was_checked_is_the_one_that_is_asked() -> None:
    with (
        known("93.184.215.14"),
        mock.patch("socket.create_connection", side_effect=OSError("no")) as connect,
        pytest.raises(UnreadableError, match="cannot be reached"),
    ):
        Fetcher().get("http://old.example/", LIMIT)
    assert connect.call_args.args[0] == ("93.184.215.14", 80)


def test_a_redirect_into_the_sites_own_network(old: str) -> None:
    """The first address is let through by hand; the second is checked like any other."""
    fetcher = Fetcher()
    host = old.removeprefix("http://").split(":")[0]
    original = fetcher._may_reach
    with (
        mock.patch.object(fetcher, "_may_reach", lambda number: number == host or original(number)),
        pytest.raises(UnreadableError, match=r"10\.0\.0\.1 is not on the public web"),
    ):
        fetcher.get(f"{old}/inside", LIMIT)


def test_a_host_that_does_not_answer_is_not_asked_for_ever() -> None:
    fetcher = Fetcher()
    with mock.patch("socket.getaddrinfo", side_effect=OSError("gone")) as asked:
        for _ in range(10):
            with pytest.raises(UnreadableError):
                fetcher.get("http://gone.example/a.png", LIMIT)
    assert asked.call_count == 3


@pytest.mark.parametrize("path", ["/silent", "/noise", "/trickle"])
def test_a_host_that_answers_badly_is_not_asked_for_ever(
    old: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS_FOR_AN_ANSWER", 0.2)
    fetcher = Fetcher(allow_private=True, patience=0.2)
    Old.asked.clear()
    for _ in range(6):
        with pytest.raises(UnreadableError):
            fetcher.get(old + path, LIMIT)
    assert Old.asked == [path] * 3


def test_a_host_that_lacks_a_picture_is_asked_for_the_next(old: str) -> None:
    fetcher = open_fetcher()
    for _ in range(6):
        with pytest.raises(UnreadableError, match="answers 404"):
            fetcher.get(f"{old}/nothing", LIMIT)
    assert fetcher.get(f"{old}/feed", LIMIT * 10)[0]
