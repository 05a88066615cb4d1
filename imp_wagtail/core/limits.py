"""How often something may be tried from one address, so that nobody goes through all there is.

Counted in Django's cache, in windows of so many seconds that begin at the same time for everybody: across the turn of
one, up to twice as many tries pass. A cache that does not answer stops nobody. What is guarded like this must be safe
without it.
"""

import hashlib
import logging
import time
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.core.cache import cache
from django.http import HttpRequest

from .conf import settings

logger = logging.getLogger(__name__)

#: Bits of an IPv6 address that tell whose it is; whoever has one has all that share these.
IPV6_NETWORK = 64


def seconds_to_wait(request: HttpRequest, name: str, limit: tuple[int, int] | None) -> int:
    """Count one try of ``name`` from the client's address: 0 if it is allowed, or the seconds until the next one is.

    ``limit``: so many times in so many seconds; ``None`` for no limit. ``name`` keeps what is limited apart.
    """
    client = client_address(request)
    if not limit or not client:
        return 0
    times, seconds = limit
    window, passed = divmod(int(time.time()), seconds)
    # Keys of every backend are plain and short, and an address is no business of whoever looks into a cache.
    counted = hashlib.sha256(f"{name} {client} {window}".encode()).hexdigest()
    return seconds - passed if _count(f"imp_limit_{counted}", seconds) > times else 0


def _count(key: str, seconds: int) -> int:
    """Which try this is; 0 if the cache cannot say."""
    try:
        if cache.add(key, 1, timeout=seconds):
            return 1
        return int(cache.incr(key))
    except ValueError:
        # It ran out between the two.
        return 1
    except Exception:  # each backend has errors of its own, and none of them is the client's
        logger.warning("The cache does not answer, so tries are not limited", exc_info=True)
        return 0


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one; "" where nothing says so.

    Headers are believed only if the setting ``CLIENT_ADDRESS_HEADER`` names one, because anybody can send them. Of
    several addresses in it the last one counts: it is what the site's own proxy has added.
    """
    header = settings.CLIENT_ADDRESS_HEADER
    told = request.headers.get(header, "").rpartition(",")[2] if header else ""
    return _network(told) or _network(request.META.get("REMOTE_ADDR", ""))


def _without_port(text: str) -> str:
    """Some proxies add the port: "192.0.2.1:4711", "[2001:db8::1]:4711"."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _network(text: str) -> str:
    try:
        address: IPv4Address | IPv6Address = ip_address(_without_port(text.strip()))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        kept = 128 - IPV6_NETWORK
        address = address.ipv4_mapped or IPv6Address(int(address) >> kept << kept)
    return str(address)
