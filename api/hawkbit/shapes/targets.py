"""Targets as hawkBit tells of them: the entries of lists, and one alone with all its links.

Source: the seed, GET /rest/v1/targets and /rest/v1/targets/{targetId}.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from api.hawkbit.rights import PERMISSIONS, Right
from fleet.models import AutoConfirmation, Contact, Device
from fleet.policies import Policies, policies_of
from fleet.reach import holds_for
from fleet.security_tokens import token_of

TARGETS, TYPES = "/rest/v1/targets", "/rest/v1/targettypes"
PAGE = "?offset=0&limit=50"
TOKEN_PERMISSION = PERMISSIONS[Right.READ_TARGET_SECURITY_TOKEN]


def path_of(device: Device) -> str:
    return f"{TARGETS}/{quote(device.controller_id, safe='')}"


def targets_listed(call: Call, rows: Sequence[Device]) -> list[dict[str, Any]]:
    """Entries of a list, read with `api.hawkbit.finding.with_facts`."""
    return [_target(call, row) | {"_links": {"self": link(call, path_of(row))}} for row in rows]


def target_shown(call: Call, device: Device) -> dict[str, Any]:
    """One alone, read as those are."""
    at = path_of(device)
    links = {
        "self": link(call, at),
        "assignedDS": link(call, f"{at}/assignedDS"),
        "installedDS": link(call, f"{at}/installedDS"),
        "attributes": link(call, f"{at}/attributes"),
        "actions": link(call, f"{at}/actions{PAGE}&sort=id:DESC"),
        "metadata": link(call, f"{at}/metadata{PAGE}{{&sort,q}}") | {"templated": True},
    }
    if device.target_type_id:
        links["targetType"] = link(call, f"{TYPES}/{device.target_type_id}")
    if policies_of(call.organization).confirmation_flow_enabled:
        links["autoConfirm"] = link(call, f"{at}/autoConfirm")
    return _target(call, device) | {"_links": links}


def auto_confirm(call: Call, device: Device) -> dict[str, Any]:
    """Whether it confirms by itself, and where that is changed."""
    row, at = _auto_confirmation(device), f"{path_of(device)}/autoConfirm"
    if row is None:
        return {"active": False, "_links": {"activate": link(call, f"{at}/activate")}}
    facts = {
        "active": True,
        "initiator": row.initiator or None,
        "remark": row.remark or None,
        "activatedAt": milliseconds(row.activated_at),
    }
    return told(facts) | {"_links": {"deactivate": link(call, f"{at}/deactivate")}}


def _target(call: Call, device: Device) -> dict[str, Any]:
    policies = policies_of(call.organization)
    seen_at = _seen_at(device)
    facts = {
        "createdBy": device.created_by or None,
        "createdAt": milliseconds(device.created_at),
        "lastModifiedBy": device.updated_by or None,
        "lastModifiedAt": milliseconds(device.updated_at),
        "name": device.name,
        "description": device.description or None,
        "controllerId": device.controller_id,
        "group": device.group or None,
        "updateStatus": vars(device)["standing"],
        "lastControllerRequestAt": milliseconds(seen_at),
        "installedAt": milliseconds(device.installed_at),
        "ipAddress": ip_address_of(device.address),
        "address": device.address or None,
        "pollStatus": _poll_status(seen_at, policies) if seen_at else None,
        "securityToken": _security_token(call, device),
        "requestAttributes": device.wants_attributes,
    }
    if device.target_type is not None:
        facts |= {"targetType": device.target_type.pk, "targetTypeName": device.target_type.name}
    if policies.confirmation_flow_enabled:
        facts["autoConfirmActive"] = _auto_confirmation(device) is not None
    return told(facts)


def _poll_status(seen_at: datetime, policies: Policies) -> dict[str, Any]:
    expected = seen_at + timedelta(seconds=policies.polling_time)
    overdue = expected + timedelta(seconds=policies.polling_overdue_time)
    return {
        "lastRequestAt": milliseconds(seen_at),
        "nextExpectedRequestAt": milliseconds(expected),
        "overdue": timezone.now() > overdue,
    }


def ip_address_of(address: str) -> str | None:
    """The host of an address at which something listens; none of a queue's."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return host if host and parts.scheme != "amqp" else None


def _security_token(call: Call, device: Device) -> str | None:
    """Not told at all to who may not read it."""
    return token_of(device) or None if holds_for(call.actor, TOKEN_PERMISSION, device) else None


def _seen_at(device: Device) -> datetime | None:
    try:
        contact: Contact = device.contact
    except ObjectDoesNotExist:
        return None
    return contact.seen_at


def _auto_confirmation(device: Device) -> AutoConfirmation | None:
    try:
        return device.auto_confirmation
    except ObjectDoesNotExist:
        return None
