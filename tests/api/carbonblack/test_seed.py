"""The examples of Carbon Black's documentation, replayed: the same fields, types and nesting."""

import pytest

from fleet.models import Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import make_kit, make_version, sensor

CREATE = {
    "job_type": "ENDPOINT",
    "name": "MAC Upgrade",
    "options": {"sensor_version": {"MAC": "3.7.2.81"}},
    "search_definition": {
        "criteria": {
            "deployment_type": ["ENDPOINT"],
            "os": ["mac"],
            "status": ["SENSOR_OUTOFDATE"],
            "sensor_version": ["3.5.3.82"],
            "policy_id": ["6525"],
        },
        "query": "Machost",
    },
}
SEARCH = {"criteria": {"job_type": "ENDPOINT"}, "query": "MAC", "rows": 10, "start": 0}
SENSORS = {
    "criteria": {"sensor_kit_type": ["MAC"], "status": ["PENDING"]},
    "format": "JSON",
    "rows": 10,
    "query": "Mac",
    "sort": [{"field": "DEVICE_NAME", "order": "ASC"}],
    "start": 0,
}
NO_FAILURES = {
    "FAILURE_UNKNOWN": 0,
    "FAILURE_JOB_INITIALIZATION": 0,
    "FAILURE_STOPPED": 0,
    "FAILURE_EXPIRED": 0,
    "FAILURE_NO_DATA_FOUND": 0,
    "FAILURE_EJECTED": 0,
}
JOB = {
    "org_key": "ABCD1234",
    "name": "MAC Upgrade",
    "login_name": "ABCD123456",
    "client_ip": "107.2.139.95",
    "end_time": None,
    "percent_complete": 0,
    "targeted": 1,
    "updated": 0,
    "pending": 1,
    "processing": 0,
    "failed": 0,
    "failed_sensor_counts": NO_FAILURES,
    "sensor_versions": {"MAC": "3.7.2.81"},
    "current_sensor_versions": {"MAC": {"3.5.3.82": 1}},
    "job_type": "ENDPOINT",
}
RUNNING = {**JOB, "status": "IN_PROGRESS"}
RENAMED = {**RUNNING, "name": "Mac Upgrade - In Progress"}
ADDRESS = "107.2.139.95"
NEVER = "-999999999-01-01T00:00:00.000Z"
# What differs from run to run.
OWN = ("id", "create_time", "start_time")


@pytest.fixture
def script(organization: Organization) -> CarbonBlack:
    """With the token of the examples, quoted as they have it, from where they come."""
    found = CarbonBlack(organization, key_id="ABCD123456")
    assert found.token == "ABCDEFGHIJKLMNO123456789/ABCD123456"
    found.quote_token()
    found.come_from(ADDRESS)
    return found


@pytest.fixture
def job_id(script: CarbonBlack, organization: Organization) -> str:
    make_kit(organization)
    make_version(organization, "3.7.2.81")
    sensor(organization, "Machost1-MAD", group="6525", number=4802823)
    sensor(organization, "Machost2", group="6525", version="3.7.2.81")
    sensor(organization, "Winhost", group="6525", kit_type="WINDOWS", device_type="pc")
    return str(script.post("", CREATE).json()["id"])


def test_create(script: CarbonBlack, organization: Organization) -> None:
    """Targets are resolved at once, so that the numbers are true from the beginning."""
    make_kit(organization)
    make_version(organization, "3.7.2.81")
    sensor(organization, "Machost1-MAD", group="6525")
    answer = script.post("", CREATE)
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert set(told) == {*JOB, *OWN, "status"}
    assert told["create_time"][-8:].endswith("Z")
    assert len(told["create_time"]) == len("2023-05-25T21:28:28.252733Z")
    assert told == {
        **JOB,
        "id": told["id"],
        "create_time": told["create_time"],
        "start_time": None,
        "status": "PENDING",
    }


def test_search_jobs(script: CarbonBlack, job_id: str) -> None:
    script.put(f"/{job_id}", {"name": "Mac Upgrade - In Progress"})
    told = script.post("/_search", SEARCH).json()
    (job,) = told["results"]
    assert told == {"num_found": 1, "results": [job]}
    assert {name: job[name] for name in RENAMED} == RENAMED


def test_get(script: CarbonBlack, job_id: str) -> None:
    job = script.get(f"/{job_id}").json()
    assert set(job) == {*RUNNING, *OWN}
    assert {name: job[name] for name in RUNNING} == RUNNING
    assert job["id"] == job_id
    assert job["start_time"] >= job["create_time"]
    assert len(job["start_time"]) == len("2023-05-25T21:28:29.675315Z")


def test_rename(script: CarbonBlack, job_id: str) -> None:
    answer = script.put(f"/{job_id}", {"name": "Mac Upgrade - In Progress"})
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in RENAMED} == RENAMED
    assert script.get(f"/{job_id}").json() == answer.json()


def test_stop(script: CarbonBlack, job_id: str) -> None:
    answer = script.delete(f"/{job_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert script.get(f"/{job_id}").json()["status"] == "CANCELLED"


def test_search_sensors(script: CarbonBlack, job_id: str) -> None:
    assert script.post(f"/{job_id}/sensors/_search", SENSORS).json() == {
        "num_found": 1,
        "results": [
            {
                "device_id": 4802823,
                "device_name": "Machost1-MAD",
                "status": "PENDING",
                "reason": "",
                "current_version": "3.5.3.82",
                "update_version": "",
                "start_time": NEVER,
                "update_time": NEVER,
                "sensor_kit_type": "MAC",
            }
        ],
    }


def test_export_sensors(script: CarbonBlack, job_id: str) -> None:
    answer = script.post(f"/{job_id}/sensors/_export", SENSORS)
    assert answer.status_code == 202
    assert list(answer.json()) == ["job_service_id"]
    assert isinstance(answer.json()["job_service_id"], int)


def test_the_error_of_the_documentation(script: CarbonBlack, job_id: str) -> None:
    expected = {
        "error_code": "SUS_4005_INVALID_JOB_NAME_LENGTH",
        "message": "Job name cannot exceed limit of 100 characters",
        "args": [100],
    }
    long = {**CREATE, "name": "ä" * 101}
    for answer in (script.post("", long), script.put(f"/{job_id}", {"name": "ä" * 101})):
        assert (answer.status_code, answer.json()) == (400, expected)
    assert script.post("", {**CREATE, "name": "ä" * 100}).json()["name"] == "ä" * 100
