"""One simulated device: it asks to be let in, polls, installs what it is given and reports."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from config.simulation.connection import Aborted, Connection, Refused
from config.simulation.tally import Tally

FAILURES = (
    "no space left on device: needed 31 MiB in /data, 12 MiB free",
    "health check of the service failed: connection refused",
    "write to /dev/mmcblk0p3 failed: input/output error",
)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Seconds between polls, the share of installations that fail, seconds an update step takes."""

    poll_interval: float
    failure_rate: float
    step: float


class SimulatedDevice:
    def __init__(
        self, connection: Connection, behaviour: Behaviour, software: dict[str, str], tally: Tally
    ) -> None:
        self.connection = connection
        self.behaviour = behaviour
        self.software = software
        self.tally = tally
        self.phase = ""
        self.tries: Counter[str] = Counter()
        self.random = random.Random(connection.identity.serial)  # noqa: S311 - decides nothing secret

    @property
    def serial(self) -> str:
        return self.connection.identity.serial

    async def run(self) -> None:
        """Live until cancelled; an error of the server or the network is only a pause."""
        await asyncio.sleep(self.random.random() * self.behaviour.poll_interval)
        while True:
            try:
                await self._authenticate()
                await self._report_inventory()
                while True:
                    await self._poll()
                    await self._pause()
            except Refused:
                self.tally.events["refused"] += 1
            except httpx.HTTPError:
                self.tally.events["errors"] += 1
                await self._pause()

    async def _authenticate(self) -> None:
        while not await self.connection.authenticate():
            self._enter("pending")
            await self._pause()
        self._enter("idle")

    async def _report_inventory(self) -> None:
        identity = self.connection.identity
        await self.connection.report_inventory(
            {
                "device_type": identity.device_type,
                "artifact_name": self.software[self.serial],
                "hostname": identity.serial,
                "kernel": "6.1.0-simulated",
                "mac_eth0": identity.mac,
            }
        )

    async def _poll(self) -> None:
        self.tally.events["polls"] += 1
        update = await self.connection.next_update(
            {
                "device_type": self.connection.identity.device_type,
                "artifact_name": self.software[self.serial],
            }
        )
        if update is None:
            return
        try:
            await self._install(update)
        except Aborted:
            self.tally.events["aborted"] += 1
        self._enter("idle")
        await self._report_inventory()

    async def _install(self, update: dict[str, Any]) -> None:
        deployment, artifact = update["id"], update["artifact"]
        await self._step(deployment, "downloading")
        await self.connection.download(artifact["source"]["uri"])
        await self._step(deployment, "installing")
        if self._fails(artifact["artifact_name"]):
            await self._fail(deployment, artifact["artifact_name"])
            return
        if artifact["artifact_name"] == f"configuration-{deployment}":
            await self.connection.take_configuration()
        else:
            await self._step(deployment, "rebooting")
            self.software[self.serial] = artifact["artifact_name"]
        await self.connection.report_status(deployment, "success")
        self.tally.events["installed"] += 1

    def _fails(self, artifact_name: str) -> bool:
        """The same device fails at the same try of the same artifact, whenever it is run."""
        self.tries[artifact_name] += 1
        said = f"{self.serial}/{artifact_name}/{self.tries[artifact_name]}"
        return random.Random(said).random() < self.behaviour.failure_rate  # noqa: S311 - as above

    async def _fail(self, deployment: str, artifact_name: str) -> None:
        await self.connection.report_status(deployment, "failure")
        lines = [
            ("info", f"Installing {artifact_name}"),
            ("error", self.random.choice(FAILURES)),
            ("info", "Rolled back"),
        ]
        await self.connection.send_log(
            deployment,
            [
                {"timestamp": datetime.now(UTC).isoformat(), "level": level, "message": message}
                for level, message in lines
            ],
        )
        self.tally.events["failed"] += 1

    async def _step(self, deployment: str, status: str) -> None:
        self._enter(status)
        await self.connection.report_status(deployment, status)
        await asyncio.sleep(self.behaviour.step * self.random.uniform(0.5, 1.5))

    async def _pause(self) -> None:
        await asyncio.sleep(self.behaviour.poll_interval * self.random.uniform(0.8, 1.2))

    def _enter(self, phase: str) -> None:
        self.tally.move(self.phase, phase)
        self.phase = phase
