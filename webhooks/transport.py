"""The connection to a receiver: to the very address that was checked, whatever the DNS says."""

import ssl
from functools import cache

import httpx

from webhooks.destinations import PORTS, resolve


class CheckedTransport(httpx.AsyncBaseTransport):
    """Resolves the name of the server, checks what it leads to, and connects to that.

    The request keeps the name for its Host header and for TLS, which verifies it. Raises
    Refused, and httpx's errors of transport.
    """

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        found = await resolve(url.raw_host.decode("ascii"), url.port or PORTS[url.scheme])
        for address in found[:-1]:
            try:
                return await self._send(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._send(request, found[-1])

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _send(self, request: httpx.Request, address: str) -> httpx.Response:
        name = request.url.raw_host.decode("ascii").rstrip(".")
        aimed = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": name},
        )
        return await self._inner.handle_async_request(aimed)


@cache
def _trusted() -> ssl.SSLContext:
    """The usual authorities and those that this machine trusts beside them."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
