"""Many simulated devices in one process."""

import asyncio
import contextlib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import httpx

from config.simulation.connection import Connection
from config.simulation.device import Behaviour, SimulatedDevice
from config.simulation.identity import identity
from config.simulation.tally import Tally

SAVE_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Fleet:
    """`software` is what every device runs at first; `memory` a file that outlives the process."""

    server: str
    tenant_token: str
    devices: int
    device_types: list[str]
    behaviour: Behaviour
    seed: str
    software: str = "factory-1.0"
    memory: Path | None = None

    async def run(self, tally: Tally, *, seconds: float | None = None) -> None:
        """Let the devices live for so many seconds, or until cancelled."""
        software = defaultdict(lambda: self.software, self._remembered())
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        async with httpx.AsyncClient(
            base_url=self.server, limits=limits, timeout=httpx.Timeout(30, pool=None)
        ) as client:
            lives = [
                self._device(client, index, software, tally).run() for index in range(self.devices)
            ]
            try:
                async with asyncio.timeout(seconds):
                    await asyncio.gather(*lives, self._remember_often(software))
            except TimeoutError:
                pass
            finally:
                self._remember(software)

    def _device(
        self, client: httpx.AsyncClient, index: int, software: dict[str, str], tally: Tally
    ) -> SimulatedDevice:
        connection = Connection(
            client, identity(self.seed, index, self.device_types), self.tenant_token
        )
        return SimulatedDevice(connection, self.behaviour, software, tally)

    async def _remember_often(self, software: dict[str, str]) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY)
            self._remember(software)

    def _remembered(self) -> dict[str, str]:
        remembered: dict[str, str] = {}
        if self.memory is not None:
            with contextlib.suppress(FileNotFoundError, ValueError):
                remembered = json.loads(self.memory.read_text())
        return remembered

    def _remember(self, software: dict[str, str]) -> None:
        if self.memory is None:
            return
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.memory.with_suffix(".new")
        fresh.write_text(json.dumps(software))
        fresh.replace(self.memory)
