"""The life of an action, told by both of hawkBit's APIs. Source: hawkBit, behaviour of actions."""

from typing import Any

import pytest

from artifacts.models import Release
from fleet import presence
from fleet.models import Device, Organization
from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.conftest import DistributionSetMaker
from tests.api.hawkbit.ddi.callers import Controller, allow, controller
from tests.api.hawkbit.test_actions import assign, details
from tests.make import make_target

Life = tuple[str, int | None, int | None]


@pytest.fixture
def device(organization: Organization) -> Device:
    return make_target(organization, "137")


@pytest.fixture
def box(device: Device) -> Controller:
    return controller(device)


def life(hawkbit: Hawkbit) -> Life:
    """The update status of the target, and the numbers of the sets assigned and installed."""
    shown = hawkbit.get("/targets/137").json()["updateStatus"]
    return shown, _set(hawkbit, "assignedDS"), _set(hawkbit, "installedDS")


def _set(hawkbit: Hawkbit, which: str) -> int | None:
    answer = hawkbit.get(f"/targets/137/{which}")
    return None if answer.status_code == 204 else int(answer.json()["id"])


def task(path: str, kind: str = "deploymentBase") -> str:
    return f"{kind}/{path.rpartition('/')[2]}"


def installs(hawkbit: Hawkbit, box: Controller, release: Release) -> str:
    """Have the set assigned and installed; the address of the action."""
    path = assign(hawkbit, "137", release)
    assert box.get(task(path)).status_code == 200
    assert box.say(task(path), "closed", "success") == 200
    return path


