"""Jobs are listed, renamed and stopped, whoever made them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deployments.models import Deployment
from deployments.planning import PhasePlan
from fleet.models import Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import (
    counts,
    created,
    make_kit,
    make_version,
    sensor,
    shown,
)
from tests.api.carbonblack.refusals import refused
from tests.make import make_deployment, make_device


@pytest.fixture
def kit(organization: Organization) -> Organization:
    make_kit(organization)
    make_version(organization)
    return organization


def names(script: CarbonBlack, **asked: Any) -> list[str]:
    answer = script.post("/_search", asked)
    assert answer.status_code == 200, answer.content
    return [job["name"] for job in answer.json()["results"]]


def test_the_newest_is_first(script: CarbonBlack, kit: Organization) -> None:
    for name in ("a", "b", "c"):
        created(script, name=name)
    assert names(script) == ["c", "b", "a"]
    assert names(script, sort=[{"field": "name"}]) == ["c", "b", "a"]


def test_by_type_and_part_of_the_name(script: CarbonBlack, kit: Organization) -> None:
    for name, job_type in (("One%", "VDI"), ("two_", "AWS"), ("three*", "ENDPOINT")):
        created(script, name=name, job_type=job_type)
    assert names(script, criteria={"job_type": "VDI"}) == ["One%"]
    assert names(script, criteria={"job_type": ["vdi", "AWS"]}) == ["two_", "One%"]
    assert names(script, criteria={"job_type": []}) == ["three*", "two_", "One%"]
    assert names(script, criteria=None, query=None) == ["three*", "two_", "One%"]
    assert names(script, query="ONE") == ["One%"]
    assert [names(script, query=each) for each in "%_*"] == [["One%"], ["two_"], ["three*"]]
    assert names(script, query="one OR two") == []


def test_pages(script: CarbonBlack, kit: Organization) -> None:
    for name in ("a", "b", "c"):
        created(script, name=name)
    assert names(script, rows=2) == ["c", "b"]
    assert names(script, rows=2, start=2) == ["a"]
    assert names(script, start=2**62) == []
    for asked in ({"rows": 0}, {"start": 3}):
        assert script.post("/_search", asked).json() == {"num_found": 3, "results": []}
    assert script.post("/_search", {"rows": None, "start": None}).json()["num_found"] == 3


REFUSED: list[tuple[dict[str, Any], str, list[Any]]] = [
    ({"rows": 1001}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"rows": -1}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"rows": "10"}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"rows": True}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"rows": 1.5}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"start": -1}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"start": "0"}, "SUS_4009_INVALID_ROWS", [1000]),
    ({"query": 1}, "SUS_4002_INVALID_FIELD_TYPE", ["query"]),
    ({"query": "x" * 4097}, "SUS_4012_INVALID_QUERY", [4096]),
    ({"criteria": []}, "SUS_4002_INVALID_FIELD_TYPE", ["criteria"]),
    ({"criteria": {"job_type": {}}}, "SUS_4002_INVALID_FIELD_TYPE", ["criteria.job_type"]),
    ({"criteria": {"job_type": "X"}}, "SUS_4003_INVALID_ENUM_VALUE", ["job_type", "X"]),
    ({"criteria": {"name": "x"}}, "SUS_4004_INVALID_CRITERIA_FIELD", ["name"]),
    ({"criteria": {"": "x"}}, "SUS_4004_INVALID_CRITERIA_FIELD", [""]),
]


@pytest.mark.parametrize(("body", "code", "args"), REFUSED, ids=range(len(REFUSED)))
def test_searches_that_are_refused(
    script: CarbonBlack, body: dict[str, Any], code: str, args: list[Any]
) -> None:
    assert refused(script.post("/_search", body)) == (code, args)


@pytest.mark.parametrize(
    "job_id", ["x", "7", "d90fd23a-3587-4a30-9d25-fe0b24c51ab4", "%00", "urn:uuid:x"]
)
def test_a_job_that_there_is_not(script: CarbonBlack, job_id: str) -> None:
    answers = [
        script.get(f"/{job_id}"),
        script.put(f"/{job_id}", {"name": 7}),
        script.delete(f"/{job_id}"),
        script.post(f"/{job_id}/sensors/_search", {"rows": -1}),
        script.post(f"/{job_id}/sensors/_export", {"rows": -1}),
    ]
    assert [refused(each, 404) for each in answers] == [("NOT_FOUND", [])] * 5


def test_what_cannot_be_parsed_comes_before_what_there_is_not(script: CarbonBlack) -> None:
    for path in (f"/{uuid.uuid4()}/sensors/_search", f"/{uuid.uuid4()}/sensors/_export"):
        assert refused(script.post(path, b"{"))[0] == "SUS_4000_MALFORMED_REQUEST"
    assert refused(script.put(f"/{uuid.uuid4()}", b"{"))[0] == "SUS_4000_MALFORMED_REQUEST"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "SUS_4001_MISSING_FIELD"),
        ({"name": []}, "SUS_4002_INVALID_FIELD_TYPE"),
        ({"name": "\n"}, "SUS_4011_EMPTY_JOB_NAME"),
        ({"name": "x" * 101}, "SUS_4005_INVALID_JOB_NAME_LENGTH"),
    ],
)
def test_names_that_are_refused(
    script: CarbonBlack, kit: Organization, body: dict[str, Any], code: str
) -> None:
    job = created(script)
    assert refused(script.put(f"/{job['id']}", body))[0] == code
    assert shown(script, job)["name"] == "Upgrade"


@pytest.mark.django_db(transaction=True)
def test_what_is_over_can_be_renamed(script: CarbonBlack, kit: Organization) -> None:
    job = created(script)
    renamed = script.put(f"/{job['id']}", {"name": "another"}).json()
    assert (renamed["name"], renamed["status"]) == ("another", "COMPLETED")


@pytest.mark.django_db(transaction=True)
def test_a_stop_is_once_and_for_all(script: CarbonBlack, kit: Organization) -> None:
    sensor(kit, "mac")
    job = created(script)
    assert script.delete(f"/{job['id']}").status_code == 204
    stopped = shown(script, job)
    assert counts(stopped) == "CANCELLED 0 0 0 1 100%"
    assert stopped["failed_sensor_counts"]["FAILURE_STOPPED"] == 1
    assert stopped["end_time"] > stopped["start_time"]
    assert script.delete(f"/{job['id']}").status_code == 204
    assert shown(script, job) == stopped


@pytest.mark.django_db(transaction=True)
def test_what_is_completed_cannot_be_stopped(script: CarbonBlack, kit: Organization) -> None:
    job = created(script)
    answer = script.delete(f"/{job['id']}")
    assert refused(answer) == ("SUS_4010_JOB_NOT_STOPPABLE", [job["id"]])
    assert shown(script, job)["status"] == "COMPLETED"


def test_what_has_not_begun_can_be_stopped(script: CarbonBlack, kit: Organization) -> None:
    """A job of another API may begin later."""
    device = make_device(kit, device_type="board", kit_type="MAC")
    later = timezone.now() + timedelta(days=1)
    deployment = make_deployment(devices=[device], phases=[PhasePlan(starts_at=later)])
    job = script.get(f"/{deployment.id}").json()
    assert (job["status"], job["start_time"], job["end_time"]) == ("PENDING", None, None)
    assert script.delete(f"/{deployment.id}").status_code == 204
    job = script.get(f"/{deployment.id}").json()
    assert (job["status"], job["start_time"]) == ("CANCELLED", None)
    assert job["end_time"] is not None


def test_jobs_of_other_apis(script: CarbonBlack, kit: Organization) -> None:
    make_kit(kit, "UBUNTU", device_type="ub")
    release = make_version(kit, "8.1", device_types=("board", "ub"))
    device = make_device(kit, name="box", device_type="board", kit_type="MAC")
    deployment = make_deployment(
        release=release, devices=[device, str(uuid.uuid4())], name="n" * 200
    )
    job = script.get(f"/{deployment.id}").json()
    assert (job["name"], job["job_type"]) == ("n" * 200, "ENDPOINT")
    assert job["sensor_versions"] == {"MAC": "8.1", "UBUNTU": "8.1"}
    assert job["current_sensor_versions"] == {"MAC": {"": 1}, "OTHER": {"": 1}}
    assert job["login_name"] == "someone@example.com"
    answer = script.post(f"/{deployment.id}/sensors/_search", {"criteria": {"status": "PENDING"}})
    unknown, known = answer.json()["results"]
    assert (known["device_id"], known["device_name"]) == (device.number, "box")
    assert unknown["device_id"] == 0
    assert uuid.UUID(unknown["device_name"])
    assert unknown["sensor_kit_type"] == "OTHER"


def test_a_version_for_which_no_kit_is_named(
    script: CarbonBlack, organization: Organization
) -> None:
    device = make_device(organization, device_type="board")
    deployment = make_deployment(devices=[device])
    job = script.get(f"/{deployment.id}").json()
    assert job["sensor_versions"] == {"OTHER": deployment.release_name}


def test_a_job_that_somebody_deleted_is_gone(script: CarbonBlack, kit: Organization) -> None:
    job = created(script)
    Deployment.objects.filter(id=job["id"]).update(archived_at=timezone.now())
    assert script.get(f"/{job['id']}").status_code == 404
    assert names(script) == []
