"""Where a request comes from, without keeping anybody's address; and where none of ours may go."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# What a provider gives to one customer or a small group of them.
PREFIXES = {4: 24, 6: 48}
# IPv6 numbers that stand for an IPv4 number, which may be a private one; and the private ones of
# RFC 3513, section 2.5.6, which Python takes for global.
HIDING = [
    ip_network(network)
    for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "2001::/32", "2002::/16", "fec0::/10")
]


def client_address(request: HttpRequest) -> str:
    """Return the visitor's IP address, as the outermost of our own proxies saw it."""
    hops = [*request.headers.get("X-Forwarded-For", "").split(","), request.META["REMOTE_ADDR"]]
    proxies = min(settings.PROXY_COUNT, len(hops) - 1)
    return str(hops[-1 - proxies]).strip()


def network_hash(request: HttpRequest) -> str:
    """Return a keyed hash of the visitor's network: the same for neighbours, undone by nobody."""
    text = client_address(request)
    try:
        address = ip_address(text)
        mapped = getattr(address, "ipv4_mapped", None) or address
        text = str(ip_network((mapped, PREFIXES[mapped.version]), strict=False))
    except ValueError:
        text = "unknown"
    return salted_hmac("base.network", text, algorithm="sha256").hexdigest()


def is_public(number: str) -> bool:
    """Whether an IP address is that of one machine on the public web.

    Whatever fetches an address that somebody typed asks first, or it could be sent into the network
    that the site stands in (server-side request forgery).
    """
    address = ip_address(number.partition("%")[0])
    is_hidden = any(address in network for network in HIDING)
    is_one = not (address.is_multicast or address.is_reserved)
    return address.is_global and is_one and not is_hidden
