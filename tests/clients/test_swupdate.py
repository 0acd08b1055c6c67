"""Debian's swupdate, unmodified, against a whole installation: targets, rollouts, plug and play."""

import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.swupdate import Signer, SwupdateDevice, make_image, make_signer, why_not
from tests.installation import Installation, installation
from tests.serving import EMAIL, PASSWORD

pytestmark = [
    pytest.mark.client,
    pytest.mark.server,
    pytest.mark.skipif(bool(why_not()), reason=f"swupdate: {why_not()}"),
]
GATEWAY = "a-gateway-token"
# Quicker than anybody may set it.
QUICK = """
from fleet.models import Organization
organization = Organization.objects.get(key="DEFAULT")
organization.policies["polling_time"] = {"value": 2}
organization.save()
"""


def eventually(what: str, happened: Callable[[], Any], seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.3)
    return found


class World:
    """A server, somebody who administers it, and a signer whom the devices trust."""

    def __init__(self, server: Installation, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.http = httpx.Client(
            base_url=f"{server.url}/rest/v1", auth=(EMAIL, PASSWORD), timeout=60
        )
        self.good, self.bad = make_signer(folder, "good"), make_signer(folder, "bad")
        self.devices: list[SwupdateDevice] = []

    def allow(self, **values: Any) -> None:
        for name, value in values.items():
            path = f"/system/configs/{name.replace('__', '.')}"
            assert self.http.put(path, json={"value": value}).is_success

    def get(self, path: str) -> Any:
        response = self.http.get(path)
        return response.json() if response.content and response.status_code == 200 else {}

    def make(self, path: str, body: Any) -> Any:
        response = self.http.post(path, json=body)
        assert response.status_code == 201, response.text
        return response.json()

    def device(self, controller_id: str) -> SwupdateDevice:
        made = SwupdateDevice(self.server.url, self.folder, controller_id, self.good)
        self.devices.append(made)
        return made

    def target(self, controller_id: str) -> tuple[SwupdateDevice, str]:
        """A new target whose client runs, and its token."""
        self.make("/targets", [{"controllerId": controller_id}])
        token = self.get(f"/targets/{controller_id}")["securityToken"]
        device = self.device(controller_id)
        device.start("-k", token)
        return device, token

    def distribution_set(self, version: str, payload: bytes, signer: Signer, target: Path) -> int:
        image = make_image(self.folder, version, payload, signer, target)
        facts = {"name": "swu", "version": version}
        (module,) = self.make("/softwaremodules", [{**facts, "type": "os"}])
        with image.open("rb") as content:
            path = f"/softwaremodules/{module['id']}/artifacts"
            assert self.http.post(path, files={"file": (image.name, content)}).status_code == 201
        modules = [{"id": module["id"]}]
        body = [{**facts, "type": "os", "modules": modules}]
        (made,) = self.make("/distributionsets", body)
        return int(made["id"])

    def rollout(self, name: str, query: str, release: int, groups: int) -> int:
        body = {
            "name": name,
            "targetFilterQuery": query,
            "distributionSetId": release,
            "amountGroups": groups,
            "successCondition": {"condition": "THRESHOLD", "expression": "100"},
            "errorCondition": {"condition": "THRESHOLD", "expression": "10"},
            "errorAction": {"action": "PAUSE", "expression": ""},
        }
        number = int(self.make("/rollouts", body)["id"])
        eventually("the groups", lambda: self.status(number) == "ready")
        assert self.http.post(f"/rollouts/{number}/start").is_success
        return number

    def status(self, rollout: int) -> str:
        return str(self.get(f"/rollouts/{rollout}")["status"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("swupdate")
    with installation(
        folder,
        SLIPWAY_ADMIN_EMAIL=EMAIL,
        SLIPWAY_ADMIN_PASSWORD=PASSWORD,
        SLIPWAY_ORGANIZATION="DEFAULT",
    ) as server:
        server.start()
        world = World(server, folder)
        world.allow(
            authentication__targettoken__enabled=True,
            authentication__gatewaytoken__enabled=True,
            authentication__gatewaytoken__key=GATEWAY,
        )
        server.manage("shell", "-v0", "-c", QUICK)
        try:
            yield world
        finally:
            for device in world.devices:
                device.remove()
            world.http.close()


def test_a_wrong_token_is_refused(world: World) -> None:
    world.make("/targets", [{"controllerId": "wary"}])
    device = world.device("wary")
    device.start("-k", "not-its-token")
    eventually("a refusal", lambda: "HTTP error code 401" in device.said())
    assert not world.get("/targets/wary/attributes")


def test_a_signed_image_is_installed_through_a_rollout(world: World) -> None:
    device, token = world.target("ring-1")
    attributes = "/targets/ring-1/attributes"
    eventually("attributes", lambda: world.get(attributes).get("serial") == "ring-1")
    payload = secrets.token_bytes(200_000)
    release = world.distribution_set("1.0", payload, world.good, device.target)
    rollout = world.rollout("first", "name==ring-1", release, groups=1)
    eventually("an installation", lambda: "pending testing" in device.said())
    assert device.target.read_bytes() == payload
    assert world.get("/targets/ring-1")["updateStatus"] == "pending"
    device.restart("-k", token, outcome="2")
    eventually("success", lambda: world.get("/targets/ring-1")["updateStatus"] == "in_sync")
    assert world.get("/targets/ring-1/installedDS")["version"] == "1.0"
    eventually("the end of the rollout", lambda: world.status(rollout) == "finished")
    (action,) = world.get("/targets/ring-1/actions")["content"]
    path = f"/targets/ring-1/actions/{action['id']}/status?limit=100"
    told = {entry["type"] for entry in world.get(path)["content"]}
    assert told >= {"retrieved", "download", "running", "finished"}


def test_a_failure_pauses_the_rollout_before_the_next_group(world: World) -> None:
    first, _ = world.target("wave-1")
    second, _ = world.target("wave-2")
    release = world.distribution_set("2.0", b"evil", world.bad, first.target)
    rollout = world.rollout("second", "name==wave-*", release, groups=2)
    eventually("a failure", lambda: world.get("/targets/wave-1")["updateStatus"] == "error")
    eventually("a pause", lambda: world.status(rollout) == "paused")
    groups = world.get(f"/rollouts/{rollout}/deploygroups")["content"]
    assert [group["status"] for group in groups] == ["error", "scheduled"]
    time.sleep(5)
    assert not first.target.exists()
    assert "deploymentBase" not in second.said(), "it was told nothing"
    assert world.get("/targets/wave-2")["updateStatus"] == "registered"


def test_what_is_cancelled_is_left(world: World) -> None:
    device, token = world.target("fickle")
    eventually("attributes", lambda: world.get("/targets/fickle/attributes"))
    device.stop()
    release = world.distribution_set("3.0", b"three", world.good, device.target)
    answer = world.http.post("/targets/fickle/assignedDS", json={"id": release, "type": "forced"})
    action = f"/targets/fickle/actions/{answer.json()['assignedActions'][0]['id']}"
    assert world.http.delete(action).status_code == 204
    device.start("-k", token)
    eventually("its word", lambda: world.get(action)["detailStatus"] == "canceled")
    assert not device.target.exists()


def test_a_device_nobody_knows_registers_through_a_gateway(world: World) -> None:
    device = world.device("newcomer")
    device.start("-g", GATEWAY)
    attributes = "/targets/newcomer/attributes"
    eventually("attributes", lambda: world.get(attributes).get("serial") == "newcomer")
    told = world.get("/targets/newcomer")
    assert told["createdBy"] == "CONTROLLER_PLUG_AND_PLAY"
    assert told["updateStatus"] == "registered"
