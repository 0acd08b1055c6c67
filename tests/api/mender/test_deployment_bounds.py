"""People whose roles hold for some groups deploy to those, and see what goes there."""

from typing import Any

import pytest

from artifacts.models import ReleaseTag
from auditlog.actor import Actor, ActorKind
from deployments.models import Deployment
from fleet import access_tokens
from fleet.models import Organization
from tests.api.mender.bounds import person_within
from tests.api.mender.callers import Person, error_of
from tests.make import make_artifact, make_deployment, make_device, make_release

DEPLOYMENTS = "v1/deployments/deployments"
ADD, VIEW, CHANGE = (f"deployments.{verb}_deployment" for verb in ("add", "view", "change"))
BODY = {"name": "production", "artifact_name": "os-2"}


@pytest.fixture
def ann(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> Person:
    """May everything with deployments, within the group "lab"."""
    make_artifact(make_release(organization, name="os-2"))
    return person_within(monkeypatch, organization, "lab", ADD, VIEW, CHANGE)


def test_to_a_group_of_one_s_own_or_one_device_of_it(
    ann: Person, organization: Organization
) -> None:
    inside, also = (make_device(organization, group="lab") for _ in range(2))
    outside = make_device(organization, group="field")

    def status(path: str, **facts: Any) -> int:
        return int(ann.post(path, BODY | facts).status_code)

    assert status(f"{DEPLOYMENTS}/group/lab") == 201
    assert status(f"{DEPLOYMENTS}/group/field") == 403
    assert status(DEPLOYMENTS, devices=[str(inside.id)]) == 201
    assert status(DEPLOYMENTS, devices=[str(outside.id)]) == 403
    assert status(DEPLOYMENTS, devices=[str(inside.id), str(also.id)]) == 403
    assert status(DEPLOYMENTS, devices=["unknown"]) == 403
    assert status(DEPLOYMENTS, all_devices=True) == 403
    assert status(DEPLOYMENTS, filter_id=str(inside.id)) == 403
    assert status("v2/deployments/deployments", filter_id=str(inside.id)) == 403


def test_what_goes_to_one_s_groups_or_was_made_by_oneself_is_seen(
    ann: Person, organization: Organization
) -> None:
    inside = make_device(organization, group="lab")
    make_device(organization, group="field")
    ours = make_deployment(organization, group="lab", name="ours")
    theirs = make_deployment(organization, group="field", name="theirs")
    every = make_deployment(organization, name="every")
    ann.post(DEPLOYMENTS, BODY | {"devices": [str(inside.id)], "name": "mine"})
    listed = ann.get(DEPLOYMENTS)
    assert [each["name"] for each in listed.json()] == ["mine", "ours"]
    assert listed.headers["X-Total-Count"] == "2"
    for hidden in (theirs, every):
        path = f"{DEPLOYMENTS}/{hidden.id}"
        for part in ("", "/statistics", "/devices", "/devices/list", "/device_list"):
            error_of(ann.get(path + part), 403)
        error_of(ann.put(f"{path}/status", {"status": "aborted"}), 403)
        error_of(ann.call("PATCH", path, {"update_control_map": {}}), 403)
    ids = [str(deployment.id) for deployment in (ours, theirs)]
    [counted] = ann.post(f"{DEPLOYMENTS}/statistics/list", ids).json()
    assert counted["id"] == str(ours.id)
    assert ann.get(f"{DEPLOYMENTS}/{ours.id}/devices").status_code == 200
    assert ann.put(f"{DEPLOYMENTS}/{ours.id}/status", {"status": "aborted"}).status_code == 204
    assert not Deployment.objects.get(pk=every.pk).aborted_at


def test_only_one_s_own_devices_are_taken_out(ann: Person, organization: Organization) -> None:
    inside, outside = (make_device(organization, group=name) for name in ("lab", "field"))
    make_deployment(organization)
    assert ann.delete(f"{DEPLOYMENTS}/devices/{inside.id}").status_code == 204
    assert ann.delete(f"{DEPLOYMENTS}/devices/{inside.id}/history").status_code == 204
    error_of(ann.delete(f"{DEPLOYMENTS}/devices/{outside.id}"), 403)
    error_of(ann.delete(f"{DEPLOYMENTS}/devices/{outside.id}/history"), 403)
    error_of(ann.delete(f"{DEPLOYMENTS}/devices/unknown"), 403)
    assert ann.get(f"{DEPLOYMENTS}/devices/{inside.id}").json() == []


def test_a_release_beyond_one_s_tags_cannot_be_deployed(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = make_artifact(make_release(organization, name="os-2")).release
    make_device(organization, group="lab")
    scoped = {ADD: frozenset({"lab"}), "artifacts.view_release": frozenset({"beta"})}
    actor = Actor(ActorKind.USER, "1", "ann@example.com", organization.pk, scoped=scoped)
    monkeypatch.setattr(access_tokens, "authenticate", lambda *_args, **_more: actor)
    ann = Person(token="theirs", organization=organization)
    error_of(ann.post(f"{DEPLOYMENTS}/group/lab", BODY), 403)
    error_of(ann.post(f"{DEPLOYMENTS}/group/lab", BODY | {"artifact_name": "none"}), 422)
    ReleaseTag.objects.create(release=release, name="beta")
    assert ann.post(f"{DEPLOYMENTS}/group/lab", BODY).status_code == 201
