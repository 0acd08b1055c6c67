"""The switches of an organization: how its devices prove who they are, and how updates are run.

Source: hawkBit, system configuration. What is not set has its default.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Invalid, NotFound
from fleet.models import Organization
from fleet.permissions import require
from fleet.sealing import seal, unseal
from fleet.texts import is_storable

PERMISSION = "fleet.change_organization"
GATEWAY_TOKEN = "gateway token"  # noqa: S105 - what it is sealed for
LONGEST = 512
LONGEST_POLL = 24 * 60 * 60 - 1
STATUSES = frozenset({"CANCELED", "ERROR", "FINISHED"})


@dataclass(frozen=True, slots=True)
class Policies:
    """What holds in an organization; times are seconds unless their name says otherwise.

    `gateway_token` is sealed (`gateway_token_of`). `header_authority` is a list of hashes, with
    commas between, of the issuers that a proxy may vouch for. `job_in_flight_limit` and
    `job_lifetime` are for jobs of Carbon Black's API: how many devices are at one at once, and
    after how long those who have not begun never will.
    """

    polling_time: int = 300
    polling_overdue_time: int = 300
    window_poll_count: int = 3
    target_token_enabled: bool = False
    gateway_token_enabled: bool = False
    gateway_token: str = ""
    header_enabled: bool = False
    header_authority: str = ""
    anonymous_enabled: bool = False
    anonymous_download_enabled: bool = False
    rollout_approval_enabled: bool = False
    autoclose_enabled: bool = False
    confirmation_flow_enabled: bool = False
    multi_assignment_enabled: bool = False
    batch_assignment_enabled: bool = False
    implicit_lock_enabled: bool = True
    cleanup_expiry_ms: int = -1
    cleanup_statuses: tuple[str, ...] = ("CANCELED", "ERROR")
    cleanup_percent: int = 0
    deletable_statuses: tuple[str, ...] = ("CANCELED", "ERROR", "FINISHED")
    job_in_flight_limit: int = 500
    job_lifetime: int = 7 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must be, as a sentence, and how it is kept."""

    says: str
    holds: Callable[[Any], bool]
    kept: Callable[[Any], Any] = field(default=lambda value: value)


def _whole(least: int, most: int) -> Rule:
    return Rule(
        f"is a whole number from {least} to {most}",
        lambda value: type(value) is int and least <= value <= most,
    )


def _statuses(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) and each in STATUSES for each in value
    )


_TRUTH = Rule("is true or false", lambda value: isinstance(value, bool))
_TEXT = Rule(
    f"is a text of at most {LONGEST} characters",
    lambda value: isinstance(value, str) and len(value) <= LONGEST and is_storable(value),
)
_TOKEN = Rule(
    "is a text of 1 to 256 visible characters",
    lambda value: isinstance(value, str) and re.fullmatch(r"[!-~]{1,256}", value) is not None,
    lambda value: seal(value, purpose=GATEWAY_TOKEN),
)
_STATUSES = Rule("is a list of CANCELED, ERROR and FINISHED", _statuses)
_POLL = _whole(settings.SHORTEST_POLLING_TIME, LONGEST_POLL)
RULES: dict[str, Rule] = {
    **{name: _TRUTH for name in Policies.__slots__ if name.endswith("_enabled")},
    "polling_time": _POLL,
    "polling_overdue_time": _POLL,
    "window_poll_count": _whole(1, 1000),
    "gateway_token": _TOKEN,
    "header_authority": _TEXT,
    "cleanup_expiry_ms": _whole(-1, 2**53),
    "cleanup_statuses": _STATUSES,
    "cleanup_percent": _whole(0, 100),
    "deletable_statuses": _STATUSES,
    "job_in_flight_limit": _whole(1, 2**31 - 1),
    "job_lifetime": _whole(60, 10 * 365 * 24 * 60 * 60),
}


def policies_of(organization: Organization) -> Policies:
    return read_policies(json.dumps(organization.policies, sort_keys=True))


@lru_cache(maxsize=1024)
def read_policies(kept: str) -> Policies:
    """As the database keeps them, in JSON; what is no longer known is passed over."""
    values: dict[str, Any] = {
        name: tuple(each["value"]) if isinstance(each["value"], list) else each["value"]
        for name, each in json.loads(kept).items()
        if name in RULES
    }
    return Policies(**values)


@lru_cache(maxsize=1024)
def gateway_token_of(policies: Policies) -> str:
    """The token itself, empty where there is none."""
    return (
        unseal(policies.gateway_token, purpose=GATEWAY_TOKEN) or ""
        if policies.gateway_token
        else ""
    )


@transaction.atomic
def set_policies(*, actor: Actor, organization: Organization, values: Mapping[str, Any]) -> None:
    """Set all of these, or none. Raises NotFound("policy_unknown"), Invalid("policy_invalid")."""
    require(actor, PERMISSION)
    for name, value in values.items():
        check(name, value)
    now = timezone.now().isoformat()
    current = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    for name, value in values.items():
        made = {"created_at": now, "created_by": actor.name}
        kept = current.policies.get(name, made) | {
            "value": RULES[name].kept(value),
            "modified_at": now,
            "modified_by": actor.name,
        }
        current.policies[name] = kept
    _save(
        actor, organization, current, {name: _shown(name, value) for name, value in values.items()}
    )


@transaction.atomic
def reset_policy(*, actor: Actor, organization: Organization, name: str) -> None:
    """Back to its default. Raises NotFound("policy_unknown")."""
    require(actor, PERMISSION)
    _rule(name)
    current = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if current.policies.pop(name, None) is not None:
        _save(actor, organization, current, {name: None})


def check(name: str, value: object) -> None:
    """Raises NotFound("policy_unknown"), Invalid("policy_invalid")."""
    rule = _rule(name)
    if not rule.holds(value):
        raise Invalid("policy_invalid", f"{name} {rule.says}", field=name)


def _rule(name: str) -> Rule:
    if name not in RULES:
        raise NotFound("policy_unknown", f"There is no switch {name}", field=name)
    return RULES[name]


def _save(
    actor: Actor, organization: Organization, current: Organization, change: dict[str, Any]
) -> None:
    current.save(update_fields=["policies"])
    organization.policies = current.policies
    record(actor, Action.UPDATE, Subject("organization", current.pk, current.name), change)


def _shown(name: str, value: object) -> object:
    """As the audit log may have it."""
    return "…" if name == "gateway_token" else value
