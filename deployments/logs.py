"""The log a device sends after an update went wrong."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deployments.models import DeploymentLog, DeviceDeployment
from deployments.reporting import part_of
from fleet.errors import Invalid, LimitReached, NotFound
from fleet.models import Device
from fleet.texts import storable

LIMIT = 1024 * 1024

_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)

Message = dict[str, str]


def save_log(*, device: Device, deployment_id: UUID, messages: Sequence[object]) -> None:
    """Keep the messages in place of those sent before.

    Each is `{timestamp, level, message}`, the time RFC 3339 with up to nine digits of a second.
    Characters that a database cannot keep are replaced: the rest of the log is worth having.
    Raises Invalid "invalid_log", LimitReached "log_too_large" over 1 MiB, NotFound
    "not_in_deployment" (Mender API, Report deployment log).
    """
    kept = [_message(message) for message in messages]
    if not kept:
        raise _invalid("A log has at least one message")
    if sum(len("".join(message.values()).encode()) for message in kept) > LIMIT:
        raise LimitReached("log_too_large", "A log has at most 1 MiB", field="messages")
    with transaction.atomic():
        row = part_of(device, deployment_id)
        DeploymentLog.objects.bulk_create(
            [DeploymentLog(device_deployment=row, messages=kept, received_at=timezone.now())],
            update_conflicts=True,
            unique_fields=["device_deployment"],
            update_fields=["messages", "received_at"],
        )
        DeviceDeployment.objects.filter(number=row.number, has_log=False).update(has_log=True)


def log_text(device_deployment: DeviceDeployment) -> str:
    """The log as lines `<timestamp UTC> <LEVEL>: <message>`; raises NotFound "no_log"."""
    log = DeploymentLog.objects.filter(device_deployment=device_deployment).first()
    if log is None:
        raise NotFound("no_log", "There is no log of this device in this deployment")
    return "".join(
        f"{message['timestamp']} {message['level']}: {message['message']}\n"
        for message in log.messages
    )


def _message(message: object) -> Message:
    if not isinstance(message, Mapping):
        raise _invalid("A message of a log is an object")
    timestamp = _text(message, "timestamp")
    return {
        "timestamp": utc(timestamp),
        "level": storable(_text(message, "level")),
        "message": storable(_text(message, "message")),
    }


def _text(message: Mapping[Any, Any], member: str) -> str:
    value = message.get(member)
    if not isinstance(value, str):
        raise _invalid(f"A message of a log lacks its {member}")
    return value


def utc(timestamp: str) -> str:
    """The same moment in UTC with the digits it came with; raises Invalid "invalid_log"."""
    refusal = _invalid("The time of a message is not one by RFC 3339")
    match = _TIMESTAMP.fullmatch(timestamp)
    if match is None:
        raise refusal
    date, clock, fraction, offset = match.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusal from None
    return f"{moment.replace(tzinfo=None).isoformat()}{fraction or ''}Z"


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_log", message, field="messages")
