"""Groups as Carbon Black's policies: each has a number that never changes.

A group whose name is a whole number of at most nine digits is its own number, so that numbers that
somebody brings along can be kept. Any other has one of 2^31 to 2^53 - 1, which its name comes to;
these fit what every JSON reader takes for a whole number. No group is policy 0.
"""

import hashlib
import re
from uuid import UUID

from fleet.models import Device

NONE = 0
_OWN = re.compile("[1-9][0-9]{0,8}")
_FIRST, _COUNT = 2**31, 2**53 - 2**31


def policy_id_of(group: str) -> int:
    if not group:
        return NONE
    if _OWN.fullmatch(group):
        return int(group)
    digest = hashlib.sha256(group.encode()).digest()
    return _FIRST + int.from_bytes(digest[:8]) % _COUNT


def groups_of(organization_id: UUID) -> list[str]:
    """The names of all groups, and "" for none."""
    devices = Device.objects.of(organization_id).exclude(group="").order_by()
    return ["", *devices.values_list("group", flat=True).distinct()]
