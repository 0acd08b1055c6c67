"""Updates of sensors that are asked for as an action on devices."""

from typing import Any

import pytest

from deployments.models import Deployment
from fleet.models import Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.searched import HERE, settle
from tests.make import make_organization

ACTIONS = "/appservices/v6/orgs/{org_key}/device_actions"
VERSIONS = {"MAC": "3.7.2.81", "WINDOWS": "3.6.0.9"}


@pytest.fixture
def fleet(organization: Organization) -> Organization:
    settle(organization)
    return organization


def body(**more: Any) -> dict[str, Any]:
    return {
        "action_type": "UPDATE_SENSOR_VERSION",
        "options": {"sensor_version": VERSIONS},
        **more,
    }


def job(script: CarbonBlack) -> dict[str, Any]:
    """The only job that there is."""
    (found,) = script.post("/_search", {}).json()["results"]
    return dict(found)


def test_the_devices_that_are_named_become_a_job(script: CarbonBlack, fleet: Organization) -> None:
    response = script.post(ACTIONS, body(device_id=[101, "103", 104]))
    assert (response.status_code, response.content) == (204, b"")
    told = job(script)
    assert told["name"].startswith("Sensor update 20")
    # Its name has the time to the second and beyond, a moment before the job itself.
    assert told["name"] <= f"Sensor update {told['create_time']}"
    assert (told["job_type"], told["sensor_versions"]) == ("ENDPOINT", VERSIONS)
    # For the kit of 104 no version was named: it was asked for nevertheless, and fails.
    assert (told["targeted"], told["pending"], told["failed"]) == (3, 2, 1)
    assert told["failed_sensor_counts"]["FAILURE_JOB_INITIALIZATION"] == 1


def test_the_devices_that_a_search_finds_become_a_job(
    script: CarbonBlack, fleet: Organization
) -> None:
    """As the public client does for all devices of a query."""
    search = {"criteria": {"status": ["SENSOR_OUTOFDATE"]}, "exclusions": {}, "query": "mac"}
    assert script.post(ACTIONS, body(search=search)).status_code == 204
    told = job(script)
    assert (told["targeted"], told["current_sensor_versions"]) == (1, {"MAC": {"3.5.3.82": 1}})


@pytest.mark.parametrize(
    ("more", "code", "args"),
    [
        ({"device_id": [101, 999, 1000]}, "SUS_4007_UNKNOWN_DEVICE", [999, 1000]),
        (
            {"device_id": list(range(1000, 1200))},
            "SUS_4007_UNKNOWN_DEVICE",
            list(range(1000, 1100)),
        ),
        ({}, "SUS_4013_INVALID_TARGETS", ["device_id", "search"]),
        (
            {"device_id": [101], "search": {}},
            "SUS_4013_INVALID_TARGETS",
            ["device_id", "search"],
        ),
        ({"device_id": [101], "action_type": "QUARANTINE"}, "SUS_4003_INVALID_ENUM_VALUE", None),
        ({"device_id": [101], "action_type": None}, "SUS_4001_MISSING_FIELD", ["action_type"]),
        ({"device_id": [101], "action_type": 1}, "SUS_4002_INVALID_FIELD_TYPE", ["action_type"]),
        (
            {"device_id": [101], "options": {}},
            "SUS_4001_MISSING_FIELD",
            ["options.sensor_version"],
        ),
        (
            {"device_id": [101], "options": {"sensor_version": {"MAC": "9"}}},
            "SUS_4008_UNKNOWN_SENSOR_VERSION",
            ["MAC", "9"],
        ),
        (
            {"search": {"criteria": {"id": []}}},
            "SUS_4014_INVALID_VALUE",
            ["search.criteria.id"],
        ),
        ({"search": []}, "SUS_4002_INVALID_FIELD_TYPE", ["search"]),
        ({"search": {"query": "os:mac AND"}}, "SUS_4012_INVALID_QUERY", [10]),
    ],
)
def test_what_cannot_be_done_leaves_nothing(
    script: CarbonBlack, fleet: Organization, more: dict[str, Any], code: str, args: Any
) -> None:
    response = script.post(ACTIONS, body(**more))
    told = response.json()
    assert (response.status_code, told["error_code"]) == (400, code)
    assert args is None or told["args"] == args
    assert not Deployment.objects.exists()


def test_devices_of_another_organization_are_nobodys(
    script: CarbonBlack, organization: Organization
) -> None:
    settle(make_organization())
    response = script.post(ACTIONS, body(device_id=list(HERE)))
    assert (response.status_code, response.json()["args"]) == (400, list(HERE))
    assert not Deployment.objects.exists()


def test_who_may_only_look_does_nothing(fleet: Organization) -> None:
    viewer = CarbonBlack(fleet, level="viewer")
    response = viewer.post(ACTIONS, body(device_id=[101]))
    assert (response.status_code, response.json()["args"]) == (403, ["org.kits EXECUTE"])
    assert not Deployment.objects.exists()
