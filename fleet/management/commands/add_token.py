"""Make a personal access token."""

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from auditlog.actor import system
from fleet.access_tokens import issue_personal, personal_tokens
from fleet.management.command import VIA, OperationCommand, Said, membership_of


def days_of_life(text: str) -> timedelta:
    if not text.isdecimal() or not 1 <= len(text) <= 4:
        raise ArgumentTypeError("a number of days")
    return timedelta(days=int(text))


class Command(OperationCommand):
    help = "Make a personal access token and print it: it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", metavar="N", required=True)
        parser.add_argument(
            "--expires", metavar="DAYS", type=days_of_life, help="never, if left out"
        )
        parser.add_argument(
            "--organization", metavar="KEY", help="needed if the person is in several"
        )

    def perform(self, **options: Any) -> Said:
        membership = membership_of(options["email"], options["organization"])
        token = issue_personal(
            actor=system(membership.organization_id, via=VIA),
            membership=membership,
            name=options["name"],
            expires_in=options["expires"],
        )
        row = personal_tokens(membership).get(name=options["name"])
        return Said(
            token,
            {
                "id": str(row.pk),
                "name": row.name,
                "token": token,
                "expires_at": row.expires_at and row.expires_at.isoformat(),
            },
        )
