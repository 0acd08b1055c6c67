"""Make an API key of an organization without the dashboard."""

from typing import Any

from django.core.management.base import CommandParser

from auditlog.actor import system
from fleet.api_keys import issue
from fleet.management.command import VIA, OperationCommand, Said, organization_of
from fleet.models import Role


class Command(OperationCommand):
    help = "Make an API key; its secret is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("organization", metavar="ORGANIZATION", help="its key")
        parser.add_argument("--name", required=True, help="what people call it")
        parser.add_argument(
            "--level", default=Role.VIEWER.value, choices=Role.values, help="what it may"
        )

    def perform(self, **options: Any) -> Said:
        organization = organization_of(options["organization"])
        key, secret = issue(
            actor=system(organization.pk, via=VIA),
            organization=organization,
            name=options["name"],
            level=options["level"],
        )
        facts = {
            "organization": organization.key,
            "name": key.name,
            "level": key.level,
            "id": key.key_id,
            "secret": secret,
            "token": f"{secret}/{key.key_id}",
        }
        return Said(f"X-AUTH-TOKEN: {secret}/{key.key_id}", facts)
