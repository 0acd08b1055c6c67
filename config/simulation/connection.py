"""The device API as a simulated device calls it (Mender API, device side)."""

import asyncio
from typing import Any

import httpx

from config.simulation.identity import Identity

AUTHENTICATION = "/api/devices/v1/authentication/auth_requests"
INVENTORY = "/api/devices/v1/inventory/device/attributes"
CONFIGURATION = "/api/devices/v1/deviceconfig/configuration"
NEXT = "/api/devices/v2/deployments/device/deployments/next"
DEPLOYMENTS = "/api/devices/v1/deployments/device/deployments"


ATTEMPTS = 20
PAUSE = 0.5  # seconds


class Refused(Exception):
    """The server does not know this device's token (any more)."""


class Aborted(Exception):
    """The deployment was aborted while the device was at it."""


class Connection:
    """One device's calls; raises Refused on 401 and httpx errors on anything unexpected."""

    def __init__(self, client: httpx.AsyncClient, identity: Identity, tenant_token: str) -> None:
        self.client = client
        self.identity = identity
        self.tenant_token = tenant_token
        self.token = ""

    async def authenticate(self) -> bool:
        """Ask to be let in; False while nobody has accepted the device."""
        body, signature = self.identity.authentication_request(self.tenant_token)
        response = await self.client.post(
            AUTHENTICATION,
            content=body,
            headers={"X-MEN-Signature": signature, "Content-Type": "application/json"},
        )
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return False
        response.raise_for_status()
        self.token = response.text
        return True

    async def report_inventory(self, attributes: dict[str, str]) -> None:
        body = [{"name": name, "value": value} for name, value in attributes.items()]
        await self._call("PUT", INVENTORY, body)

    async def next_update(self, provides: dict[str, str]) -> dict[str, Any] | None:
        response = await self._call("POST", NEXT, {"device_provides": provides})
        if response.status_code == httpx.codes.NO_CONTENT:
            return None
        update: dict[str, Any] = response.json()
        return update

    async def report_status(self, deployment: str, status: str) -> None:
        response = await self._call("PUT", f"{DEPLOYMENTS}/{deployment}/status", {"status": status})
        if response.status_code == httpx.codes.CONFLICT:
            raise Aborted

    async def send_log(self, deployment: str, messages: list[dict[str, str]]) -> None:
        await self._call("PUT", f"{DEPLOYMENTS}/{deployment}/log", {"messages": messages})

    async def download(self, uri: str) -> int:
        """Fetch an artifact and throw it away; its length in bytes."""
        length = 0
        async with self.client.stream("GET", uri) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                length += len(chunk)
        return length

    async def take_configuration(self) -> None:
        """Be configured as is wanted, and say so."""
        wanted = await self._call("GET", CONFIGURATION, None)
        await self._call("PUT", CONFIGURATION, wanted.json())

    async def _call(self, method: str, path: str, body: Any) -> httpx.Response:
        response = await self._insist(method, path, body)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise Refused
        if response.status_code != httpx.codes.CONFLICT:
            response.raise_for_status()
        return response

    async def _insist(self, method: str, path: str, body: Any) -> httpx.Response:
        """As real clients do: a call that breaks off is made again before anything else."""
        headers = {"Authorization": f"Bearer {self.token}"}
        for _ in range(ATTEMPTS - 1):
            try:
                return await self.client.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(PAUSE)
        return await self.client.request(method, path, json=body, headers=headers)
