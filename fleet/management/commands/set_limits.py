"""Limit what an organization may use."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from auditlog.actor import system
from fleet.management.command import VIA, OperationCommand, Said, organization_of
from fleet.organizations import set_limits


class Command(OperationCommand):
    help = "Limit an organization's accepted devices and stored bytes; -1 lifts a limit."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("organization", metavar="ORGANIZATION", help="its key")
        parser.add_argument("--devices", metavar="N", type=int, help="accepted at most")
        parser.add_argument("--storage", metavar="BYTES", type=int, help="of all artifacts")

    def perform(self, **options: Any) -> Said:
        if options["devices"] is None and options["storage"] is None:
            raise CommandError("Say --devices, --storage or both.")
        organization = organization_of(options["organization"])
        now = set_limits(
            actor=system(organization.pk, via=VIA),
            organization=organization,
            devices=options["devices"],
            storage=options["storage"],
        )
        return Said(
            f"{now.key} may accept {_said(now.device_limit)} devices and store "
            f"{_said(now.storage_limit)} bytes",
            {"key": now.key, "devices": now.device_limit, "storage": now.storage_limit},
        )


def _said(limit: int | None) -> str:
    return "any number of" if limit is None else str(limit)
