"""Neighbours share a hash, and nobody reads an address out of it."""

from typing import Any

import pytest
from django.test import RequestFactory

from base.network import client_address, network_hash


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
