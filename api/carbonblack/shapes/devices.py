"""Devices as Carbon Black's device search tells them. Source: Carbon Black, Devices API, v6."""

from collections.abc import Iterable
from typing import Any

from api.carbonblack.search.facts import Facts, facts_of
from api.carbonblack.search.policies import policy_id_of
from api.carbonblack.search.words import DeviceStatus
from api.carbonblack.shapes.times import sensor_time
from fleet.models import Device, Organization


def told_devices(organization: Organization, devices: Iterable[Device]) -> list[dict[str, Any]]:
    """These, which `search.facts.read` has read: some queries, however many there are."""
    return [_told(organization, facts) for facts in facts_of(organization.pk, devices)]


def _told(organization: Organization, facts: Facts) -> dict[str, Any]:
    device, seen_at = facts.device, facts.last_contact_time
    return {
        "id": device.number,
        "organization_id": organization.number,
        "organization_name": organization.name,
        "name": device.name,
        "os": facts.os,
        "os_version": facts.os_version,
        "sensor_version": facts.sensor_version,
        "sensor_kit_type": device.kit_type,
        "sensor_out_of_date": DeviceStatus.SENSOR_OUTOFDATE in facts.statuses,
        "status": facts.status,
        "deployment_type": facts.deployment_type,
        "policy_id": policy_id_of(device.group),
        "policy_name": device.group,
        "target_priority": facts.target_priority,
        "last_contact_time": seen_at and sensor_time(seen_at),
        "registered_time": sensor_time(device.created_at),
        # Nobody can be quarantined or bypassed here.
        "quarantined": False,
        "passive_mode": False,
    }
