"""Other people's servers are asked briefly, in time, and never for what is in our own network."""

import socket
import ssl
import time
from unittest import mock

import pytest

from blog.newsletter import outside
from blog.newsletter.outside import Finding, State, probe

from .internet import PUBLIC, Internet, Page, flood, hang_up, nonsense, silence, trickle

ADDRESS = "http://open.example/page"


def nobody(address: str) -> bool:
    """No address is ours."""
    return False


def look_at(address: str) -> Finding:
    return probe(address, nobody)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, State.ALIVE),
        (204, State.ALIVE),
        (404, State.DEAD),
        (410, State.DEAD),
        (500, State.DEAD),
        (503, State.DEAD),
        (401, State.UNKNOWN),
        (403, State.UNKNOWN),
        (405, State.UNKNOWN),
        (429, State.UNKNOWN),
    ],
)
def test_what_an_answer_means(internet: Internet, status: int, state: State) -> None:
    assert look_at(internet.add("open.example/page", Page(status))).state == state


def test_a_brief_question_is_enough_where_it_is_understood(internet: Internet) -> None:
    look_at(internet.add("open.example/page?a=1", Page()))
    assert internet.asked == [("HEAD", "open.example/page?a=1")]
    [agent] = internet.agents
    assert agent == "LinkCheck/1.0 (+http://127.0.0.1:8000)"


@pytest.mark.parametrize("to_head", [403, 404, 405, 501])
def test_the_brief_question_may_be_misunderstood(internet: Internet, to_head: int) -> None:
    address = internet.add("open.example/page", Page(to_head=to_head))
    assert look_at(address).state == State.ALIVE
    assert [method for method, _ in internet.asked] == ["HEAD", "GET"]


def test_who_hangs_up_on_the_brief_question_is_asked_in_full(internet: Internet) -> None:
    assert look_at(internet.add("open.example/page", hang_up)).state == State.ALIVE


def test_redirects_are_followed_to_their_end(internet: Internet) -> None:
    address = internet.add("a.example/", Page(301, "/b"))
    internet.add("a.example/b", Page(302, "http://c.example/d"))
    internet.add("c.example/d", Page(410))
    assert look_at(address).state == State.DEAD
    assert internet.looked_up == ["a.example", "a.example", "c.example"]


@pytest.mark.parametrize(("hops", "state"), [(5, State.ALIVE), (6, State.UNKNOWN)])
def test_redirects_end_some_time(internet: Internet, hops: int, state: State) -> None:
    for hop in range(hops):
        internet.add(f"a.example/{hop}", Page(307, f"/{hop + 1}"))
    internet.add(f"a.example/{hops}", Page())
    assert look_at("http://a.example/0").state == state


def test_a_redirect_without_an_end(internet: Internet) -> None:
    finding = look_at(internet.add("a.example/", Page(301, "/")))
    assert finding == Finding(State.UNKNOWN, "sends on more than 5 times")


def test_our_own_site_is_never_asked(internet: Internet) -> None:
    address = internet.add("short.example/x", Page(301, "http://ours.example/y"))
    assert probe(address, lambda found: "ours" in found).state == State.ALIVE
    assert internet.looked_up == ["short.example"]


INSIDE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[fd00::1]/",
    "http://10.0.0.1/",
    "http://192.168.0.1/admin/",
    "https://169.254.169.254/latest/meta-data/",
    "http://user:password@127.0.0.1/",
    "http://open.example@127.0.0.1/",
    "http://inside.example/",
    "http://both.example/",
]


@pytest.fixture
def inside(internet: Internet) -> Internet:
    """Names that lead into our own network, one of them only sometimes."""
    internet.names |= {"inside.example": ["10.0.0.7"], "both.example": [PUBLIC, "127.0.0.1"]}
    return internet


@pytest.mark.parametrize("address", INSIDE)
def test_our_own_network_is_not_asked(inside: Internet, address: str) -> None:
    finding = look_at(address)
    assert (finding.state, "private network" in finding.words) == (State.DEAD, True)
    assert not inside.dialled


