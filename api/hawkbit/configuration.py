"""hawkBit's configuration keys: the policy that each one is, and how its value is spelt.

Source: hawkBit, tenant configuration; the keys of 2021 among them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeGuard

from api.hawkbit.error_codes import REPOSITORY
from api.hawkbit.errors import Failure, Refused
from fleet.errors import Invalid
from fleet.policies import Policies, check, gateway_token_of

TIME = re.compile(r"([0-9]{2}):([0-5][0-9]):([0-5][0-9])")


def _same(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Key:
    """`told` spells the value of the policy for callers, `read` takes it from them.

    `read` raises ValueError.
    """

    policy: str
    told: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


def _as_time(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _seconds(text: object) -> int:
    matched = TIME.fullmatch(text) if isinstance(text, str) else None
    if matched is None:
        raise ValueError("is a time of the form HH:MM:SS")
    hours, minutes, seconds = map(int, matched.groups())
    return hours * 3600 + minutes * 60 + seconds


def _truth(value: object) -> object:
    """Texts are taken for what they spell, as hawkBit takes them."""
    spelt: dict[object, bool] = {"true": True, "false": False}
    return spelt.get(value.lower(), value) if _is_text(value) else value


def _whole(value: object) -> object:
    if _is_text(value) and re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        return int(value)
    return value


def _listed(value: object) -> object:
    return [each.strip() for each in value.split(",") if each.strip()] if _is_text(value) else value


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _time(policy: str) -> Key:
    return Key(policy, _as_time, _seconds)


def _switch(policy: str) -> Key:
    return Key(policy, read=_truth)


def _number(policy: str) -> Key:
    return Key(policy, read=_whole)


def _statuses(policy: str) -> Key:
    return Key(policy, ",".join, _listed)


GATEWAY_KEY = "authentication.gatewaytoken.key"
KEYS: dict[str, Key] = {
    "pollingTime": _time("polling_time"),
    "pollingOverdueTime": _time("polling_overdue_time"),
    "maintenanceWindowPollCount": _number("window_poll_count"),
    "authentication.targettoken.enabled": _switch("target_token_enabled"),
    "authentication.gatewaytoken.enabled": _switch("gateway_token_enabled"),
    GATEWAY_KEY: Key("gateway_token"),
    "authentication.header.enabled": _switch("header_enabled"),
    "authentication.header.authority": Key("header_authority"),
    "authentication.anonymous.enabled": _switch("anonymous_enabled"),
    "anonymous.download.enabled": _switch("anonymous_download_enabled"),
    "rollout.approval.enabled": _switch("rollout_approval_enabled"),
    "repository.actions.autoclose.enabled": _switch("autoclose_enabled"),
    "user.confirmation.flow.enabled": _switch("confirmation_flow_enabled"),
    "multi.assignments.enabled": _switch("multi_assignment_enabled"),
    "batch.assignments.enabled": _switch("batch_assignment_enabled"),
    "implicit.lock.enabled": _switch("implicit_lock_enabled"),
    "action.cleanup.auto.expiry": _number("cleanup_expiry_ms"),
    "action.cleanup.auto.status": _statuses("cleanup_statuses"),
    "action.cleanup.onQuotaHit.percent": _number("cleanup_percent"),
    "action.delete.allowed.statuses": _statuses("deletable_statuses"),
}


def key_of(name: str) -> Key:
    """Raises Refused (400 configKeyInvalid)."""
    if name not in KEYS:
        message = f"The given configuration key is not valid: {name}"
        exception = f"{REPOSITORY}InvalidTenantConfigurationKeyException"
        raise Refused(Failure(400, "configKeyInvalid", exception, message, {"key": name}))
    return KEYS[name]


def value_of(name: str, value: object) -> Any:
    """What the policy is to be; raises Refused (400 configKeyInvalid, configValueInvalid)."""
    key = key_of(name)
    try:
        read = key.read(value)
        check(key.policy, read)
    except (ValueError, Invalid) as error:
        exception = f"{REPOSITORY}TenantConfigurationValidatorException"
        message = f"The value of {name} is not valid: {error}"
        failure = Failure(400, "configValueInvalid", exception, message, {"key": name})
        raise Refused(failure) from error
    return read


def told_value(name: str, policies: Policies) -> Any:
    """As callers read it; the gateway's key in clear."""
    key = KEYS[name]
    value = getattr(policies, key.policy)
    return key.told(gateway_token_of(policies) if name == GATEWAY_KEY else value)
