"""Devices that searches are asked of, and what they are asked."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from artifacts.models import Release
from deployments.states import OPEN
from fleet.models import Device, Organization
from tests.make import make_artifact, make_deployment, make_device, make_release

# By the number of each: what a device tells, and when it last called, in days.
HERE: dict[int, dict[str, Any]] = {
    101: {
        "name": "Machost1-MAD",
        "kit": "MAC",
        "version": "3.5.3.82",
        "group": "6525",
        "days": 1,
        "address": "http://10.0.0.1",
    },
    102: {
        "name": "machost2",
        "kit": "MAC",
        "version": "3.7.2.81",
        "group": "6525",
        "priority": "HIGH",
        "days": 0,
        "address": "http://10.0.0.2",
    },
    103: {
        "name": "WIN-7",
        "kit": "WINDOWS",
        "version": "3.4.0.1",
        "group": "7",
        "days": 40,
        "address": "http://10.0.1.3",
    },
    104: {
        "name": "ub-srv",
        "kit": "UBUNTU",
        "version": "2.1.0.0",
        "deployment_type": "WORKLOAD",
        "group": "7",
        "priority": "MISSION_CRITICAL",
        "days": 2,
        "address": "http://10.0.1.4",
    },
    105: {
        "name": "rhel mac lab",
        "kit": "RHEL",
        "version": "2.0.0.0",
        "deployment_type": "workload",
        "priority": "low",
        "status": "pending",
        "address": "http://10.0.2.5",
    },
    106: {
        "name": "old-mac",
        "kit": "MAC_OSX",
        "version": "3.1.0.1",
        "group": "6525",
        "priority": "LOW",
        "status": "rejected",
        "address": "http://10.0.2.6",
    },
}
RELEASES = {"MAC": "3.7.2.81", "WINDOWS": "3.6.0.9", "UBUNTU": "2.1.0.0"}
# The search of the seed's example of a job.
SEED_CRITERIA = {
    "deployment_type": ["ENDPOINT"],
    "os": ["mac"],
    "status": ["SENSOR_OUTOFDATE"],
    "sensor_version": ["3.5.3.82"],
    "policy_id": ["6525"],
}
# Criteria, query, the devices that both select.
ROWS: list[tuple[dict[str, Any], str, str]] = [
    ({"os": ["mac"]}, "", "101 102"),
    ({"os": ["MAC"], "status": ["ALL"]}, "", "101 102 106"),
    ({"os": ["mac", "windows"]}, "", "101 102 103"),
    (SEED_CRITERIA, "Machost", "101"),
    ({"status": ["SENSOR_OUTOFDATE"]}, "", "101 103"),
    ({"status": ["SENSOR_OUTOFDATE", "PENDING"]}, "", "101 103 105"),
    ({"policy_id": [7, "6525"]}, "", "101 102 103 104"),
    ({"policy_id": 0}, "", "105"),
    ({"id": [101, "104", 999]}, "", "101 104"),
    ({"deployment_type": "WORKLOAD"}, "", "104 105"),
    ({"sensor_kit_type": ["UBUNTU", "RHEL"], "target_priority": ["LOW"]}, "", "105"),
    ({}, "", "101 102 103 104 105"),
    ({"status": ["DEREGISTERED"]}, "", "106"),
    ({}, "mac", "101 102 105"),
    ({}, "MAC NOT lab", "101 102"),
    ({}, "os:mac", "101 102"),
    ({}, "os:mac OR os:windows", "101 102 103"),
    ({}, "name:mac*", "101 102"),
    ({}, "name:mac", ""),
    ({}, '"mac lab"', "105"),
    ({}, "rhel lab", "105"),
    ({}, "10.0.1.", "103 104"),
    ({}, "(os:linux OR os:mac) AND policy_id:7", "104"),
    ({}, "NOT os:linux", "101 102 103"),
    ({"os": ["mac"]}, "WIN", ""),
    ({}, "sensor_version:3.*", "101 102 103"),
    # Beside those of the reference.
    ({}, " \t ", "101 102 103 104 105"),
    ({"name": ["MACHOST2", "win-7", "nobody"]}, "", "102 103"),
    ({"status": ["ACTIVE"]}, "", "101 102 104"),
    ({"status": "inactive"}, "", "103"),
    ({"status": ["REGISTERED", "DEREGISTERED"]}, "", "101 102 103 104 106"),
    ({"status": ["BYPASS", "BYPASS_ON", "QUARANTINE", "UNINSTALLED", "DELETED", "ERROR"]}, "", ""),
    ({"status": ["LIVE"]}, "", "101 102 103 104 105"),
    ({"status": []}, "", "101 102 103 104 105"),
    ({"id": []}, "", "101 102 103 104 105"),
    ({"id": ["0101", "-101", "x", 2**40, ""]}, "", ""),
    ({"policy_name": ["6525"], "status": "ALL"}, "", "101 102 106"),
    ({"policy_name": [""]}, "", "105"),
    ({"policy_name": ["", "7"]}, "", "103 104 105"),
    ({"last_contact_time": {"range": "-36h"}}, "", "101 102"),
    ({"last_contact_time": {"range": "-9y"}}, "", "101 102 103 104"),
    ({"last_contact_time": {"start": "2000-01-01", "end": "2001-01-01T00:00:00Z"}}, "", ""),
    ({"last_contact_time": {"start": "2000-01-01", "end": "3000-01-01"}}, "", "101 102 103 104"),
    ({"sensor_kit_type": "mac"}, "", "101 102"),
    ({"target_priority": "medium"}, "", "101 103"),
    ({}, "status:ALL", "101 102 103 104 105"),
    ({"status": ["ALL"]}, "NOT status:LIVE", "106"),
    ({}, "status:*OF*", "101 103"),
    ({}, 'name:"mac*"', ""),
    ({}, 'policy_name:""', "105"),
    ({}, "policy_id:0", "105"),
    ({}, "policy_id:65*", "101 102"),
    ({}, "id:10* NOT id:102", "101 103 104 105"),
    ({}, "m*c", "101 102 105"),
    ({}, "ma*t", "101 102"),
    ({}, 'm"a"c', "101 102 105"),
    ({}, "and or not", ""),
    ({}, "os:mac os:windows", ""),
    ({}, "os:mac AND (name:*2 OR ub)", "102"),
    ({}, "OS:Mac Sensor_Version:3.7.2.81", "102"),
    ({}, "name:Machost1\\-MAD", "101"),
    ({}, "name:rhel\\ mac\\ lab", "105"),
    ({}, 'name:"rhel mac lab"', "105"),
    ({}, "mac\\*", ""),
    ({}, "%", ""),
    ({}, "_", ""),
    ({}, "NOT (mac OR win)", "104"),
]
# Criteria, query, the code and the args that refuse it.
REFUSED: list[tuple[dict[str, Any], Any, str, list[Any]]] = [
    ({"colour": ["red"]}, "", "SUS_4004_INVALID_CRITERIA_FIELD", ["colour"]),
    ({"address": ["red"]}, "", "SUS_4004_INVALID_CRITERIA_FIELD", ["address"]),
    ({"os": ["BEOS"]}, "", "SUS_4003_INVALID_ENUM_VALUE", ["os", "BEOS"]),
    ({"os": [True]}, "", "SUS_4002_INVALID_FIELD_TYPE", ["criteria.os"]),
    ({"id": [1.5]}, "", "SUS_4002_INVALID_FIELD_TYPE", ["criteria.id"]),
    ({"id": [[1]]}, "", "SUS_4002_INVALID_FIELD_TYPE", ["criteria.id"]),
    ({"id": {}}, "", "SUS_4002_INVALID_FIELD_TYPE", ["criteria.id"]),
    (
        {"last_contact_time": ["-3h"]},
        "",
        "SUS_4002_INVALID_FIELD_TYPE",
        ["criteria.last_contact_time"],
    ),
    (
        {"last_contact_time": {"range": "3h"}},
        "",
        "SUS_4014_INVALID_VALUE",
        ["criteria.last_contact_time.range"],
    ),
    (
        {"last_contact_time": {"start": "2020-01-01"}},
        "",
        "SUS_4001_MISSING_FIELD",
        ["criteria.last_contact_time.end"],
    ),
    (
        {"last_contact_time": {"start": "now", "end": "2020-01-01"}},
        "",
        "SUS_4014_INVALID_VALUE",
        ["criteria.last_contact_time.start"],
    ),
    (
        {"last_contact_time": {"range": "-3h", "end": "2020-01-01"}},
        "",
        "SUS_4014_INVALID_VALUE",
        ["criteria.last_contact_time"],
    ),
    ({}, "os:mac AND", "SUS_4012_INVALID_QUERY", [10]),
    ({}, "(mac", "SUS_4012_INVALID_QUERY", [4]),
    ({}, "colour:red", "SUS_4012_INVALID_QUERY", [0]),
    ({}, "mac OR colour:red", "SUS_4012_INVALID_QUERY", [7]),
    ({}, "last_contact_time:2020", "SUS_4012_INVALID_QUERY", [0]),
    ({}, "address:10.0.0.1", "SUS_4012_INVALID_QUERY", [0]),
    ({}, "os:beos", "SUS_4012_INVALID_QUERY", [3]),
    ({}, "os:", "SUS_4012_INVALID_QUERY", [3]),
    ({}, "os: mac", "SUS_4012_INVALID_QUERY", [3]),
    ({}, "os:(mac)", "SUS_4012_INVALID_QUERY", [3]),
    ({}, ":mac", "SUS_4012_INVALID_QUERY", [0]),
    ({}, "mac)", "SUS_4012_INVALID_QUERY", [3]),
    ({}, "()", "SUS_4012_INVALID_QUERY", [1]),
    ({}, "OR mac", "SUS_4012_INVALID_QUERY", [0]),
    ({}, "mac AND OR lab", "SUS_4012_INVALID_QUERY", [8]),
    ({}, "NOT NOT mac", "SUS_4012_INVALID_QUERY", [4]),
    ({}, "NOT", "SUS_4012_INVALID_QUERY", [3]),
    ({}, '"mac', "SUS_4012_INVALID_QUERY", [0]),
    ({}, '""', "SUS_4012_INVALID_QUERY", [0]),
    ({}, "00:11:22", "SUS_4012_INVALID_QUERY", [0]),
    ({}, "(" * 33 + "mac" + ")" * 33, "SUS_4012_INVALID_QUERY", [32]),
    ({}, "mac " * 101, "SUS_4012_INVALID_QUERY", [400]),
    ({}, "m" * 4097, "SUS_4012_INVALID_QUERY", [4096]),
    ({}, 7, "SUS_4002_INVALID_FIELD_TYPE", ["query"]),
]


def settle(organization: Organization, devices: dict[int, dict[str, Any]] = HERE) -> None:
    """Make the devices, and the releases that some of them lag behind."""
    for number, facts in devices.items():
        settle_one(organization, number, facts)
    for kit, version in RELEASES.items():
        release = make_release(organization, name=f"{kit} {version}")
        Release.objects.filter(pk=release.pk).update(version=version)
        make_artifact(release, device_types=[kit.lower()])


def settle_one(organization: Organization, number: int | None, facts: dict[str, Any]) -> Device:
    days, priority = facts.get("days"), facts.get("priority")
    numbered = {} if number is None else {"number": number}
    inventory = {
        name: facts[name]
        for name in ("deployment_type", "os", "os_version", "DEPLOYMENT_TYPE")
        if name in facts
    }
    return make_device(
        organization,
        **numbered,
        name=facts["name"],
        kit_type=facts["kit"],
        device_type=facts.get("device_type", facts["kit"].lower()),
        sensor_version=facts.get("version", ""),
        software=facts.get("software", ""),
        group=facts.get("group", ""),
        status=facts.get("status", "accepted"),
        is_leaving=facts.get("is_leaving", False),
        address=facts.get("address", ""),
        inventory=inventory,
        tags={"target_priority": priority} if priority else None,
        seen_at=None if days is None else timezone.now() - timedelta(days=days),
    )


def take_part(device: Device, states: list[str]) -> None:
    """A part of the device in a deployment of its own for each state, one after the other."""
    for at, state in enumerate(states):
        row = make_deployment(devices=[device]).device_deployments.get()
        is_over = state not in OPEN
        row.state, row.is_open = state, not is_over
        row.finished_at = timezone.now() + timedelta(seconds=at) if is_over else None
        row.save()
