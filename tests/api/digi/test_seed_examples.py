"""Every address and every query of Digi's documentation of v1/jobs, as it is written there."""

from typing import Any
from urllib.parse import quote

import pytest

from deployments.models import Deployment
from fleet.models import Device, Organization
from tests.api.digi.callers import Digi, told
from tests.api.digi.conftest import DeploymentMaker
from tests.api.digi.test_jobs import KEYS
from tests.make import make_device

NORTH_WEST = (
    "group startsWith '/NorthWest' and (connection_status = 'disconnected' or signal_percent < 20)"
)


@pytest.fixture
def devices(organization: Organization) -> dict[str, Device]:
    """By what they are in; the group "test" and what is tagged."""
    return {
        "test": make_device(organization, name="Router-A", group="test", tags={"sensor": ""}),
        "leaf": make_device(organization, name="Router-B", group="leaf", tags={"other": ""}),
        "north": make_device(
            organization, name="Gate-1", group="NorthWest", inventory={"signal_percent": 15}
        ),
        "bare": make_device(organization, name="Spare", tags={"important": ""}),
    }


@pytest.fixture
def jobs(devices: dict[str, Device], job: DeploymentMaker) -> dict[str, int]:
    """One for each of the devices."""
    return {name: job(devices=[device], name=name).number for name, device in devices.items()}


def test_get_a_summary(digi: Digi) -> None:
    assert all(each.startswith("/ws/v1/jobs/") for each in told(digi.get("/ws/v1/jobs")).values())


def test_get_a_list_of_all_jobs(digi: Digi, jobs: dict[str, int]) -> None:
    found = told(digi.get("/ws/v1/jobs/inventory"))
    assert found["count"] == len(found["list"]) == 4


def test_get_a_list_of_all_jobs_in_xml(digi: Digi, jobs: dict[str, int]) -> None:
    answer = digi.get("/ws/v1/jobs/inventory.xml")
    assert answer.content.count(b"<job>") == 4


def test_retrieve_a_list_of_jobs_in_csv(digi: Digi, jobs: dict[str, int]) -> None:
    answer: Any = digi.get("/ws/v1/jobs/bulk")
    assert b"".join(answer).count(b"\r\n") == 5


def test_retrieve_a_job(digi: Digi, jobs: dict[str, int]) -> None:
    found = told(digi.get(f"/ws/v1/jobs/{jobs['test']}"))
    assert set(found) - {"targets"} <= set(KEYS)
    assert [each["name"] for each in found["targets"]] == ["Router-A"]


def test_cancel_one_or_more_jobs(digi: Digi, jobs: dict[str, int]) -> None:
    found = told(digi.put(f"/ws/v1/jobs/cancel{jobs['test']}"))
    assert [each["status"] for each in found["list"]] == ["canceled"]


def test_cancel_one_or_more_jobs_for_a_user(digi: Digi, jobs: dict[str, int]) -> None:
    Deployment.objects.filter(number=jobs["test"]).update(created_by="alice")
    found = told(digi.put("/ws/v1/jobs/inventory/cancel?query=username=’alice'"))
    assert [each["id"] for each in found["list"]] == [jobs["test"]]
    again = quote("username=’bob’")
    assert told(digi.put(f"/ws/v1/jobs/inventory/cancel?query={again}"))["count"] == 0


def test_delete_a_job(digi: Digi, jobs: dict[str, int]) -> None:
    digi.put(f"/cancel/{jobs['test']}")
    assert digi.delete(f"/ws/v1/jobs/inventory/{jobs['test']}").status_code == 204


def test_delete_one_or_more_jobs_by_job_type(digi: Digi, jobs: dict[str, int]) -> None:
    path = "/ws/v1/jobs/cancel?query=job_type=’{}'"
    assert digi.delete(path.format("configuration")).status_code == 204
    assert len(digi.listed()) == 4
    assert digi.delete(path.format("firmware_update")).status_code == 204
    assert digi.listed() == []


def test_the_most_recently_created_first(digi: Digi, jobs: dict[str, int]) -> None:
    assert digi.listed(orderby="id desc") == sorted(jobs.values(), reverse=True)
    assert digi.listed(orderby="id") == sorted(jobs.values(), reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (NORTH_WEST, "north"),
        ("tags = 'important' and (health_status = 'error' or health_status = 'warning')", ""),
        ("group = '/test'", "test"),
        ("group startsWith 'test/'", "test"),
        ("group startsWith 'test'", "test"),
        ("group endsWith '/leaf'", "leaf"),
        ("tags = 'sensor'", "test"),
        ("tags <> 'sensor'", "leaf north bare"),
        ("tags contains 'ns'", "test"),
        ("tags startsWith 'sens'", "test"),
        ("tags endsWith 'or'", "test"),
    ],
)
def test_a_query(digi: Digi, jobs: dict[str, int], query: str, found: str) -> None:
    expected = {jobs[name] for name in found.split()}
    assert set(digi.listed(query=query)) == expected
    answer = told(digi.get(f"/ws/v1/jobs/inventory?query={quote(query)}"))
    assert {each["id"] for each in answer["list"]} == expected


# Of each field of devices: the direction says which of the targets counts.
@pytest.mark.parametrize(
    "field",
    [
        *("carrier", "carrier2", "connection_status", "contact", "description"),
        *("firmware_version", "health_status", "id", "ip", "last_connect", "last_disconnect"),
        *("last_update", "location", "mac", "name", "network", "network2", "notes", "public_ip"),
        *("restricted_status", "serial_number", "signal_percent", "signal_percent2"),
        *("signal_quality", "signal_quality2", "signal_strength", "signal_strength2", "type"),
        "vendor_id",
    ],
)
def test_any_field_can_be_the_order(digi: Digi, jobs: dict[str, int], field: str) -> None:
    for way in ("", " asc", " desc"):
        orderby = f"{field}{way}"
        everything = digi.listed(orderby=orderby)
        assert sorted(everything) == sorted(jobs.values())
        page = told(digi.get("/inventory", orderby=orderby, size=3))
        found = [each["id"] for each in page["list"]]
        found += [each["id"] for each in told(digi.get(page["next_uri"]))["list"]]
        assert found == everything, orderby


def test_names_order_jobs_by_their_targets(digi: Digi, jobs: dict[str, int]) -> None:
    up = [jobs[name] for name in ("north", "test", "leaf", "bare")]
    assert digi.listed(orderby="name asc") == up
    assert digi.listed(orderby="name") == up[::-1]
