"""Who may see or change the devices of some groups sees or changes these targets."""

import pytest

from fleet.models import Device, Organization
from tests.api.hawkbit.callers import Hawkbit, bounded_caller
from tests.api.hawkbit.conftest import TargetMaker


@pytest.fixture(autouse=True)
def fleet(target: TargetMaker) -> None:
    for group in ("north", "south", ""):
        target(f"in {group or 'none'}".replace(" ", "-"), group=group)


@pytest.fixture
def manager(organization: Organization) -> Hawkbit:
    return bounded_caller(organization, "ReadDevices", "ManageDevices")


def test_the_list_ends_at_the_bounds(manager: Hawkbit) -> None:
    body = manager.get("/targets").json()
    assert ([each["controllerId"] for each in body["content"]], body["total"]) == (["in-north"], 1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/metadata"),
        ("POST", "/autoConfirm/activate"),
        ("DELETE", "/targettype"),
    ],
)
def test_beyond_them_there_are_no_targets(manager: Hawkbit, method: str, path: str) -> None:
    assert manager.send(method, f"/targets/in-south{path}", {}).status_code == 404
    assert manager.send(method, f"/targets/in-none{path}", {}).status_code == 404
    assert manager.send(method, f"/targets/in-north{path}", {}).status_code in {200, 204}
    assert Device.objects.filter(controller_id__in=["in-south", "in-none"]).count() == 2


def test_within_them_the_token_is_told_to_who_may_change(
    manager: Hawkbit, organization: Organization
) -> None:
    assert "securityToken" in manager.get("/targets/in-north").json()
    reader = bounded_caller(organization, "ReadDevices")
    assert "securityToken" not in reader.get("/targets/in-north").json()
    assert reader.put("/targets/in-north", {"name": "renamed"}).status_code == 403
    assert reader.delete("/targets/in-north").status_code == 403


def test_targets_are_created_by_who_may_change_all(manager: Hawkbit) -> None:
    for body in ({"controllerId": "new"}, {"controllerId": "new", "group": "north"}):
        response = manager.post("/targets", body)
        assert response.status_code == 403
        assert response.json()["errorCode"] == "hawkbit.server.error.insufficientPermission"
    assert Device.objects.count() == 3


def test_a_target_is_created_in_a_group(hawkbit: Hawkbit) -> None:
    made = hawkbit.post("/targets", {"controllerId": "new", "group": "north"}).json()
    assert made[0]["group"] == "north"
    assert hawkbit.post("/targets", {"controllerId": "x", "group": "a b"}).status_code == 400
