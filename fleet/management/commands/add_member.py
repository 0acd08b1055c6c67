"""Make a person a member of an organization."""

from typing import Any

from django.core.management.base import CommandParser

from auditlog.actor import system
from fleet.management.command import VIA, OperationCommand, Said, organization_of
from fleet.models import Role
from fleet.people import add_member


class Command(OperationCommand):
    help = "Make a person a member; one who is known already keeps their password."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--organization", metavar="KEY", required=True)
        parser.add_argument("--role", choices=Role.values, required=True)
        parser.add_argument("--password", metavar="PW", help="of a new person, who needs one")
        parser.add_argument("--name", default="", help="of a new person")

    def perform(self, **options: Any) -> Said:
        organization = organization_of(options["organization"])
        membership = add_member(
            actor=system(organization.pk, via=VIA),
            organization=organization,
            email=options["email"],
            role=options["role"],
            password=options["password"],
            name=options["name"],
        )
        user = membership.user
        return Said(
            f"Added {user.email} with id {user.pk} to {organization.key} as {membership.role}",
            {
                "id": str(user.pk),
                "email": user.email,
                "organization": organization.key,
                "role": str(membership.role),
            },
        )
