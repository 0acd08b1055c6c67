"""Add a tenant."""

from typing import Any

from django.core.management.base import CommandParser

from auditlog.actor import system
from fleet.management.command import VIA, OperationCommand, Said
from fleet.organizations import add_organization


class Command(OperationCommand):
    help = "Add an organization; its key is made from the name."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", metavar="NAME")

    def perform(self, **options: Any) -> Said:
        made = add_organization(actor=system(via=VIA), name=options["name"])
        return Said(
            f"Added organization {made.key} with id {made.id} and tenant token {made.tenant_token}",
            {
                "id": str(made.id),
                "key": made.key,
                "name": made.name,
                "tenant_token": made.tenant_token,
            },
        )
