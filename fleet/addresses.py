"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the caller, "" if unknown.

    Behind `TRUSTED_PROXIES` proxies it is what the outermost of them wrote into
    X-Forwarded-For; what stands before that in the header is the caller's own claim.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = [*(hop.strip() for hop in forwarded if hop.strip()), peer]
    at = max(0, len(hops) - 1 - settings.TRUSTED_PROXIES)
    return _plain(hops[at]) or _plain(peer)


def _plain(hop: str) -> str:
    """The address without port, brackets or zone; "" unless it is one."""
    host = hop.partition("]")[0].lstrip("[") if hop.startswith("[") else hop
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        # A zone may be any text of any length, and means something to that hop only.
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return ""
