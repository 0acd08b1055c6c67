"""Mender's words for what the audit log holds, and which entries Mender's own log would have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditlog.actor import ActorKind
from auditlog.models import Action


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: its name there, and its actions there by the names of ours."""

    word: str
    actions: Mapping[str, str] = field(default_factory=dict)


def _same(*actions: Action) -> dict[str, str]:
    return {action.value: action.value for action in actions}


# Whoever counts entries expects those of Mender's server: whatever is not here is shown on request.
KINDS: dict[str, Kind] = {
    "user": Kind("user", _same(Action.CREATE, Action.UPDATE, Action.DELETE)),
    "deployment": Kind("deployment", _same(Action.CREATE, Action.ABORT)),
    "device": Kind(
        "device",
        _same(
            Action.REJECT,
            Action.DECOMMISSION,
            Action.SET_CONFIGURATION,
            Action.DEPLOY_CONFIGURATION,
        ),
    ),
    "artifact": Kind("artifact", _same(Action.UPLOAD, Action.UPDATE, Action.DELETE)),
    "user_access_token": Kind(
        "user_access_token", _same(Action.CREATE) | {Action.REVOKE.value: "delete"}
    ),
    "role": Kind("role", _same(Action.CREATE, Action.UPDATE, Action.DELETE)),
    "organization": Kind("tenant"),
    "release": Kind("release"),
    "saved_filter": Kind("saved_filter"),
}
KIND_OF_WORD = {kind.word: name for name, kind in KINDS.items()}
ACTORS = [ActorKind.USER, ActorKind.DEVICE]
RECORDED = {name: kind.actions.keys() for name, kind in KINDS.items() if kind.actions}


def object_word(kind: str) -> str:
    return KINDS[kind].word if kind in KINDS else kind


def action_word(kind: str, action: str) -> str:
    return KINDS[kind].actions.get(action, action) if kind in KINDS else action
