"""A device sends its attributes in one of hawkBit's modes. Source: DDI, configData."""

import re
from collections.abc import Mapping
from enum import StrEnum

from django.db import transaction

from fleet import inventory
from fleet.attributes import Value
from fleet.errors import Invalid, LimitReached
from fleet.models import Device

MOST = 100
LENGTH = 128
_TEXT = re.compile(r"""[A-Za-z0-9 _\-!@#$%^&*()+=\[\]{}|;:'",.<>/\\?]*""")


class Mode(StrEnum):
    """Whether what is sent is added to what is known, takes its place, or names what goes."""

    MERGE = "merge"
    REPLACE = "replace"
    REMOVE = "remove"


@transaction.atomic
def report_attributes(
    *, device: Device, data: Mapping[str, str | None], mode: Mode = Mode.MERGE
) -> None:
    """Keep what the device says of itself, in its inventory; it is asked for them no more.

    To merge None takes an attribute away. Raises Invalid("target_attributes_invalid") for keys and
    values that hawkBit does not take, LimitReached("attribute_limit") above 100 attributes.
    """
    said = {key: value for key, value in data.items() if value is not None}
    for key in data:
        _check(key, said.get(key, "") if mode != Mode.REMOVE else "")
    inventory.rewrite(
        device=device,
        said={} if mode == Mode.REMOVE else said,
        change=lambda known: _changed(known, data, mode),
    )
    if device.wants_attributes:
        Device.objects.filter(pk=device.pk).update(wants_attributes=False)
        device.wants_attributes = False


def _check(key: str, value: str) -> None:
    if not 1 <= len(key) <= LENGTH or not _TEXT.fullmatch(key):
        text = f"{key[:LENGTH]!r}: the key has 1 to {LENGTH} characters of a certain few"
        raise Invalid("target_attributes_invalid", text, field="data")
    if len(value) > LENGTH or not _TEXT.fullmatch(value):
        text = f"{key}: the value has at most {LENGTH} characters of a certain few"
        raise Invalid("target_attributes_invalid", text, field="data")


def _changed(
    known: dict[str, Value], data: Mapping[str, str | None], mode: Mode
) -> dict[str, Value]:
    said: dict[str, Value] = {key: value for key, value in data.items() if value is not None}
    match mode:
        case Mode.REMOVE:
            return {key: value for key, value in known.items() if key not in data}
        case Mode.REPLACE:
            kept = said
        case Mode.MERGE:
            unsaid = data.keys() - said.keys()
            kept = {key: value for key, value in (known | said).items() if key not in unsaid}
    # What a device has told in another dialect may be more: it is not lost by this.
    if len(kept) > max(MOST, len(known)):
        raise LimitReached("attribute_limit", f"a target has at most {MOST} attributes")
    return kept
