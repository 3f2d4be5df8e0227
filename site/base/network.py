"""Where a request comes from, without keeping anybody's address."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# What a provider gives to one customer or a small group of them.
PREFIXES = {4: 24, 6: 48}


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
