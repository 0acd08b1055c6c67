"""Many devices that call the real server at the same moment, from many threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import httpx

from config.simulation.connection import AUTHENTICATION, DEPLOYMENTS, NEXT
from config.simulation.identity import Identity, identity
from tests.serving import Management

THREADS = 32
T = TypeVar("T")
R = TypeVar("R")


class CallingDevice:
    """One device, for plain blocking calls over a client that all devices share."""

    def __init__(self, http: httpx.Client, who: Identity) -> None:
        self.http = http
        self.who = who
        self.token = ""

    def authenticate(self) -> int:
        body, signature = self.who.authentication_request("")
        headers = {"X-MEN-Signature": signature, "Content-Type": "application/json"}
        answer = self.http.post(AUTHENTICATION, content=body, headers=headers)
        if answer.status_code == 200:
            self.token = answer.text
        return answer.status_code

    def poll(self) -> httpx.Response:
        provides = {"device_type": self.who.device_type, "artifact_name": "factory"}
        return self.http.post(NEXT, json={"device_provides": provides}, headers=self.headers)

    def report(self, deployment: str, status: str) -> int:
        path = f"{DEPLOYMENTS}/{deployment}/status"
        return self.http.put(path, json={"status": status}, headers=self.headers).status_code

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def crowd(http: httpx.Client, seed: str, size: int) -> list[CallingDevice]:
    return [CallingDevice(http, identity(seed, index, ["gateway"])) for index in range(size)]


def at_once(call: Callable[[T], R], items: list[T]) -> list[R]:
    """Call for every item from many threads that all start together."""
    gate = Barrier(THREADS)

    def share(offset: int) -> list[tuple[int, R]]:
        gate.wait()
        return [(i, call(items[i])) for i in range(offset, len(items), THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        done = [pair for pairs in pool.map(share, range(THREADS)) for pair in pairs]
    return [result for _, result in sorted(done, key=lambda pair: pair[0])]


def admit(management: Management, devices: list[CallingDevice]) -> dict[str, str]:
    """Accept them all and give each its token; ids by the MAC address."""
    wanted = {device.who.mac for device in devices}
    found = {
        device["identity_data"]["mac"]: device
        for page in range(1, 6)
        for device in management.devices(page, status="pending")
        if device["identity_data"]["mac"] in wanted
    }
    at_once(lambda device: management.set_status(device, "accepted"), list(found.values()))
    assert set(at_once(CallingDevice.authenticate, devices)) == {200}
    return {mac: device["id"] for mac, device in found.items()}
