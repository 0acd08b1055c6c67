"""Set a switch of an organization without its API."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from auditlog.actor import system
from fleet.management.command import VIA, OperationCommand, Said, organization_of
from fleet.policies import RULES, reset_policy, set_policies


class Command(OperationCommand):
    help = "Set a switch of an organization, or put it back to its default: see docs/hawkbit.md."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("organization", metavar="ORGANIZATION", help="its key")
        parser.add_argument("name", metavar="NAME", choices=sorted(RULES), help="of the switch")
        parser.add_argument("value", metavar="VALUE", nargs="?", help="as JSON, or a text")
        parser.add_argument("--reset", action="store_true", help="back to the default")

    def perform(self, **options: Any) -> Said:
        if options["reset"] is (options["value"] is not None):
            raise CommandError("Say either VALUE or --reset.")
        organization, name = organization_of(options["organization"]), options["name"]
        actor = system(organization.pk, via=VIA)
        if options["reset"]:
            reset_policy(actor=actor, organization=organization, name=name)
            sentence = f"{name} of {organization.key} has its default again"
        else:
            value = _read(options["value"])
            set_policies(actor=actor, organization=organization, values={name: value})
            sentence = f"{name} of {organization.key} is set"
        return Said(sentence, {"key": organization.key, "name": name})


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
