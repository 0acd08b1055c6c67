"""Debian's mender-client, unmodified, against the running server."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.mender_device import MenderDevice, make_artifact, why_not
from tests.serving import Management, Server, serving

pytestmark = [
    pytest.mark.client,
    pytest.mark.skipif(bool(why_not()), reason=f"mender-client: {why_not()}"),
]


def eventually(what: str, happened: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.2)


class World:
    """One server and one accepted device whose daemon runs."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.management = Management(server)
        (folder / "device").mkdir()
        self.client = MenderDevice(server.url, folder / "device")
        self.device = ""

    def deploy(self, name: str) -> str:
        self.management.upload(make_artifact(self.folder, name))
        deployment = self.management.deploy(name, [self.device])
        self.client.once("check-update")
        return deployment

    def state(self, deployment: str) -> str:
        return self.management.states(deployment).get(self.device, "")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("mender-client")
    (folder / "data").mkdir()
    with serving(folder / "data") as server:
        world = World(server, folder)
        assert world.client.once("bootstrap") == 1
        device = world.management.device(sn=world.client.serial)
        assert device["status"] == "pending"
        world.management.set_status(device, "accepted")
        assert world.client.once("bootstrap") == 0
        world.device = str(device["id"])
        with world.client.running(), world.management:
            yield world


def test_the_inventory_arrives(world: World) -> None:
    eventually("inventory", lambda: world.management.inventory(world.device).get("site") == "lab")
    inventory = world.management.inventory(world.device)
    assert sorted(inventory["n"]) == ["1", "2"]  # type: ignore[call-overload]


def test_an_update_is_installed_and_not_offered_again(world: World) -> None:
    deployment = world.deploy("release-1")
    eventually("success", lambda: world.state(deployment) == "success")
    installed = world.client.folder / "out/payload-release-1"
    assert installed.read_text() == "content of release-1"
    before = world.client.said().lower().count("received response:204 no content")
    world.client.once("check-update")
    eventually(
        "an idle poll",
        lambda: world.client.said().lower().count("received response:204 no content") > before,
    )
    assert (
        world.management.http.get(f"/v1/deployments/deployments/{deployment}").json()["status"]
        == "finished"
    )


def test_a_failing_module_reports_failure_and_its_log(world: World) -> None:
    world.client.control("fail")
    deployment = world.deploy("release-bad")
    eventually("failure", lambda: world.state(deployment) == "failure")
    world.client.control("fail", None)
    eventually("log", lambda: "told to fail" in world.management.log(deployment, world.device))
    assert "ArtifactRollback" in world.client.module_states()


def test_an_abort_makes_the_client_roll_back(world: World) -> None:
    world.client.control("sleep", "5")
    deployment = world.deploy("release-aborted")
    eventually("installing", lambda: world.state(deployment) == "installing")
    rollbacks = world.client.module_states().count("ArtifactRollback")
    assert world.management.abort(deployment) == 204
    world.client.control("sleep", None)
    eventually(
        "rollback", lambda: world.client.module_states().count("ArtifactRollback") > rollbacks
    )
    assert world.state(deployment) == "aborted"


def test_a_rejected_device_is_cut_off_until_it_is_accepted_again(world: World) -> None:
    refused = world.client.said().count("authentication request rejected")
    device = world.management.device(sn=world.client.serial)
    world.management.set_status(device, "rejected")
    eventually(
        "refusal",
        lambda: world.client.said().count("authentication request rejected") > refused,
    )
    world.management.set_status(device, "accepted")
    deployment = world.deploy("release-2")
    eventually("success", lambda: world.state(deployment) == "success")


def test_a_configuration_reaches_its_update_module(world: World) -> None:
    wanted = {"timezone": "Europe/Warsaw", "motd": "one\ntwo", "ąę": ""}
    path = f"/v1/deviceconfig/configurations/device/{world.device}"
    assert world.management.http.put(path, json=wanted).status_code == 204
    answer = world.management.http.post(f"{path}/deploy", json={"retries": 0})
    deployment = answer.json()["deployment_id"]
    world.client.once("check-update")
    eventually("success", lambda: world.state(deployment) == "success")
    installed = world.client.folder / "out/configuration.json"
    assert json.loads(installed.read_text()) == wanted


def test_an_update_pauses_until_its_control_map_lets_it_go_on(world: World) -> None:
    def act(action: str) -> dict[str, object]:
        return {"priority": 1, "states": {"ArtifactInstall_Enter": {"action": action}}}

    world.management.upload(make_artifact(world.folder, "release-held"))
    deployment = world.management.deploy(
        "release-held", [world.device], update_control_map=act("pause")
    )
    world.client.once("check-update")
    eventually("a pause", lambda: world.state(deployment) == "pause_before_installing")
    assert not (world.client.folder / "out/payload-release-held").exists()
    path = f"/v1/deployments/deployments/{deployment}"
    changed = world.management.http.patch(path, json={"update_control_map": act("force_continue")})
    assert changed.status_code == 204
    eventually("success", lambda: world.state(deployment) == "success", 120)
    assert (world.client.folder / "out/payload-release-held").exists()
