"""What somebody deploys and sees of deployments whose role is bound to some groups."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from artifacts.models import Release
from deployments.models import Deployment
from fleet.models import Device, Organization
from tests.make import make_deployment, make_device, make_user
from tests.pages.planning import URL, typed
from tests.pages.reading import words
from tests.pages.test_bounds import client_with

Fleet = dict[str, Device]


@pytest.fixture
def gateways(home: Organization) -> Fleet:
    names = ("north", "south")
    return {
        name: make_device(home, name=f"gw-{name}", group=name, device_type="board")
        for name in names
    }


@pytest.fixture
def deployer(home: Organization) -> Client:
    return client_with(home, "DeployToDevices")


def test_the_plan_offers_the_groups_of_the_role_alone(
    deployer: Client, gateways: Fleet, release: Release
) -> None:
    page = words(deployer.get(f"{URL}?release=os-2"))
    assert "north, 1" in page
    assert "south" not in page
    assert "All accepted devices" not in page
    assert str(gateways["south"].id) not in words(deployer.get(f"{URL}?matching=state%3Daccepted"))


def test_a_group_or_a_device_of_it_is_deployed_to_and_followed(
    deployer: Client, gateways: Fleet, release: Release, home: Organization
) -> None:
    wishes = [{"group": "north"}, {"devices": "gw-north"}]
    for wish, target in zip(wishes, ("group", "devices"), strict=True):
        plan = typed(target=target, **wish)
        assert "1 will" in words(deployer.post(URL, plan))
        made = deployer.post(URL, {**plan, "create": ""}, follow=True)
        assert made.status_code == 200
        assert "Abort" in words(made)
        assert made.context["deployment"].name in words(deployer.get("/deployments/"))
    assert home.deployments.count() == 2
    last = home.deployments.order_by("number").last()
    assert last is not None
    assert deployer.post(f"/deployments/{last.id}/abort/").status_code == 302
    assert home.deployments.filter(aborted_at__isnull=False).get() == last


@pytest.mark.parametrize(
    "wish",
    [
        lambda fleet: {"target": "all"},
        lambda fleet: {"target": "group", "group": "south"},
        lambda fleet: {"target": "devices", "devices": "gw-south"},
        lambda fleet: {"target": "devices", "devices": str(fleet["south"].id)},
        lambda fleet: {
            "target": "devices",
            "devices": "\n".join(str(device.id) for device in fleet.values()),
        },
    ],
    ids=["all", "group", "name", "id", "two"],
)
def test_what_is_out_of_bounds_is_neither_made_nor_rehearsed(
    deployer: Client,
    gateways: Fleet,
    release: Release,
    home: Organization,
    wish: Callable[[Fleet], dict[str, Any]],
) -> None:
    plan = typed(**wish(gateways))
    rehearsed = deployer.post(URL, plan)
    assert rehearsed.status_code == 200
    assert rehearsed.context["rehearsal"] is None
    assert deployer.post(URL, {**plan, "create": ""}).status_code == 422
    assert not home.deployments.exists()


def test_who_may_see_some_releases_deploys_these(
    gateways: Fleet, release: Release, home: Organization
) -> None:
    client = client_with(home, "DeployToDevices")
    role = home.custom_roles.get()
    tagged = {"name": "ReadReleases", "scope": {"type": "ReleaseTags", "value": ["stable"]}}
    role.permission_sets = [*role.permission_sets, tagged]
    role.save()
    assert "os-2" not in words(client.get(f"{URL}?release=os-2"))
    release.tags.create(name="stable")
    assert "os-2" in words(client.get(URL))


def others(home: Organization, release: Release) -> list[Deployment]:
    """One to everybody and one to a group out of bounds, with a log."""
    made = [
        make_deployment(home, release=release, name="To everybody"),
        make_deployment(home, release=release, name="To the south", group="south"),
    ]
    for each in made:
        each.device_deployments.update(has_log=True)
    return made


def test_other_deployments_are_not_there(
    deployer: Client, gateways: Fleet, release: Release, home: Organization
) -> None:
    made = others(home, release)
    page = words(deployer.get("/deployments/?show=all"))
    assert "To everybody" not in page
    assert "To the south" not in page
    for each in made:
        row = each.device_deployments.first()
        assert row is not None
        for path in ("", "abort/", f"log/{row.number}/"):
            assert deployer.get(f"/deployments/{each.id}/{path}").status_code == 403
        assert deployer.post(f"/deployments/{each.id}/abort/").status_code == 403
        assert str(row.device_ref) not in words(deployer.get(f"{URL}?failed_of={each.id}"))


@pytest.mark.parametrize("role", ["ReadDevices", "DeployToDevices", "remote_terminal"])
def test_a_device_shows_the_deployments_that_the_role_shows(
    gateways: Fleet, release: Release, home: Organization, role: str
) -> None:
    make_deployment(home, release=release, name="To everybody")
    make_deployment(home, release=release, name="To the north", group="north")
    if role == "remote_terminal":
        client = Client()
        client.force_login(make_user(organization=home, role=role))
    else:
        client = client_with(home, role)
    page = words(client.get(f"/devices/{gateways['north'].id}/"))
    assert "To everybody" not in page
    assert ("To the north" in page) == (role == "DeployToDevices")
