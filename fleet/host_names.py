"""The name by which a device is its own host: calls to that host are about it.

Source: NPM, {device}; RFC 1123, 2.1.
"""

import re

from django.db import IntegrityError, transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid
from fleet.models import Device
from fleet.reach import require_for

CHANGE = "fleet.change_device"
LONGEST = 253
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")


@transaction.atomic
def set_host_name(*, actor: Actor, device: Device, name: str) -> None:
    """Call it so, in small letters; "" takes its name away.

    Raises Forbidden, Invalid "host_name_invalid" (field "host_name"), Conflict "host_name_taken".
    """
    require_for(actor, CHANGE, device)
    name = name.strip().removesuffix(".").lower()
    if name and (len(name) > LONGEST or not _NAME.fullmatch(name)):
        message = "A host is called by labels of letters, digits and dashes with dots between."
        raise Invalid("host_name_invalid", message, field="host_name")
    before = Device.objects.values_list("host_name", flat=True).get(pk=device.pk)
    if name == before:
        return
    now = timezone.now()
    try:
        with transaction.atomic():
            Device.objects.filter(pk=device.pk).update(host_name=name, updated_at=now)
    except IntegrityError as error:
        message = f"Another device is the host {name} already."
        raise Conflict("host_name_taken", message, field="host_name") from error
    device.host_name, device.updated_at = name, now
    subject = Subject("device", device.id, device.name)
    record(actor, Action.UPDATE, subject, {"host_name": [before, name]})
