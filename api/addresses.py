"""Addresses of our own, as callers can use them."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

_PAIR = re.compile(r'(?:^|;)\s*(proto|host)="?([^";,]+)"?', re.IGNORECASE)


def base_url(request: HttpRequest) -> str:
    """Where the world reaches us: as configured, else as the caller did.

    Behind a trusted proxy that is what it wrote into Forwarded or X-Forwarded-Proto and -Host.
    """
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    scheme, host = _forwarded(request) if settings.TRUSTED_PROXIES else ("", "")
    return f"{scheme or request.scheme}://{host or request.get_host()}"


def _forwarded(request: HttpRequest) -> tuple[str, str]:
    """Scheme and host as the proxy next to us had them, each "" where it does not say."""
    said = {
        name.lower(): value.strip()
        for name, value in _PAIR.findall(_last(request, "HTTP_FORWARDED"))
    }
    scheme = said.get("proto") or _last(request, "HTTP_X_FORWARDED_PROTO")
    host = said.get("host") or _last(request, "HTTP_X_FORWARDED_HOST")
    domain, _port = split_domain_port(host)
    if not (domain and validate_host(domain, settings.ALLOWED_HOSTS or ["*"])):
        host = ""
    return scheme.lower() if scheme.lower() in {"http", "https"} else "", host


def _last(request: HttpRequest, name: str) -> str:
    """Of what several proxies have added, what the last one says."""
    return str(request.META.get(name, "")).rpartition(",")[2].strip()
