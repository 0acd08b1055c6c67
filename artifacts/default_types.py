"""The types that every organization begins with, and those of what Mender's artifacts make.

Source: hawkBit, the types of a new tenant.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from artifacts.file_formats import FileFormat
from artifacts.models import ModuleType, ReleaseType

DEFAULT = "os_app"
MENDER = "mender"
OS = "os"
MANY = 2**31 - 1
MAKER = "Slipway"

# Key, name, description, and how many of it a release may have.
MODULE_TYPES = (
    (OS, "OS", "Core firmware or operating system", 1),
    ("application", "Application", "Application add-ons", MANY),
    (MENDER, "Mender artifact", "File in Mender's format", MANY),
)
# Key, name, description, mandatory and optional types of modules.
RELEASE_TYPES: tuple[tuple[str, str, str, list[str], list[str]], ...] = (
    (OS, "OS only", "Firmware or operating system only", [OS], []),
    (
        DEFAULT,
        "OS with app(s)",
        "Firmware or operating system, and what runs on it",
        [OS],
        ["application"],
    ),
    ("app", "App(s) only", "Applications only", ["application"], []),
    (MENDER, "Mender release", "All artifacts of one name", [MENDER], []),
)


def make_default_types(
    organization_id: UUID, module_types: "QuerySet[Any]", release_types: "QuerySet[Any]"
) -> None:
    """Make what is missing of them; the querysets are those of whatever state the models are in."""
    _make_missing(
        module_types,
        organization_id,
        {
            key: {"name": name, "description": description, "max_assignments": most}
            for key, name, description, most in MODULE_TYPES
        },
    )
    fresh = _make_missing(
        release_types,
        organization_id,
        {
            key: {"name": name, "description": description}
            for key, name, description, *_ in RELEASE_TYPES
        },
    )
    rows = module_types.filter(organization_id=organization_id).values_list("key", "number")
    numbers = dict(rows)
    parts = {key: (mandatory, optional) for key, _, _, mandatory, optional in RELEASE_TYPES}
    for position, relation in enumerate(("mandatory", "optional")):
        through = getattr(release_types.model, relation).through
        through.objects.using(release_types.db).bulk_create(
            through(releasetype_id=row.number, moduletype_id=numbers[each])
            for row in fresh
            for each in parts[row.key][position]
        )


def types_of_format(organization_id: UUID, file_format: str) -> tuple[ModuleType, ReleaseType]:
    """The types of an artifact and of its release, made if somebody deleted them.

    One in Mender's format has types of its own; what is kept raw is an operating system.
    """
    key = OS if file_format == FileFormat.RAW else MENDER
    module_type = ModuleType.objects.filter(organization=organization_id, key=key).first()
    release_type = ReleaseType.objects.filter(organization=organization_id, key=key).first()
    if module_type is None or release_type is None:
        make_default_types(organization_id, ModuleType.objects.all(), ReleaseType.objects.all())
        return types_of_format(organization_id, file_format)
    return module_type, release_type


def _make_missing(
    rows: "QuerySet[Any]", organization_id: UUID, wanted: dict[str, dict[str, Any]]
) -> list[Any]:
    known = set(rows.filter(organization_id=organization_id).values_list("key", flat=True))
    by = {"created_by": MAKER, "modified_by": MAKER}
    return rows.bulk_create(
        rows.model(organization_id=organization_id, key=key, **facts, **by)
        for key, facts in wanted.items()
        if key not in known
    )
