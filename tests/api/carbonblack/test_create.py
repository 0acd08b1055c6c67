"""Jobs are created whole, or not at all."""

from typing import Any

import pytest

from auditlog.models import AuditEntry
from deployments.models import Deployment, DeviceDeployment
from fleet.models import Device, Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import (
    NEW,
    counts,
    created,
    make_kit,
    make_version,
    sensor,
    sensors_of,
    shown,
)
from tests.api.carbonblack.refusals import refused

BODY: dict[str, Any] = {
    "name": "Upgrade",
    "options": {"sensor_version": {"MAC": NEW}},
    "search_definition": {},
}


@pytest.fixture
def mac(organization: Organization) -> Device:
    make_kit(organization)
    make_version(organization)
    return sensor(organization, "mac")


@pytest.fixture
def windows(organization: Organization, mac: Device) -> Device:
    make_kit(organization, "WINDOWS", device_type="pc")
    return sensor(organization, "pc", kit_type="WINDOWS", device_type="pc")


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in BODY.items() if key != name}


def test_a_search_leaves_out_for_whom_no_version_was_asked(
    script: CarbonBlack, windows: Device
) -> None:
    job = created(script)
    assert counts(job) == "PENDING 0 1 0 0 0%"
    assert counts(shown(script, job)) == "IN_PROGRESS 0 1 0 0 0%"


def test_a_list_says_of_them_that_nothing_was_asked(
    script: CarbonBlack, mac: Device, windows: Device
) -> None:
    job = created(script, device_ids=[mac.number, str(windows.number)])
    assert counts(job) == "PENDING 0 1 0 1 50%"
    assert job["failed_sensor_counts"]["FAILURE_JOB_INITIALIZATION"] == 1
    _, left_out = sensors_of(script, job)
    assert (left_out["device_id"], left_out["status"], left_out["reason"]) == (
        windows.number,
        "FAILURE_JOB_INITIALIZATION",
        "No sensor version was requested for kit type WINDOWS",
    )


@pytest.mark.parametrize("name", ["device_ids", "device_id"])
def test_devices_are_named_by_numbers_or_digits(
    script: CarbonBlack, mac: Device, name: str
) -> None:
    for given in (mac.number, str(mac.number), [mac.number, str(mac.number), f"0{mac.number}"]):
        assert created(script, **{name: given})["targeted"] == 1


def test_devices_that_nobody_here_has(script: CarbonBlack, mac: Device) -> None:
    """Nothing is made, not even for those that there are."""
    other = sensor(CarbonBlack().organization, "other")
    body = without("search_definition") | {
        "device_ids": [mac.number, other.number, 2**31, 10**17, *range(2_000_000, 2_000_200)]
    }
    code, args = refused(script.post("", body))
    assert code == "SUS_4007_UNKNOWN_DEVICE"
    assert args[:4] == [other.number, 2**31, 10**17, 2_000_000]
    assert len(args) == 100
    assert not Deployment.objects.exists()


def test_many_devices_are_named_at_once(script: CarbonBlack, mac: Device) -> None:
    """The body of such a call is longer than those of others may be."""
    ids = [*range(1_000_000, 1_249_999), mac.number]
    body = without("search_definition") | {"device_ids": ids}
    code, args = refused(script.post("", body))
    assert (code, args[0], len(args)) == ("SUS_4007_UNKNOWN_DEVICE", 1_000_000, 100)
    body["device_ids"] = [*ids, 7]
    assert refused(script.post("", body)) == ("SUS_4013_INVALID_TARGETS", ["device_ids", 250_000])


def test_a_search_that_matches_nobody(script: CarbonBlack, mac: Device) -> None:
    job = created(script, search_definition={"query": "nobody"})
    assert counts(job) == "PENDING 0 0 0 0 100%"
    assert job["current_sensor_versions"] == {}
    later = shown(script, job)
    assert counts(later) == "COMPLETED 0 0 0 0 100%"
    assert later["start_time"] == later["end_time"] == later["create_time"]


def test_an_empty_search_is_for_everybody(script: CarbonBlack, mac: Device) -> None:
    for definition in ({}, {"criteria": {}}, {"query": " "}, {"criteria": None, "query": None}):
        assert created(script, search_definition=definition)["targeted"] == 1


def test_who_comes_later_is_not_added(
    script: CarbonBlack, mac: Device, organization: Organization
) -> None:
    job = created(script)
    sensor(organization, "later")
    assert shown(script, job)["targeted"] == 1


def test_a_device_may_be_in_several_jobs_and_go_back(
    script: CarbonBlack, mac: Device, organization: Organization
) -> None:
    make_version(organization, "3.0.0.1")
    created(script)
    job = created(script, options={"sensor_version": {"MAC": "3.0.0.1"}})
    assert (job["targeted"], job["sensor_versions"]) == (1, {"MAC": "3.0.0.1"})


def test_what_is_kept_of_who_made_it(
    script: CarbonBlack, mac: Device, organization: Organization
) -> None:
    job = created(script, job_type="WORKLOAD", rows=10, sort=[], anything={"else": 1})
    assert (job["login_name"], job["client_ip"], job["job_type"]) == (
        "ABCD123456",
        "127.0.0.1",
        "WORKLOAD",
    )
    entry = AuditEntry.objects.of(organization.pk).get(action="create", object_kind="deployment")
    assert (entry.actor_name, entry.object_id) == ("ABCD123456", job["id"])


