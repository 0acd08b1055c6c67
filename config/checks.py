"""Complaints about settings that are wrong or unsafe together, before anybody is served."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004

SHORTEST_KEY = 50


@register(Tags.security)
def secret_key(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Device tokens and links are signed with it: guessing it is owning the fleet."""
    if len(settings.SECRET_KEY) >= SHORTEST_KEY:
        return []
    return [
        Error(
            f"SLIPWAY_SECRET_KEY has fewer than {SHORTEST_KEY} characters.",
            hint="Leave it empty to have one made and kept in the data folder.",
            id="slipway.E001",
        )
    ]


@register(Tags.security)
def exposure(**_kwargs: Any) -> Sequence[CheckMessage]:
    """What is harmless on this machine alone and is not for others to reach."""
    if _is_loopback(settings.HOST):
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(
            Error(
                "SLIPWAY_DEBUG shows settings and code to everyone who reaches SLIPWAY_HOST.",
                id="slipway.E002",
            )
        )
    if not settings.HTTPS and "*" in settings.ALLOWED_HOSTS:
        found.append(
            Warning(
                "Other machines reach this server without encryption and by any name.",
                hint="Put a proxy with TLS in front and set SLIPWAY_PUBLIC_URL, or at least "
                "name the hosts in SLIPWAY_ALLOWED_HOSTS.",
                id="slipway.W001",
            )
        )
    return found


@register(Tags.urls)
def public_url(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Links in offers begin with it."""
    parts = urlsplit(settings.PUBLIC_URL)
    if not settings.PUBLIC_URL or (parts.scheme in {"http", "https"} and parts.netloc):
        return []
    return [
        Error(
            "SLIPWAY_PUBLIC_URL is no address of the form https://host.",
            id="slipway.E003",
        )
    ]


@register(Tags.security, deploy=True)
def behind_a_proxy(**_kwargs: Any) -> Sequence[CheckMessage]:
    """TLS ends at a proxy; what it says must be believed, and only what it says."""
    found: list[CheckMessage] = []
    if settings.HTTPS and "*" in settings.ALLOWED_HOSTS:
        found.append(
            Warning("SLIPWAY_ALLOWED_HOSTS admits every name.", id="slipway.W002"),
        )
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            Warning(
                "With SLIPWAY_TRUSTED_PROXIES=0 every caller has the address of the proxy.",
                hint="The audit log keeps addresses. Set the number of proxies in front.",
                id="slipway.W003",
            )
        )
    return found


@register
def numbers(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Numbers that the operating system would refuse less clearly."""
    rules = {
        "SLIPWAY_PORT": 1 <= settings.PORT <= 65535,
        "SLIPWAY_WEB_WORKERS": settings.SERVE_WORKERS >= 1,
        "SLIPWAY_WEB_THREADS": settings.SERVE_THREADS >= 1,
        "SLIPWAY_TRUSTED_PROXIES": settings.TRUSTED_PROXIES >= 0,
        "SLIPWAY_ARTIFACT_SIZE_LIMIT": settings.ARTIFACT_SIZE_LIMIT >= 1,
        "SLIPWAY_FETCH_SECONDS": settings.FETCH_SECONDS >= 1,
        "SLIPWAY_USER_RATE": settings.USER_RATE >= 0,
        "SLIPWAY_DEVICE_RATE": settings.DEVICE_RATE >= 0,
        "SLIPWAY_SIGN_IN_RATE": settings.SIGN_IN_RATE >= 0,
        "SLIPWAY_WEBHOOK_RETRIES": min(settings.WEBHOOK_RETRIES, default=0) > 0,
    }
    return [
        Error(f"{name} is out of range.", id="slipway.E004")
        for name, holds in rules.items()
        if not holds
    ]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
