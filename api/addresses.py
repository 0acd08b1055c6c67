"""Addresses of our own, as callers can use them."""

from django.conf import settings
from django.http import HttpRequest


def base_url(request: HttpRequest) -> str:
    """Where the world reaches us: as configured, else as the caller did."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