@pytest.mark.parametrize("address", INSIDE)
def test_nobody_sends_us_into_our_own_network(inside: Internet, address: str) -> None:
    finding = look_at(inside.add("open.example/page", Page(302, address)))
    assert "private network" in finding.words
    assert inside.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("port", ["22", "8000", "5432"])
def test_other_ports_are_not_asked(internet: Internet, port: str) -> None:
    internet.names["open.example"] = [PUBLIC]
    finding = look_at(f"http://open.example:{port}/")
    assert finding == Finding(State.UNKNOWN, f"names an unusual port, {port}")
    assert not internet.looked_up


@pytest.mark.parametrize("address", ["ftp://a.example/", "file:///etc/passwd", "gopher://x/"])
def test_other_protocols_are_not_asked(internet: Internet, address: str) -> None:
    finding = look_at(internet.add("open.example/page", Page(301, address)))
    assert finding == outside.NO_ADDRESS
    assert internet.dialled == [(PUBLIC, 80)]


def test_the_number_that_was_checked_is_the_one_that_is_asked(internet: Internet) -> None:
    """A second look-up could give another number."""
    assert look_at(internet.add("open.example/page", Page())).state == State.ALIVE
    assert (internet.looked_up, internet.dialled) == (["open.example"], [(PUBLIC, 80)])


def test_another_number_is_tried_where_the_first_is_silent(internet: Internet) -> None:
    address = internet.add("open.example/page", Page())
    internet.names["open.example"] = ["93.184.215.99", PUBLIC]
    assert look_at(address).state == State.ALIVE


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (socket.EAI_NONAME, Finding(State.DEAD, "names a website that does not exist")),
        (socket.EAI_AGAIN, outside.SILENT),
    ],
)
def test_a_name_that_is_not_known(internet: Internet, fault: int, finding: Finding) -> None:
    internet.faults["gone.example"] = socket.gaierror(fault, "as resolvers say")
    assert look_at("http://gone.example/") == finding


def test_a_machine_that_does_not_answer(internet: Internet) -> None:
    internet.names["off.example"] = ["93.184.215.99"]
    finding = look_at("http://off.example/")
    assert finding == Finding(State.DEAD, "is not answered by anybody")


@pytest.mark.parametrize("behaviour", [silence, trickle])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_keeps_us_waiting_is_left(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, behaviour: "object", scheme: str
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.4)
    internet.add("slow.example/", behaviour)  # type: ignore[arg-type]
    before = time.monotonic()
    finding = look_at(f"{scheme}://slow.example/")
    assert time.monotonic() - before < 2
    assert finding.state == State.UNKNOWN


def test_a_body_is_not_read(internet: Internet) -> None:
    address = internet.add("large.example/", flood)
    internet.pages["large.example/"] = lambda handler: (
        flood(handler) if handler.command == "GET" else handler.send_error(405)
    )
    assert look_at(address).state == State.ALIVE
    # What the two ends of a connection hold in between, at the most.
    assert internet.sent < 20_000_000


def test_a_certificate_that_is_not_believed(internet: Internet) -> None:
    """Python verifies less than browsers do, so it is for staff to look."""
    internet.names["open.example"] = [PUBLIC]
    with mock.patch("ssl.SSLContext.wrap_socket", side_effect=ssl.SSLCertVerificationError):
        finding = look_at("https://open.example/")
    assert finding == Finding(State.UNKNOWN, "has a certificate that could not be verified")
    assert internet.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://",
        "http://[::1",
        "http://a b/",
        "http://exa mple.example/\r\nHost: x",
        "http://open.example:99999/",
        "http://open.example:x/",
        f"http://{'a' * 300}.example/",
        "http://xn--a.example/",
        "http://①②⑦.⓪.⓪.①/",
        "http://\ud800.example/",
        "http://a..example/",
    ],
)
def test_what_is_no_address_does_no_harm(internet: Internet, address: str) -> None:
    assert look_at(address).state != State.ALIVE
    assert not internet.dialled


def test_what_cannot_be_read_is_called_no_address(internet: Internet) -> None:
    assert look_at("http://[::1") == outside.NO_ADDRESS


def test_an_answer_that_makes_no_sense(internet: Internet) -> None:
    address = internet.add("odd.example/", nonsense)
    assert look_at(address) == outside.SILENT
