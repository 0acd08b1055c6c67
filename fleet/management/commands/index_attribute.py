"""Make lists that are sorted or searched by one attribute quick."""

from typing import Any

from django.core.management.base import CommandParser

from fleet.attribute_indexes import create_indexes, drop_indexes
from fleet.filters import SCOPES, check_field
from fleet.management.command import OperationCommand, Said


class Command(OperationCommand):
    help = (
        "Index one attribute of all devices, for sorting by it, for $gt, $gte, $lt, $lte and "
        "$exists, and for a $regex that begins with ^ and plain characters. Equality needs no "
        "such index. On SQLite it serves sorting only. Devices go on reporting meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("scope", metavar="SCOPE", help=", ".join(SCOPES))
        parser.add_argument("name", metavar="NAME", help="of the attribute, like mem_total_kB")
        parser.add_argument("--drop", action="store_true", help="drop the index instead")

    def perform(self, **options: Any) -> Said:
        field = check_field(options["scope"], options["name"])
        if options["drop"]:
            names, done = drop_indexes(field), "no longer indexed"
        else:
            names, done = create_indexes(field), "indexed"
        attribute = "/".join(field)
        return Said(f"{attribute} is {done}", {"attribute": attribute, "indexes": names})
