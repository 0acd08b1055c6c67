"""Devices and their authentication sets as Mender's device authentication shows them."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from api.mender.times import stamp
from fleet.models import AuthSet, Device


def device_shape(device: Device) -> dict[str, Any]:
    """Wants `auth_sets` prefetched and `contact` selected, where there are many."""
    shape: dict[str, Any] = {
        "id": str(device.id),
        "identity_data": device.identity,
        "status": device.status,
        "decommissioning": device.is_leaving,
        "created_ts": stamp(device.created_at),
        "updated_ts": stamp(device.updated_at),
        "auth_sets": [_auth_set_shape(device, auth_set) for auth_set in device.auth_sets.all()],
    }
    with suppress(ObjectDoesNotExist):
        shape["check_in_time"] = stamp(device.contact.seen_at)
    return shape


def _auth_set_shape(device: Device, auth_set: AuthSet) -> dict[str, Any]:
    tier = {"tier": auth_set.tier} if auth_set.tier else {}
    return {
        "id": str(auth_set.id),
        "device_id": str(device.id),
        "identity_data": device.identity,
        "pubkey": auth_set.public_key,
        "status": auth_set.status,
        "ts": stamp(auth_set.created_at),
        **tier,
    }
