"""The sensors of a job are filtered, sorted and told, also as a table."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.carbonblack.sensors.columns import FIELDS
from deployments.models import Deployment, DeviceDeployment
from fleet.models import Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import created, make_kit, make_version, sensor
from tests.api.carbonblack.refusals import refused

START = datetime(2026, 5, 1, 12, 0, 0, 987654, UTC)
# Each: name, version, and what became of it.
ROWS: list[tuple[str, str, dict[str, Any]]] = [
    ("delta", "3.10.0", {}),
    ("Alpha", "3.9.0", {"state": "downloading", "is_instructed": True, "minutes": 5}),
    ("charlie", "3.10.0", {"state": "success", "is_instructed": True, "minutes": 1, "took": 9}),
    ("bravo", "", {"state": "failure", "minutes": 2, "took": 1, "message": "=no, space"}),
    ("100%", "3.9.0", {"state": "aborted", "took": 7}),
]


@pytest.fixture
def job(script: CarbonBlack, organization: Organization) -> dict[str, Any]:
    make_kit(organization)
    make_version(organization)
    devices = [sensor(organization, name, version=version) for name, version, _ in ROWS]
    job = created(script)
    for device, (_, _, facts) in zip(devices, ROWS, strict=True):
        row = DeviceDeployment.objects.get(device=device)
        minutes, took = facts.get("minutes"), facts.get("took")
        row.state = facts.get("state", "pending")
        row.is_instructed = facts.get("is_instructed", False)
        row.message = facts.get("message", "")
        if minutes is not None:
            row.admitted_at = row.started_at = START + timedelta(minutes=minutes)
        if took is not None:
            row.finished_at, row.is_open = START + timedelta(minutes=20 + took), False
        row.save()
    return job


def search(script: CarbonBlack, job: dict[str, Any], **asked: Any) -> Any:
    answer = script.post(f"/{job['id']}/sensors/_search", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def names(script: CarbonBlack, job: dict[str, Any], **asked: Any) -> str:
    return " ".join(each["device_name"] for each in search(script, job, **asked)["results"])


CRITERIA: list[tuple[dict[str, Any], str]] = [
    ({}, "delta Alpha charlie bravo 100%"),
    ({"status": "PENDING"}, "delta"),
    ({"status": ["in_progress", "SUCCESSFUL"]}, "Alpha charlie"),
    ({"status": ["FAILURE_UNKNOWN", "FAILURE_STOPPED"]}, "bravo 100%"),
    ({"status": "FAILURE_EJECTED"}, ""),
    ({"status": []}, "delta Alpha charlie bravo 100%"),
    ({"version": "3.9.0"}, "Alpha 100%"),
    ({"version": ["", "3.10.0"]}, "delta charlie bravo"),
    ({"version": "9"}, ""),
    ({"version": 9}, ""),
    ({"sensor_kit_type": "mac"}, "delta Alpha charlie bravo 100%"),
    ({"sensor_kit_type": ["XP"]}, ""),
    ({"sensor_kit_type": "MAC", "status": "PENDING", "version": "3.9.0"}, ""),
]


@pytest.mark.parametrize(("criteria", "expected"), CRITERIA, ids=range(len(CRITERIA)))
def test_criteria(
    script: CarbonBlack, job: dict[str, Any], criteria: dict[str, Any], expected: str
) -> None:
    assert names(script, job, criteria=criteria) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [("AL", "Alpha"), ("ha", "Alpha charlie"), ("%", "100%"), ("_", ""), ("*", ""), ("a OR b", "")],
)
def test_part_of_the_name(
    script: CarbonBlack, job: dict[str, Any], query: str, expected: str
) -> None:
    assert names(script, job, query=query) == expected


ORDERS: list[tuple[list[dict[str, str]], str]] = [
    ([{"field": "DEVICE_NAME"}], "100% Alpha bravo charlie delta"),
    ([{"field": "device_name", "order": "desc"}], "delta charlie bravo Alpha 100%"),
    ([{"field": "device_id", "order": "DESC"}], "100% bravo charlie Alpha delta"),
    ([{"field": "status"}], "delta Alpha charlie bravo 100%"),
    ([{"field": "version"}], "bravo Alpha 100% delta charlie"),
    ([{"field": "CURRENT_VERSION", "order": "DESC"}], "delta charlie Alpha 100% bravo"),
    (
        [{"field": "version"}, {"field": "device_name", "order": "DESC"}],
        "bravo Alpha 100% delta charlie",
    ),
    (
        [{"field": "sensor_kit_type"}, {"field": "device_name"}],
        "100% Alpha bravo charlie delta",
    ),
    ([{"field": "start_time"}], "delta 100% charlie bravo Alpha"),
    ([{"field": "start_time", "order": "DESC"}], "Alpha bravo charlie delta 100%"),
    ([{"field": "update_time"}], "delta Alpha bravo 100% charlie"),
    ([{"field": "update_time", "order": "DESC"}], "charlie 100% bravo delta Alpha"),
    ([{"field": "update_version"}], "delta 100% Alpha charlie bravo"),
    ([{"field": "reason"}], "delta Alpha charlie bravo 100%"),
    ([{"field": "reason", "order": "DESC"}], "100% bravo delta Alpha charlie"),
]


@pytest.mark.parametrize(("sort", "expected"), ORDERS, ids=range(len(ORDERS)))
def test_sort(
    script: CarbonBlack, job: dict[str, Any], sort: list[dict[str, str]], expected: str
) -> None:
    assert names(script, job, sort=sort) == expected


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_sorts_in_the_order_of_what_is_told(
    script: CarbonBlack, job: dict[str, Any], field: str
) -> None:
    """As far as texts have it: the two fields of versions and that of status have another."""
    told = search(script, job, sort=[{"field": field}])["results"]
    keys = [str(each[field]).lower() for each in told]
    if field in {"device_id", "device_name", "reason", "sensor_kit_type"}:
        assert keys == sorted(keys)
    downwards = search(script, job, sort=[{"field": field, "order": "DESC"}])["results"]
    assert [each[field] for each in downwards] == [each[field] for each in reversed(told)]


def test_pages_and_what_is_found_in_all(script: CarbonBlack, job: dict[str, Any]) -> None:
    page = search(script, job, rows=2, start=1)
    assert [each["device_name"] for each in page["results"]] == ["Alpha", "charlie"]
    assert page["num_found"] == 5
    assert search(script, job, rows=0) == {"num_found": 5, "results": []}
    assert search(script, job, start=9) == {"num_found": 5, "results": []}
    assert search(script, job, criteria={"status": "PENDING"}, rows=0)["num_found"] == 1


def test_what_is_told_of_each(script: CarbonBlack, job: dict[str, Any]) -> None:
    found = {each["device_name"]: each for each in search(script, job)["results"]}
    assert all(tuple(each) == FIELDS for each in found.values())
    assert found["bravo"]["reason"] == "=no, space"
    # Cut off, not rounded.
    assert found["charlie"]["start_time"] == "2026-05-01T12:01:00.987Z"
    assert found["charlie"]["update_time"] == "2026-05-01T12:29:00.987Z"
    assert found["charlie"]["update_version"] == "3.7.2.81"
    assert found["100%"]["update_version"] == ""


def test_a_table(script: CarbonBlack, job: dict[str, Any]) -> None:
    asked = {"format": "CSV", "rows": 3, "start": 1, "sort": [{"field": "device_id"}]}
    answer = script.post(f"/{job['id']}/sensors/_search", asked)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *lines = csv.reader(io.StringIO(answer.content.decode()))
    assert tuple(header) == FIELDS
    assert [line[1] for line in lines] == ["Alpha", "charlie", "bravo"]
    alpha, _, bravo = (dict(zip(header, line, strict=True)) for line in lines)
    assert (alpha["update_time"], alpha["status"]) == ("", "IN_PROGRESS")
    # No spreadsheet is to calculate it.
    assert bravo["reason"] == "'=no, space"


REFUSED: list[tuple[dict[str, Any], str, list[Any]]] = [
    ({"criteria": {"colour": "red"}}, "SUS_4004_INVALID_CRITERIA_FIELD", ["colour"]),
    ({"criteria": {"status": ["DONE"]}}, "SUS_4003_INVALID_ENUM_VALUE", ["status", "DONE"]),
    (
        {"criteria": {"sensor_kit_type": "BEOS"}},
        "SUS_4003_INVALID_ENUM_VALUE",
        ["sensor_kit_type", "BEOS"],
    ),
    ({"criteria": {"version": [1.5]}}, "SUS_4002_INVALID_FIELD_TYPE", ["criteria.version"]),
    ({"criteria": {"version": [True]}}, "SUS_4002_INVALID_FIELD_TYPE", ["criteria.version"]),
    ({"format": "xml"}, "SUS_4003_INVALID_ENUM_VALUE", ["format", "xml"]),
    ({"format": 1}, "SUS_4002_INVALID_FIELD_TYPE", ["format"]),
    ({"sort": "device_name"}, "SUS_4002_INVALID_FIELD_TYPE", ["sort"]),
    ({"sort": [{}]}, "SUS_4001_MISSING_FIELD", ["sort.field"]),
    ({"sort": [{"field": 1}]}, "SUS_4002_INVALID_FIELD_TYPE", ["sort.field"]),
    ({"sort": [{"field": "x"}]}, "SUS_4003_INVALID_ENUM_VALUE", ["sort.field", "x"]),
    (
        {"sort": [{"field": "status", "order": "UP"}]},
        "SUS_4003_INVALID_ENUM_VALUE",
        ["sort.order", "UP"],
    ),
    ({"sort": [{"field": "status"}] * 33}, "SUS_4002_INVALID_FIELD_TYPE", ["sort"]),
    ({"query": []}, "SUS_4002_INVALID_FIELD_TYPE", ["query"]),
]


@pytest.mark.parametrize("verb", ["_search", "_export"])
def test_what_is_refused(script: CarbonBlack, job: dict[str, Any], verb: str) -> None:
    for body, code, args in REFUSED:
        answer = script.post(f"/{job['id']}/sensors/{verb}", body)
        assert refused(answer) == (code, args), body


def test_rows_are_of_no_matter_for_an_export(script: CarbonBlack, job: dict[str, Any]) -> None:
    for rows in (-1, "x", 10_000):
        path = f"/{job['id']}/sensors"
        assert script.post(f"{path}/_export", {"rows": rows}).status_code == 202
        assert refused(script.post(f"{path}/_search", {"rows": rows}))[1] == [1000]


def test_a_job_of_another_api_sorts_by_its_one_version(
    script: CarbonBlack, job: dict[str, Any]
) -> None:
    Deployment.objects.get(id=job["id"]).kits.all().delete()
    Deployment.objects.filter(id=job["id"]).update(release_name="one")
    told = search(script, job, sort=[{"field": "update_version"}])["results"]
    assert [each["update_version"] for each in told] == ["", "", "3.7.2.81", "3.7.2.81", "3.7.2.81"]
