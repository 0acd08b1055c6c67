"""What each permission set, bound to one group or one tag, opens and what it leaves shut."""

from dataclasses import dataclass
from typing import Any

import pytest

from artifacts.models import ReleaseTag
from fleet.models import Device, Organization, Role
from tests.api.mender.callers import Person, error_of, person
from tests.api.mender.members import make_role, member, within
from tests.make import make_artifact, make_device, make_release

DEVICES = "v2/devauth/devices"
INVENTORY = "v1/inventory/devices"
DEPLOYMENTS = "v1/deployments/deployments"
CONFIGURATION = "v1/deviceconfig/configurations/device"
ROLLOUT = {"name": "rollout", "artifact_name": "os"}


@dataclass
class Place:
    """Two devices in reach, one out of it, and a release that fits them."""

    organization: Organization
    near: Device
    also: Device
    far: Device


@pytest.fixture
def place(organization: Organization) -> Place:
    make_artifact(make_release(organization, name="os"))
    near, also, far = (
        make_device(organization, group=group, device_type="board")
        for group in ("north", "north", "south")
    )
    return Place(organization, near, also, far)


def read(caller: Person, device: Device) -> int:
    statuses = {caller.get(f"{path}/{device.id}").status_code for path in (DEVICES, INVENTORY)}
    [status] = statuses
    return int(status)


def judge(caller: Person, device: Device) -> int:
    key = device.auth_sets.get()
    path = f"{DEVICES}/{device.id}/auth/{key.id}/status"
    return int(caller.put(path, {"status": "rejected"}).status_code)


def move(caller: Person, device: Device) -> int:
    path = f"{INVENTORY}/{device.id}/group"
    return int(caller.put(path, {"group": "north"}).status_code)


def revoke(caller: Person, device: Device) -> int:
    return int(caller.delete(f"v2/devauth/tokens/{device.auth_sets.get().id}").status_code)


def dismiss(caller: Person, device: Device) -> int:
    key = device.auth_sets.get()
    return int(caller.delete(f"{DEVICES}/{device.id}/auth/{key.id}").status_code)


def decommission(caller: Person, device: Device) -> int:
    return int(caller.delete(f"{DEVICES}/{device.id}").status_code)


def deploy(caller: Person, device: Device) -> int:
    body = {**ROLLOUT, "devices": [str(device.id)]}
    return int(caller.post(DEPLOYMENTS, body).status_code)


def deploy_to_group(caller: Person, device: Device) -> int:
    return int(caller.post(f"{DEPLOYMENTS}/group/{device.group}", ROLLOUT).status_code)


def configure(caller: Person, device: Device) -> int:
    return int(caller.put(f"{CONFIGURATION}/{device.id}", {"zone": "UTC"}).status_code)


def deploy_configuration(caller: Person, device: Device) -> int:
    return int(caller.post(f"{CONFIGURATION}/{device.id}/deploy", {}).status_code)


ACTS = {
    read: 200,
    judge: 204,
    move: 204,
    revoke: 204,
    dismiss: 204,
    decommission: 204,
    deploy: 201,
    deploy_to_group: 201,
    configure: 204,
    deploy_configuration: 200,
}
MANAGING = {judge, move, revoke, dismiss, decommission}
OPENS: dict[str, set[Any]] = {
    "ReadDevices": {read},
    "ManageDevices": {read, *MANAGING},
    "DeployToDevices": {read, deploy, deploy_to_group},
    "ConfigureDevices": {read, configure, deploy_configuration},
    "ConnectToDevices": {read},
}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("name", OPENS)
def test_a_set_within_a_group_opens_its_acts_there_and_nowhere_else(
    place: Place, name: str, act: Any
) -> None:
    caller = member(place.organization, make_role(place.organization, *within(name, group="north")))
    expected = ACTS[act] if act in OPENS[name] else 403
    assert act(caller, place.far) == 403
    assert act(caller, place.near) == expected


@pytest.mark.parametrize("name", OPENS)
def test_lists_leave_out_what_is_out_of_reach(place: Place, name: str) -> None:
    caller = member(place.organization, make_role(place.organization, *within(name, group="north")))
    reach = {str(place.near.id), str(place.also.id)}
    for answer in (
        caller.get(DEVICES),
        caller.post(f"{DEVICES}/search", {"id": [str(place.far.id), *reach]}),
        caller.get(INVENTORY),
    ):
        assert {device["id"] for device in answer.json()} == reach
    assert caller.get(f"{DEVICES}/count").json() == {"count": 2}


def test_one_device_of_the_group_may_be_named_but_not_several(place: Place) -> None:
    role = make_role(place.organization, *within("DeployToDevices", group="north"))
    caller = member(place.organization, role)
    both = {**ROLLOUT, "devices": [str(place.near.id), str(place.also.id)]}
    error_of(caller.post(DEPLOYMENTS, both), 403)


def test_without_bounds_a_set_opens_its_acts_everywhere(place: Place) -> None:
    caller = member(place.organization, make_role(place.organization, *within("ManageDevices")))
    assert read(caller, place.far) == 200
    assert judge(caller, place.far) == 204
    assert deploy(caller, place.far) == 403
    assert caller.get(f"{DEVICES}/count").json() == {"count": 3}


def test_rights_of_several_roles_add_up_each_within_its_bounds(place: Place) -> None:
    home = place.organization
    caller = member(
        home,
        make_role(home, *within("ReadDevices", group="north")),
        make_role(home, *within("ManageDevices", group="south")),
    )
    assert caller.get(f"{DEVICES}/count").json() == {"count": 3}
    assert (judge(caller, place.near), judge(caller, place.far)) == (403, 204)


def test_a_device_in_no_group_is_within_no_bounds(place: Place) -> None:
    loose = make_device(place.organization)
    role = make_role(place.organization, *within("ManageDevices", group="north"))
    caller = member(place.organization, role)
    assert read(caller, loose) == 403
    body = {"identity_data": {"mac": "1"}, "pubkey": "x"}
    error_of(caller.post(DEVICES, body), 403)


def test_a_tag_narrows_what_releases_there_are(organization: Organization) -> None:
    seen, unseen = make_release(organization, name="seen"), make_release(organization, name="not")
    ReleaseTag.objects.create(release=seen, name="beta")
    for release in (seen, unseen):
        make_artifact(release)
    names = within("ReadReleases", "ManageReleases", tag="beta")
    caller = member(organization, make_role(organization, *names))
    releases = caller.get("v1/deployments/deployments/releases/list")
    assert [release["name"] for release in releases.json()] == ["seen"]
    assert len(caller.get("v1/deployments/artifacts").json()) == 1
    error_of(caller.get(f"v1/deployments/artifacts/{unseen.artifacts.get().id}"), 404)
    error_of(caller.get(DEVICES), 403)
    nothing = member(organization, make_role(organization, *within("ReadReleases", tag="none")))
    assert nothing.get("v1/deployments/artifacts").json() == []


def test_a_deployments_manager_downloads_nothing(organization: Organization) -> None:
    artifact = make_artifact(make_release(organization))
    caller = person(organization, Role.DEPLOYMENTS_MANAGER)
    error_of(caller.get(f"v1/deployments/artifacts/{artifact.id}/download"), 403)
