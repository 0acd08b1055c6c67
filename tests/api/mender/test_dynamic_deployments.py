"""Deployments to whatever matches a saved filter, as version 2 of the API has them."""

from typing import Any

import pytest

from deployments.models import Deployment
from fleet.models import Organization, SavedFilter
from tests.api.mender.callers import Box, Person, box, error_of
from tests.make import make_artifact, make_organization, make_release

V1, V2 = "v1/deployments/deployments", "v2/deployments/deployments"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
TERMS = [{"scope": "inventory", "attribute": "color", "type": "$eq", "value": "red"}]


@pytest.fixture
def saved(organization: Organization) -> SavedFilter:
    make_artifact(make_release(organization, name="Application 0.0.1"))
    return SavedFilter.objects.create(organization=organization, name="red ones", terms=TERMS)


def asked(saved: SavedFilter | None = None, **facts: Any) -> dict[str, Any]:
    body = {"name": "production", "artifact_name": "Application 0.0.1"}
    return body | ({"filter_id": str(saved.id)} if saved else {}) | facts


def red(organization: Organization) -> Box:
    return box(organization, inventory={"color": "red"})


def path_of(answer: Any) -> str:
    assert (answer.status_code, answer.content) == (201, b"")
    location: str = answer.headers["Location"]
    assert location == f"/api/management/{V1}/{Deployment.objects.latest('number').id}"
    return location.removeprefix("/api/management/")


def test_it_looks_as_documented(
    admin: Person, organization: Organization, saved: SavedFilter
) -> None:
    device, other = red(organization), box(organization)
    path = path_of(admin.post(V2, asked(saved, retries=2)))
    shown = admin.get(path).json()
    assert shown["filter"] == {"id": str(saved.id), "name": "red ones", "terms": TERMS}
    assert (shown["dynamic"], shown["initial_device_count"]) == (True, 1)
    assert (shown["status"], shown["device_count"], shown["retries"]) == ("pending", 0, 2)
    assert "max_devices" not in shown
    assert admin.get(f"{path}/statistics").json()["pending"] == 0
    assert admin.get(f"{path}/device_list").json() == []
    assert (device.poll().status_code, other.poll().status_code) == (200, 204)
    assert admin.get(f"{path}/device_list").json() == [str(device.device.id)]
    device.report(shown["id"], "success")
    shown = admin.get(path).json()
    assert (shown["status"], shown["device_count"]) == ("inprogress", 1)
    assert shown["statistics"]["status"]["success"] == 1


def test_with_a_limit_it_finishes(
    admin: Person, organization: Organization, saved: SavedFilter, django_capture: Any
) -> None:
    path = path_of(admin.post(V2, asked(saved, max_devices=2)))
    devices = [red(organization) for _ in range(3)]
    assert admin.get(f"{path}/statistics").json()["pending"] == 2
    assert [device.poll().status_code for device in devices] == [200, 200, 204]
    deployment_id = path.rpartition("/")[2]
    devices[0].report(deployment_id, "success")
    counters = admin.get(f"{path}/statistics").json()
    assert (counters["pending"], counters["success"]) == (1, 1)
    with django_capture(execute=True):
        devices[1].report(deployment_id, "failure")
    shown = admin.get(path).json()
    assert (shown["status"], shown["max_devices"]) == ("finished", 2)
    assert "finished" in shown
    assert admin.get(f"{V1}?status=finished").json() == [shown]


@pytest.fixture
def django_capture(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def test_phases_are_cut_by_who_matches_now(
    admin: Person, organization: Organization, saved: SavedFilter
) -> None:
    phases = [{"batch_size": 50}, {"start_ts": "2090-07-06T17:04:49Z"}]
    body = asked(saved, phases=phases)
    assert "Batch: (1) will be empty" in error_of(admin.post(V2, body), 400)
    devices = [red(organization) for _ in range(2)]
    path = path_of(admin.post(V2, body))
    assert [device.poll().status_code for device in devices] == [200, 204]
    shown = [
        (each["batch_size"], each["device_count"]) for each in admin.get(path).json()["phases"]
    ]
    assert shown == [(50, 1), (50, 0)]


def test_version_1_takes_a_filter_as_well(admin: Person, saved: SavedFilter) -> None:
    assert admin.get(path_of(admin.post(V1, asked(saved)))).json()["dynamic"]


def test_the_same_twice_is_a_conflict(admin: Person, saved: SavedFilter) -> None:
    path_of(admin.post(V2, asked(saved)))
    assert "already an active deployment" in error_of(admin.post(V2, asked(saved)), 409)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"filter_id": None}, "filter_id: cannot be blank"),
        ({"filter_id": "mine"}, "filter_id: must be a valid UUID"),
        ({"filter_id": UNKNOWN}, "no such filter"),
        ({"devices": ["1"]}, "filter_id provided together"),
        ({"all_devices": True}, "filter_id provided together"),
        ({"max_devices": -1}, "limit of devices"),
        ({"max_devices": 2**63}, "limit of devices"),
        ({"max_devices": "many"}, "max_devices: must be an integer"),
        ({"name": ""}, "name"),
    ],
)
def test_what_makes_no_sense_is_refused(
    admin: Person, saved: SavedFilter, facts: dict[str, Any], text: str
) -> None:
    assert text in error_of(admin.post(V2, asked(saved, **facts)), 400)
    assert not Deployment.objects.exists()


def test_without_an_artifact_it_cannot_be_made(admin: Person, saved: SavedFilter) -> None:
    error_of(admin.post(V2, asked(saved, artifact_name="none")), 422)


def test_another_organization_s_filter_is_unknown(admin: Person, saved: SavedFilter) -> None:
    SavedFilter.objects.update(organization=make_organization())
    assert "no such filter" in error_of(admin.post(V2, asked(saved)), 400)


def test_the_list_takes_names_and_ids(admin: Person, saved: SavedFilter) -> None:
    made = [path_of(admin.post(V2, asked(saved, name=name))) for name in ("a", "ab", "c")]

    def names(query: str) -> list[str]:
        answer = admin.get(f"{V2}?{query}")
        assert answer.headers["X-Total-Count"] == str(len(answer.json()))
        return [each["name"] for each in answer.json()]

    ids = [path.rpartition("/")[2] for path in made]
    assert names("") == ["c", "ab", "a"]
    assert names("name=a&name=c&sort=asc") == ["a", "c"]
    assert names(f"id={ids[1]}&id={ids[2]}&id={UNKNOWN}") == ["c", "ab"]
    assert names(f"id={ids[1]}&name=a") == []
    assert names("id=none") == []
    assert names("status=pending&type=software") == ["c", "ab", "a"]
    error_of(admin.get(f"{V2}?status=no"), 400)
    error_of(admin.get(f"{V2}?{'&'.join(['name=x'] * 101)}"), 400)


def test_what_a_server_does_to_artifacts_is_said(admin: Person) -> None:
    assert admin.get("v1/deployments/config").json() == {"delta": {"enabled": False}}
