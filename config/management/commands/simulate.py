"""Run simulated devices against a server."""

import asyncio
import contextlib
import json
import signal
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.simulation.device import Behaviour
from config.simulation.display import show
from config.simulation.fleet import Fleet
from config.simulation.tally import Tally


def share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ArgumentTypeError("a share lies between 0 and 1")
    return value


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError("at least 1")
    return value


class Command(BaseCommand):
    help = "Run simulated devices: real keys over the real device API, for load and demos."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--devices", type=positive, required=True)
        parser.add_argument("--server", required=True, help="for example http://127.0.0.1:8000")
        parser.add_argument("--tenant-token", default="", help="of the organization they belong to")
        parser.add_argument("--device-types", default="gateway,kiosk,scanner")
        parser.add_argument("--failure-rate", type=share, default=0.05, help="0 to 1")
        parser.add_argument("--poll-interval", type=float, default=5.0, help="seconds")
        parser.add_argument(
            "--step", type=float, default=2.0, help="seconds a step of an update takes"
        )
        parser.add_argument("--software", default="factory-1.0", help="what they run at first")
        parser.add_argument("--seed", default="slipway", help="the same seed is the same devices")
        parser.add_argument("--memory", type=Path, help="file that keeps what they run")
        parser.add_argument("--seconds", type=float, help="stop after so long (default: run on)")
        parser.add_argument("--json", action="store_true", help="print the final tally as JSON")

    def handle(self, **options: Any) -> None:
        tally = Tally()
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(self._run(options, tally))
        self._summarize(tally, as_json=options["json"])

    async def _run(self, options: dict[str, Any], tally: Tally) -> None:
        fleet = Fleet(
            server=options["server"].rstrip("/"),
            tenant_token=options["tenant_token"],
            devices=options["devices"],
            device_types=[word.strip() for word in options["device_types"].split(",")],
            behaviour=Behaviour(options["poll_interval"], options["failure_rate"], options["step"]),
            seed=options["seed"],
            software=options["software"],
            memory=options["memory"],
        )
        if (main := asyncio.current_task()) is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
        display = asyncio.create_task(show(tally))
        try:
            await fleet.run(tally, seconds=options["seconds"])
        finally:
            display.cancel()

    def _summarize(self, tally: Tally, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(tally.as_dict()))
            return
        for label, counter in (("Devices", +tally.phases), ("So far", tally.events)):
            words = ", ".join(f"{count:,} {word}" for word, count in sorted(counter.items()))
            self.stdout.write(f"{label}: {words or 'none'}.")
