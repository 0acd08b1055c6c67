"""The connection to a server: to the very address that was checked, whatever the DNS says."""

import ssl
from collections.abc import Callable
from functools import cache

import httpx

from fleet.outgoing.resolving import Refused, look_up, look_up_meanwhile
from fleet.outgoing.urls import PORTS

# Given a name and its addresses, those that may be connected to; raises Refused.
Allowed = Callable[[str, list[str]], list[str]]
NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout)


class CheckedTransport(httpx.BaseTransport):
    """Resolves the name of the server, checks what it leads to, and connects to that.

    The request keeps the name for its Host header and for TLS, which verifies it. Raises
    Refused, and httpx's errors of transport.
    """

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._inner = httpx.HTTPTransport(verify=_trusted(), trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, port = _called(request)
        found = self._allowed(host, look_up(host, port))
        for address in found[:-1]:
            try:
                return self._inner.handle_request(_aimed(request, address))
            except NOT_REACHED:
                continue
        return self._inner.handle_request(_aimed(request, found[-1]))

    def close(self) -> None:
        self._inner.close()


class AsyncCheckedTransport(httpx.AsyncBaseTransport):
    """The same for many at a time."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._inner = httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host, port = _called(request)
        found = self._allowed(host, await look_up_meanwhile(host, port))
        for address in found[:-1]:
            try:
                return await self._inner.handle_async_request(_aimed(request, address))
            except NOT_REACHED:
                continue
        return await self._inner.handle_async_request(_aimed(request, found[-1]))

    async def aclose(self) -> None:
        await self._inner.aclose()


def _called(request: httpx.Request) -> tuple[str, int]:
    url = request.url
    if url.scheme not in PORTS:
        raise Refused(f"{url.scheme} is none of {', '.join(PORTS)}.")
    return url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]


def _aimed(request: httpx.Request, address: str) -> httpx.Request:
    name = request.url.raw_host.decode("ascii").rstrip(".")
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": name},
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The usual authorities and those that this machine trusts beside them."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