def test_from_unknown_to_in_sync(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    number = release.number
    assert life(hawkbit) == ("unknown", None, None)
    assert box.does() == ""
    presence.flush()
    assert life(hawkbit)[0] == "registered"
    path = assign(hawkbit, "137", release)
    assert life(hawkbit) == ("pending", number, None)
    assert box.does() == "deploymentBase"
    assert details(hawkbit, path)[2] == "running"
    assert box.get(task(path)).status_code == 200
    assert details(hawkbit, path)[2] == "retrieved"
    assert box.say(task(path), "proceeding", details=["half way"]) == 200
    assert life(hawkbit) == ("pending", number, None)
    assert box.say(task(path), "closed", "success", code=7, details=["done"]) == 200
    assert details(hawkbit, path) == ("update", "finished", "finished", False)
    assert life(hawkbit) == ("in_sync", number, number)
    assert "installedAt" in hawkbit.get("/targets/137").json()
    assert hawkbit.get(path).json()["lastStatusCode"] == 7
    assert box.say(task(path), "closed", "success") == 410
    history = hawkbit.get(f"{path}/status").json()["content"]
    assert [each["type"] for each in history] == ["finished", "running", "retrieved", "running"]
    assert history[0]["code"] == 7
    assert history[1]["messages"] == ["half way"]


def test_a_failure_leaves_nothing_assigned(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    old, new = distribution_set(version="1"), distribution_set(version="2")
    installs(hawkbit, box, old)
    path = assign(hawkbit, "137", new)
    assert box.say(task(path), "closed", "failure") == 200
    assert details(hawkbit, path) == ("update", "finished", "error", False)
    assert life(hawkbit) == ("error", None, old.number)
    assert box.does() == ""
    assert life(hawkbit)[0] == "error"


def test_what_is_obsolete_is_left_before_the_new_is_told(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    old, new = distribution_set(version="1"), distribution_set(version="2")
    first, second = assign(hawkbit, "137", old), assign(hawkbit, "137", new)
    assert box.does() == "cancelAction"
    assert box.get(task(first)).status_code == 404
    assert box.get(task(first, "cancelAction")).status_code == 200
    assert life(hawkbit) == ("pending", new.number, None)
    assert box.say(task(first, "cancelAction"), "closed", "success") == 200
    assert details(hawkbit, first) == ("cancel", "finished", "canceled", False)
    assert life(hawkbit) == ("pending", new.number, None)
    assert box.does() == "deploymentBase"
    assert task(second) in box.links()["deploymentBase"]


def test_a_device_may_refuse_to_leave(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    path = assign(hawkbit, "137", distribution_set())
    box.get(task(path))
    hawkbit.delete(path)
    assert box.say(task(path, "cancelAction"), "rejected", details=["too late"]) == 200
    assert details(hawkbit, path)[3] is True
    assert details(hawkbit, path)[0] == "update"
    last = hawkbit.get(f"{path}/status").json()["content"][0]
    assert (last["type"], last["messages"]) == ("cancel_rejected", ["too late"])
    assert hawkbit.delete(path).status_code == 204
    assert box.say(task(path, "cancelAction"), "closed", "failure") == 200
    assert box.does() == "deploymentBase"
    assert box.say(task(path), "closed", "success") == 200
    assert life(hawkbit)[0] == "in_sync"
    assert box.say(task(path, "cancelAction"), "closed", "success") == 405


def test_a_canceled_action_leaves_what_was_installed(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    old, new = distribution_set(version="1"), distribution_set(version="2")
    installs(hawkbit, box, old)
    path = assign(hawkbit, "137", new)
    hawkbit.delete(path)
    assert box.say(task(path, "cancelAction"), "closed", "success") == 200
    assert life(hawkbit) == ("in_sync", old.number, old.number)


def test_the_steps_of_a_migration_come_one_after_the_other(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    step, goal = distribution_set(version="1", is_migration_step=True), distribution_set()
    first, second = assign(hawkbit, "137", step), assign(hawkbit, "137", goal)
    assert life(hawkbit) == ("pending", goal.number, None)
    for path, told in ((first, ("pending", goal.number, step.number)), (second, None)):
        assert task(path) in box.links()["deploymentBase"]
        assert box.say(task(path), "closed", "success") == 200
        assert life(hawkbit) == (told or ("in_sync", goal.number, goal.number))


def test_the_weightiest_goes_first(
    hawkbit: Hawkbit, device: Device, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    allow(device.organization, multi_assignment_enabled=True)
    paths = [
        assign(hawkbit, "137", distribution_set(version=str(weight)), weight=weight)
        for weight in (500, 800, 0)
    ]
    for at in (1, 0, 2):
        assert task(paths[at]) in box.links()["deploymentBase"]
        assert box.say(task(paths[at]), "closed", "success") == 200
    assert box.does() == ""


def test_what_is_to_be_downloaded_only(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    path = assign(hawkbit, "137", release, type="downloadonly")
    shown = box.get(task(path)).json()["deployment"]
    assert (shown["download"], shown["update"]) == ("forced", "skip")
    assert box.say(task(path), "downloaded") == 200
    assert details(hawkbit, path) == ("update", "finished", "downloaded", False)
    assert life(hawkbit) == ("in_sync", release.number, None)


def test_soft_is_an_attempt_until_somebody_forces_it(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    path = assign(hawkbit, "137", distribution_set(), type="soft")

    def told() -> tuple[str, str]:
        shown: dict[str, Any] = box.get(task(path)).json()["deployment"]
        return shown["download"], shown["update"]

    assert told() == ("attempt", "attempt")
    before = box.links()["deploymentBase"]
    assert hawkbit.put(path, {"forceType": "forced"}).status_code == 200
    assert told() == ("forced", "forced")
    assert box.links()["deploymentBase"] != before


def test_nothing_is_told_before_it_is_confirmed(
    hawkbit: Hawkbit, device: Device, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    allow(device.organization, confirmation_flow_enabled=True)
    path = assign(hawkbit, "137", distribution_set())
    assert box.does() == "confirmationBase"
    assert box.get(task(path)).status_code == 404
    assert box.say(task(path), "proceeding") == 404
    assert hawkbit.put(f"{path}/confirmation", {"confirmation": "denied"}).status_code == 204
    assert box.does() == "confirmationBase"
    assert hawkbit.put(f"{path}/confirmation", {"confirmation": "confirmed"}).status_code == 204
    assert box.does() == "deploymentBase"


def test_what_a_device_installed_by_itself(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    body = {"name": "fw", "version": "1.0"}
    assert box.put("installedBase", body).status_code == 201
    assert box.put("installedBase", body).status_code == 200
    assert life(hawkbit) == ("in_sync", release.number, release.number)
    (shown,) = hawkbit.get("/targets/137/actions").json()["content"]
    assert (shown["status"], shown["active"]) == ("finished", False)


def test_offline_is_for_who_has_nothing_to_do(
    hawkbit: Hawkbit, box: Controller, distribution_set: DistributionSetMaker
) -> None:
    old, new = distribution_set(version="1"), distribution_set(version="2")
    path = assign(hawkbit, "137", old)
    offline = {"id": new.number}
    answer = hawkbit.post("/targets/137/assignedDS?offline=true", offline).json()
    assert (answer["assigned"], answer["alreadyAssigned"]) == (0, 1)
    assert box.say(task(path), "closed", "failure") == 200
    answer = hawkbit.post("/targets/137/assignedDS?offline=true", offline).json()
    assert (answer["assigned"], answer["alreadyAssigned"]) == (1, 0)
    assert life(hawkbit) == ("in_sync", new.number, new.number)
