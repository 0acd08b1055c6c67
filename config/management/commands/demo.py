"""Keep a small simulated fleet running beside the server."""

import asyncio
import contextlib
import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from config.simulation.demo import DEVICE_TYPES, DEVICES, FACTORY_SOFTWARE, SEED, Operator
from config.simulation.device import Behaviour
from config.simulation.fleet import Fleet
from config.simulation.tally import Tally
from fleet.models import Organization
from fleet.organizations import key_of

log = logging.getLogger(__name__)
LOOK_EVERY = 2.0


class Command(BaseCommand):
    help = f"Run {DEVICES} simulated devices and roll two releases out to them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", default=settings.ORGANIZATION)
        parser.add_argument("--server", default=f"http://127.0.0.1:{settings.PORT}")

    def handle(self, **options: Any) -> None:
        organization = Organization.objects.get(key=key_of(options["organization"]))
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(run(organization, options["server"]))


async def run(organization: Organization, server: str) -> None:
    if (main := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    fleet = Fleet(
        server=server,
        tenant_token=organization.tenant_token,
        devices=DEVICES,
        device_types=DEVICE_TYPES,
        behaviour=Behaviour(poll_interval=4, failure_rate=0.08, step=5),
        seed=SEED,
        software=FACTORY_SOFTWARE,
        memory=settings.DATA / "demo" / "software.json",
    )
    await asyncio.gather(fleet.run(Tally()), operate(Operator(organization)))


async def operate(operator: Operator) -> None:
    while True:
        try:
            await asyncio.to_thread(act, operator)
        except Exception:
            log.exception("The demo's operator tries again")
        await asyncio.sleep(LOOK_EVERY)


def act(operator: Operator) -> None:
    close_old_connections()
    operator.act()
