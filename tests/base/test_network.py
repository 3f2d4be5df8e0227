"""Neighbours share a hash, and nobody reads an address out of it."""

from typing import Any

import pytest
from django.test import RequestFactory

from base.network import client_address, is_public, network_hash


def seen(address: str, **headers: str) -> str:
    return network_hash(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


def test_neighbours_share_a_hash() -> None:
    assert seen("203.0.113.7") == seen("203.0.113.200") == seen("::ffff:203.0.113.9")
    assert seen("203.0.113.7") != seen("203.0.114.7")
    assert seen("2001:db8:1:2::1") == seen("2001:db8:1:ffff::9")
    assert seen("2001:db8:1::1") != seen("2001:db8:2::1")
    assert len(seen("nonsense")) == 64


def test_the_hash_needs_the_sites_key(settings: Any) -> None:
    before = seen("203.0.113.7")
    settings.SECRET_KEY = "another"
    assert seen("203.0.113.7") != before


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
    ],
)
def test_only_our_own_proxies_are_believed(
    proxies: int, forwarded: str, address: str, settings: Any
) -> None:
    settings.PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)
    assert client_address(request) == address


@pytest.mark.parametrize(
    "number", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4009:80b::200e"]
)
def test_what_everybody_reaches(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "number",
    [
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "198.51.100.7",
        "224.0.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001::1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff0e::1",
    ],
)
def test_what_is_ours_nobodys_or_everybodys(number: str) -> None:
    assert not is_public(number)
