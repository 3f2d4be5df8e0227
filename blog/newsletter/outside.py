"""Asks other people's servers whether an address leads anywhere.

Staff paste addresses, and other servers answer with further ones: none may lead into our own
network (server-side request forgery). Every host is looked up once, refused unless all of its
addresses are public, and then asked at one of these, without another look-up.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from base.network import is_public

SECONDS = 5  # for one address, with all to which it sends on
MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
MOVED = {301, 302, 303, 307, 308}
BAD, MISSING, GONE, BROKEN = 400, 404, 410, 500


Place = tuple[str, int]  # an IP address and a port


class State(StrEnum):
    """Whether an address leads anywhere."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"


class Finding(NamedTuple):
    """What became of a look at an address. `words` go on a sentence that begins with it."""

    state: State
    words: str = ""


class NotToBeAskedError(Exception):
    """An address that is not asked, and what is known of it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.words)
        self.finding = finding


class Answer(NamedTuple):
    """What a server said first; nobody reads on."""

    status: int
    leads_to: str


NOT_IN_TIME = Finding(State.UNKNOWN, f"did not answer within {SECONDS} seconds")
NO_ADDRESS = Finding(State.UNKNOWN, "is no address of the web")
SILENT = Finding(State.UNKNOWN, "could not be reached from here")


def probe(address: str, is_ours: Callable[[str], bool]) -> Finding:
    """Ask for an address and wherever it sends on, in at most `SECONDS`. It never raises.

    Whoever sends on to our own site is believed: it is not asked over the network.
    """
    deadline = time.monotonic() + SECONDS
    try:
        for _ in range(MOST_REDIRECTS + 1):
            if is_ours(address):
                return Finding(State.ALIVE)
            answer = _ask(address, deadline)
            if not answer.leads_to:
                return _finding_of(answer.status)
            address = urljoin(address, answer.leads_to)
    except NotToBeAskedError as error:
        return error.finding
    except ssl.SSLCertVerificationError:
        return Finding(State.UNKNOWN, "has a certificate that could not be verified")
    except ConnectionRefusedError:
        return Finding(State.DEAD, "is not answered by anybody")
    except LocationParseError:
        return NO_ADDRESS
    except (HTTPException, OSError, ValueError):
        return NOT_IN_TIME if time.monotonic() >= deadline else SILENT
    return Finding(State.UNKNOWN, f"sends on more than {MOST_REDIRECTS} times")


def _finding_of(status: int) -> Finding:
    if status in {MISSING, GONE}:
        return Finding(State.DEAD, "is not there any more")
    if status >= BROKEN:
        return Finding(State.DEAD, f"is out of order ({status})")
    if status >= BAD:
        return Finding(State.UNKNOWN, f"does not tell a machine whether it is there ({status})")
    return Finding(State.ALIVE)


def _ask(address: str, deadline: float) -> Answer:
    """Ask briefly, and as a browser does where that is not understood."""
    url = parse_url(address)
    places = _places(url)
    # A server that knows no such question may also hang up.
    with suppress(HTTPException, ConnectionResetError):
        answer = _ask_by("HEAD", url, places, deadline)
        if answer.status < BAD:
            return answer
    return _ask_by("GET", url, places, deadline)


def _ask_by(method: str, url: Url, places: Sequence[Place], deadline: float) -> Answer:
    headers = {
        "Host": url.netloc or "",
        "User-Agent": f"LinkCheck/1.0 (+{settings.WAGTAILADMIN_BASE_URL})",
    }
    with _line_to(places, deadline) as line, closing(_connection(url, line)) as connection:
        connection.request(method, url.request_uri, headers=headers)
        with closing(connection.getresponse()) as answer:
            _left(deadline)  # or it may be cut off
            leads_to = answer.getheader("Location", "") if answer.status in MOVED else ""
            return Answer(answer.status, leads_to)


def _connection(url: Url, line: socket.socket) -> HTTPConnection:
    connection = HTTPConnection(_host(url))
    if url.scheme == "https":
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(line, server_hostname=_host(url))
    else:
        connection.sock = line
    return connection


def _host(url: Url) -> str:
    return (url.host or "").strip("[]")


@contextmanager
def _line_to(places: Sequence[Place], deadline: float) -> Iterator[socket.socket]:
    """Connect to one of some places, and hang up when time is over.

    A timeout alone ends only silence: one sign every few seconds would keep the line for hours.
    """
    # A second hold on the line: the first is handed over to the encryption.
    with closing(_dial(places, deadline)) as line, closing(line.dup()) as hold:
        alarm = Timer(_left(deadline), _hang_up, [hold])
        alarm.daemon = True
        alarm.start()
        try:
            yield line
        finally:
            alarm.cancel()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _places(url: Url) -> list[Place]:
    """Return where a host answers, if everybody can reach it. Raises NotToBeAskedError."""
    if not url.host or url.scheme not in PORTS:
        raise NotToBeAskedError(NO_ADDRESS)
    port = url.port or PORTS[url.scheme]
    if port not in PORTS.values():
        raise NotToBeAskedError(Finding(State.UNKNOWN, f"names an unusual port, {port}"))
    try:
        found = socket.getaddrinfo(_host(url), port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise NotToBeAskedError(SILENT) from error
        raise NotToBeAskedError(
            Finding(State.DEAD, "names a website that does not exist")
        ) from error
    places = [str(place[0]) for *_, place in found]
    if not all(is_public(place) for place in places):
        raise NotToBeAskedError(
            Finding(State.DEAD, "leads into a private network, where no reader can go")
        )
    return [(place, port) for place in places]


def _dial(places: Sequence[Place], deadline: float) -> socket.socket:
    *others, last = places
    for place in others:
        with suppress(OSError):
            return socket.create_connection(place, _left(deadline))
    return socket.create_connection(last, _left(deadline))


def _left(deadline: float) -> float:
    """Return how many seconds are left. Raises TimeoutError where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
