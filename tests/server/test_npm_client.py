"""What a client of Riverbed's does with an appliance, over the real server, to the new version."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from config.simulation.connection import INVENTORY
from tests.make import make_mender_file
from tests.server.crowd import CallingDevice, admit, crowd
from tests.server.riverbed import Appliance, Failed
from tests.serving import EMAIL, PASSWORD, Management, Server, serving

pytestmark = pytest.mark.server


class Probe(CallingDevice):
    """A device that runs "factory", and what a client asks to look after it."""

    url: str
    host: str

    def tell(self) -> None:
        told = {"device_type": self.who.device_type, "artifact_name": "factory"}
        body = [{"name": name, "value": value} for name, value in told.items()]
        self.http.put(INVENTORY, json=body, headers=self.headers).raise_for_status()

    def appliance(self) -> Appliance:
        return Appliance(self.url, self.host, (EMAIL, PASSWORD))

    def take(self, *words: str) -> None:
        """Call, and say how it goes."""
        offer = self.poll()
        assert offer.status_code == 200, offer.text
        for word in words:
            assert self.report(offer.json()["id"], word) == 204


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("npm")) as server:
        yield server


@pytest.fixture
def probe(server: Server, request: pytest.FixtureRequest) -> Iterator[Probe]:
    with httpx.Client(base_url=server.url, timeout=30) as http, Management(server) as management:
        (one,) = crowd(http, request.node.name, 1)
        device = Probe(http, one.who)
        device.authenticate()
        (number,) = admit(management, [device]).values()
        device.url, device.host = server.url, f"{number}.npm.slipway.example"
        device.tell()
        yield device


def image_called(name: str) -> bytes:
    return make_mender_file(name, device_types=["gateway"])


def versions(appliance: Appliance) -> list[str]:
    return [each["version"] for each in appliance.update()["update_history"]]


def test_an_appliance_is_updated(probe: Probe) -> None:
    with probe.appliance() as appliance:
        assert versions(appliance) == ["factory"]
        image = appliance.upload(image_called("first"))
        assert (image["version"], len(image["checksum"])) == ("first", 64)
        assert appliance.prepare()["target_version"] == "first"
        assert probe.poll().status_code == 204
        assert appliance.start()["state"] == "RUNNING"
        probe.take("downloading", "installing", "rebooting")
        assert appliance.update()["state_description"] == "Rebooting"
        probe.take("success")
        assert appliance.update()["state"] == "IDLE"
        assert versions(appliance) == ["factory", "first"]


def test_after_a_failure_the_client_begins_anew(probe: Probe) -> None:
    with probe.appliance() as appliance:
        appliance.upload(image_called("second"))
        appliance.prepare()
        appliance.start()
        probe.take("installing", "failure")
        assert appliance.update()["state"] == "FAILED_GRACEFUL"
        with pytest.raises(Failed) as refused:
            appliance.start()
        assert refused.value.args[:2] == (409, "INVALID_STATE")
        appliance.prepare()
        appliance.start()
        probe.take("success")
        assert versions(appliance) == ["factory", "second"]


def test_of_two_clients_one_prepares_it(probe: Probe) -> None:
    def prepare(_: int) -> str:
        with probe.appliance() as appliance:
            try:
                return str(appliance.follow("update", "init")["state"])
            except Failed as refusal:
                return str(refusal.args[1])

    with probe.appliance() as appliance:
        appliance.upload(image_called("third"))
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(prepare, range(4)))
    assert sorted(told) == ["INITIALIZED", *["INVALID_STATE"] * 3]


def test_who_is_nobody_is_told_so(probe: Probe) -> None:
    with Appliance(probe.url, probe.host, (EMAIL, "guessed")) as stranger:
        with pytest.raises(Failed) as refused:
            stranger.update()
        assert refused.value.args[:2] == (401, "AUTH_INVALID_CREDENTIALS")


def test_an_appliance_that_there_is_not(server: Server) -> None:
    login = (EMAIL, PASSWORD)
    with Appliance(server.url, "nobody.npm.slipway.example", login) as appliance:
        with pytest.raises(Failed) as refused:
            appliance.update()
        assert refused.value.args[:2] == (404, "RESOURCE_NOT_FOUND")
