"""Let somebody in who has lost their second factor."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from auditlog.actor import system
from fleet.management.command import VIA, OperationCommand, Said
from fleet.models import User
from fleet.two_factor import disable


class Command(OperationCommand):
    help = "Disable a person's second factor: they sign in by password alone again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", metavar="EMAIL")

    def perform(self, **options: Any) -> Said:
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise CommandError(f"There is nobody called {options['email']}.")
        first = user.memberships.order_by("created_at").first()
        disable(actor=system(first.organization_id if first else None, via=VIA), user=user)
        return Said(
            f"{user.email} signs in by password alone",
            {"id": str(user.pk), "email": user.email, "two_factor": "disabled"},
        )