def test_a_name_is_kept_as_it_was_sent(script: CarbonBlack, mac: Device) -> None:
    assert created(script, name="  twice ")["name"] == "  twice "
    assert created(script, name="  twice ")["name"] == "  twice "


REFUSED: list[tuple[dict[str, Any], str, list[Any]]] = [
    (without("name"), "SUS_4001_MISSING_FIELD", ["name"]),
    (BODY | {"name": None}, "SUS_4001_MISSING_FIELD", ["name"]),
    (BODY | {"name": 7}, "SUS_4002_INVALID_FIELD_TYPE", ["name"]),
    (BODY | {"name": ""}, "SUS_4011_EMPTY_JOB_NAME", []),
    (BODY | {"name": " \t"}, "SUS_4011_EMPTY_JOB_NAME", []),
    (BODY | {"name": "x" * 101}, "SUS_4005_INVALID_JOB_NAME_LENGTH", [100]),
    (BODY | {"job_type": "endpoint"}, "SUS_4003_INVALID_ENUM_VALUE", ["job_type", "endpoint"]),
    (BODY | {"job_type": 1}, "SUS_4002_INVALID_FIELD_TYPE", ["job_type"]),
    (without("options"), "SUS_4001_MISSING_FIELD", ["options.sensor_version"]),
    (BODY | {"options": []}, "SUS_4002_INVALID_FIELD_TYPE", ["options"]),
    (BODY | {"options": {}}, "SUS_4001_MISSING_FIELD", ["options.sensor_version"]),
    (
        BODY | {"options": {"sensor_version": {}}},
        "SUS_4001_MISSING_FIELD",
        ["options.sensor_version"],
    ),
    (
        BODY | {"options": {"sensor_version": "3"}},
        "SUS_4002_INVALID_FIELD_TYPE",
        ["options.sensor_version"],
    ),
    (
        BODY | {"options": {"sensor_version": {"MAC": 3}}},
        "SUS_4002_INVALID_FIELD_TYPE",
        ["options.sensor_version.MAC"],
    ),
    (BODY | {"options": {"sensor_version": {"mac": NEW}}}, "SUS_4006_INVALID_KIT_TYPE", ["mac"]),
    (
        BODY | {"options": {"sensor_version": {"MAC": "9"}}},
        "SUS_4008_UNKNOWN_SENSOR_VERSION",
        ["MAC", "9"],
    ),
    (
        BODY | {"options": {"sensor_version": {"MAC": NEW, "XP": NEW}}},
        "SUS_4008_UNKNOWN_SENSOR_VERSION",
        ["XP", NEW],
    ),
    (
        BODY | {"options": {"sensor_version": {"MAC": ""}}},
        "SUS_4008_UNKNOWN_SENSOR_VERSION",
        ["MAC", ""],
    ),
    (
        without("search_definition"),
        "SUS_4013_INVALID_TARGETS",
        ["search_definition", "device_ids"],
    ),
    (BODY | {"device_ids": [1]}, "SUS_4013_INVALID_TARGETS", ["search_definition", "device_ids"]),
    (
        BODY | {"device_ids": [1], "device_id": [1]},
        "SUS_4013_INVALID_TARGETS",
        ["device_ids", "device_id"],
    ),
    (
        without("search_definition") | {"device_ids": []},
        "SUS_4013_INVALID_TARGETS",
        ["device_ids", 250_000],
    ),
    (
        without("search_definition") | {"device_ids": [1.5]},
        "SUS_4002_INVALID_FIELD_TYPE",
        ["device_ids"],
    ),
    (
        without("search_definition") | {"device_ids": [True]},
        "SUS_4002_INVALID_FIELD_TYPE",
        ["device_ids"],
    ),
    (
        without("search_definition") | {"device_ids": ["x"]},
        "SUS_4002_INVALID_FIELD_TYPE",
        ["device_ids"],
    ),
    (
        BODY | {"search_definition": []},
        "SUS_4002_INVALID_FIELD_TYPE",
        ["search_definition"],
    ),
    (
        BODY | {"search_definition": {"criteria": {"colour": ["red"]}}},
        "SUS_4004_INVALID_CRITERIA_FIELD",
        ["colour"],
    ),
    (
        BODY | {"search_definition": {"criterias": {"policy_id": [1]}}},
        "SUS_4004_INVALID_CRITERIA_FIELD",
        ["search_definition.criterias"],
    ),
    (
        BODY | {"search_definition": {"criteria": {"colour": None}}},
        "SUS_4004_INVALID_CRITERIA_FIELD",
        ["colour"],
    ),
]


@pytest.mark.parametrize(("body", "code", "args"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_leaves_nothing(
    script: CarbonBlack, mac: Device, body: dict[str, Any], code: str, args: list[Any]
) -> None:
    assert refused(script.post("", body)) == (code, args)
    assert not Deployment.objects.exists()
    assert not DeviceDeployment.objects.exists()


@pytest.mark.parametrize(
    "criteria", [{"id": []}, {"os": []}, {"policy_id": None}, {"last_contact_time": None}]
)
def test_an_emptied_list_does_not_widen_a_job(
    script: CarbonBlack, mac: Device, criteria: dict[str, Any]
) -> None:
    answer = script.post("", BODY | {"search_definition": {"criteria": criteria}})
    assert answer.status_code == 400
    assert not Deployment.objects.exists()
