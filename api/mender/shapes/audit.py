"""Entries of the audit log as Mender's audit logs service shows them."""

import json
from collections.abc import Iterator
from datetime import datetime
from difflib import unified_diff
from typing import Any, NamedTuple

import orjson

from api.mender.audit_words import action_word, object_word
from api.mender.times import stamp
from auditlog.actor import ActorKind
from auditlog.models import Action

NOTHING_KNOWN = "{}"


class Told(NamedTuple):
    """What is shown of an entry that is `told`."""

    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    object_kind: str
    object_id: str
    object_name: str
    change: Any
    known_identity: str | None
    known_release: str | None


def entry_shape(entry: Told) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "actor": _actor_shape(entry),
        "time": stamp(entry.at),
        "action": action_word(entry.object_kind, entry.action),
        "object": _object_shape(entry),
    }
    if change := _change_text(entry):
        shape["change"] = change
    return shape


def _actor_shape(entry: Told) -> dict[str, str]:
    shape = {"id": entry.actor_id, "type": entry.actor_kind}
    if entry.actor_kind == ActorKind.USER:
        shape["email"] = entry.actor_name
    elif entry.actor_kind == ActorKind.DEVICE:
        # The name of a device that acts is its identity, cut where that is very long.
        is_object = (entry.object_kind, entry.object_id) == ("device", entry.actor_id)
        whole = entry.known_identity if is_object else None
        shape["identity_data"] = whole or entry.actor_name
    return shape


def _object_shape(entry: Told) -> dict[str, Any]:
    shape: dict[str, Any] = {"id": entry.object_id, "type": object_word(entry.object_kind)}
    match entry.object_kind:
        case "user":
            shape["user"] = {"email": entry.object_name}
        case "deployment":
            shape["deployment"] = {
                "name": entry.object_name,
                "artifact_name": entry.known_release or "",
            }
        case "device":
            identity = entry.known_identity or NOTHING_KNOWN
            shape["device"] = {"id": entry.object_id, "identity_data": identity}
        case "artifact":
            shape["artifact"] = {"name": entry.object_name}
    return shape


def _change_text(entry: Told) -> str:
    """What changed: for a person the difference in lines, else as compact JSON."""
    if (entry.object_kind, entry.action) == ("user", Action.UPDATE):
        return "\n".join([f"Updated user {entry.object_name}:", *_difference(entry.change)])
    return _compact(entry.change) if entry.change else ""


def _difference(change: dict[str, Any]) -> Iterator[str]:
    """Of a fact that is a pair the first is how it was, the second how it is."""
    before, after = [], []
    for name, value in sorted(change.items()):
        is_pair = isinstance(value, list) and len(value) == 2
        if is_pair:
            before.append(f"{name}: {_text(value[0])}")
        after.append(f"{name}: {_text(value[1] if is_pair else value)}")
    return unified_diff(before, after, lineterm="")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _compact(value)


def _compact(value: Any) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # whole numbers beyond 64 bits, halves of characters
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
