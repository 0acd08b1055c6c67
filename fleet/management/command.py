"""What the commands share: an operation is called, and its result said in a sentence or JSON."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.errors import DomainError
from fleet.models import Membership, Organization

VIA = "command line"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command says: to people a sentence, to scripts the facts."""

    sentence: str
    facts: dict[str, Any]


class OperationCommand(BaseCommand):
    """Subclasses write `perform`; a DomainError ends the command with its message."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            said = self.perform(**options)
        except DomainError as error:
            raise CommandError(error.message) from error
        as_json = options["json"]
        self.stdout.write(json.dumps(said.facts) if as_json else said.sentence)

    def perform(self, **options: Any) -> Said:
        raise NotImplementedError


def organization_of(key: str) -> Organization:
    """The organization of that key, whatever its case; raises CommandError."""
    found = Organization.objects.filter(key__iexact=key).first()
    if found is None:
        raise CommandError(f"There is no organization {key}.")
    return found


def membership_of(email: str, key: str | None) -> Membership:
    """The person's membership, of the one organization if no key is given; raises CommandError."""
    rows = Membership.objects.filter(user__email__iexact=email.strip())
    if key:
        rows = rows.filter(organization=organization_of(key))
    found = list(rows.select_related("user", "organization")[:2])
    if not found:
        raise CommandError(f"There is no member {email}{f' in {key}' if key else ''}.")
    if len(found) > 1:
        raise CommandError(f"{email} is in several organizations: name one by --organization.")
    return found[0]
