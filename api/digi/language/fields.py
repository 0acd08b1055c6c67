"""The fields of jobs and of their target devices, by name.

A name that would fit both means the device; the job's text is `job_description`. `id` means the
one or the other, told apart by what it is compared with.
"""

from dataclasses import dataclass

from api.digi.language.words import Kind
from query.tree import All, Comparison, Condition, Exists, Not, Some
from query.tree import Field as Path


@dataclass(frozen=True, slots=True)
class Field:
    """`words` are those that an enumerated one can have."""

    name: str
    kind: Kind
    words: tuple[str, ...] = ()


JOB_ID: Path = ("id",)
DEVICE_ID: Path = ("device_id",)
GROUP: Path = ("group",)
# The path with a slash behind it, so that what it begins with or holds may end with one.
GROUP_WITHIN: Path = ("group", "/")
TAGS: Path = ("tags",)

JOB_TYPES = ("firmware_update", "configuration")
JOB_STATUSES = ("new", "in_progress", "completed", "canceled")
CONNECTION_STATUSES = ("connected", "disconnected")
HEALTH_STATUSES = ("normal", "warning", "error", "unknown")
RESTRICTED_STATUSES = ("unrestricted", "restricted", "disabled", "untrusted")
ID = Field("id", Kind.ID)


def _all(kind: Kind, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, kind) for name in names)


JOB_FIELDS = {
    field.name: field
    for field in (
        *_all(Kind.TEXT, "username", "job_description"),
        Field("job_type", Kind.ENUMERATED, JOB_TYPES),
        Field("status", Kind.ENUMERATED, JOB_STATUSES),
        *_all(Kind.NUMERIC, "target_count", "success_count", "failure_count"),
        *_all(Kind.NUMERIC, "pending_count", "active_count"),
        *_all(Kind.TIMESTAMP, "submit_time", "start_time", "complete_time"),
    )
}
# Source: Digi, v1/jobs, query fields, and `group` and `tags` of its examples.
DEVICE_FIELDS = {
    field.name: field
    for field in (
        *_all(Kind.TEXT, "carrier", "carrier2", "contact", "description", "ip", "location"),
        *_all(Kind.TEXT, "mac", "name", "network", "network2", "notes", "public_ip"),
        *_all(Kind.TEXT, "serial_number", "type", "vendor_id"),
        Field("connection_status", Kind.ENUMERATED, CONNECTION_STATUSES),
        Field("health_status", Kind.ENUMERATED, HEALTH_STATUSES),
        Field("restricted_status", Kind.ENUMERATED, RESTRICTED_STATUSES),
        Field("firmware_version", Kind.VERSION),
        *_all(Kind.NUMERIC, "signal_percent", "signal_percent2", "signal_quality"),
        *_all(Kind.NUMERIC, "signal_quality2", "signal_strength", "signal_strength2"),
        *_all(Kind.TIMESTAMP, "last_connect", "last_disconnect", "last_update"),
        Field("group", Kind.GROUP),
        Field("tags", Kind.TAGS),
    )
}
FIELDS = {"id": ID} | JOB_FIELDS | DEVICE_FIELDS


def is_of_device(path: Path) -> bool:
    return path == DEVICE_ID or path[0] in DEVICE_FIELDS


def names_device(condition: Condition) -> bool:
    """Whether the condition asks anything of a device."""
    match condition:
        case All(parts) | Some(parts):
            return any(names_device(part) for part in parts)
        case Not(part):
            return names_device(part)
        case Comparison(path) | Exists(path):
            return is_of_device(path)


def without_device(condition: Condition) -> Condition | None:
    """What is left of it where there is no device: each question to one is denied.

    None if that is never true. `Not` is here about one question only.
    """
    match condition:
        case All(parts):
            left = [without_device(part) for part in parts]
            kept = tuple(part for part in left if part is not None)
            return All(kept) if len(kept) == len(parts) else None
        case Some(parts):
            left = [without_device(part) for part in parts]
            kept = tuple(part for part in left if part is not None)
            return Some(kept) if kept else None
        case _:
            return None if names_device(condition) else condition
