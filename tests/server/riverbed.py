"""An appliance as Riverbed's own clients wrap one: found by its host, led by what its services say.

Source: SteelScript, AppResponse: connecting, SystemUpdateService, the script upgrade_appliance.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import httpx

Thing = dict[str, Any]
SERVICE = "npm.system_update"
PATIENCE = 30.0
PAUSE = 0.1


class Failed(Exception):
    """What the appliance refused: `args` are the status, and the two texts of its error."""


class Appliance:
    """Asks which services there are before it says who it is; then goes by their links alone."""

    def __init__(self, url: str, host: str, login: tuple[str, str]) -> None:
        self.http = httpx.Client(base_url=url, headers={"Host": host}, timeout=30)
        methods = self._plain("/api/common/1.0/auth_info")["supported_methods"]
        assert methods == ["BASIC"]
        versions = {
            each["id"]: each["versions"] for each in self._plain("/api/common/1.0/services")
        }
        self.base = f"/api/{SERVICE}/{max(versions[SERVICE])}"
        self.resources: dict[str, Thing] = self._plain(self.base)["resources"]
        self.http.auth = httpx.BasicAuth(*login)

    def __enter__(self) -> "Appliance":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def _plain(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def follow(self, resource: str, link: str, content: bytes | None = None) -> Thing:
        """What a link of a resource gives; raises Failed."""
        links = self.resources[resource]["links"]
        there = links[link].get("path", links["self"]["path"])
        path = urljoin(f"{self.base}/", there.removeprefix("$/"))
        answer = self.http.request(links[link]["method"], path, content=content)
        if answer.status_code == 200:
            found: Thing = answer.json()
            return found
        told = answer.json()
        # A third key is more than the client can read.
        assert told.keys() == {"error_id", "error_text"}
        raise Failed(answer.status_code, told["error_id"], told["error_text"])

    def update(self) -> Thing:
        return self.follow("update", "get")

    def image(self, number: int) -> Thing:
        """As the client looks for one: by its id among all of them."""
        items = self.follow("images", "get")["items"]
        return next(each for each in items if each["id"] == number)

    def upload(self, content: bytes) -> Thing:
        """The image, once it is there and known to be valid."""
        number = self.follow("images", "upload", content)["id"]
        wait_for(lambda: self.image(number)["progress"] == 100)
        wait_for(lambda: self.image(number)["state"] != "VALIDATING")
        image = self.image(number)
        assert image["state"] == "VALID", image
        return image

    def prepare(self) -> Thing:
        """Whatever it was up to, the update is idle, and then waits to be started."""
        if self.update()["state"] != "IDLE":
            self.follow("update", "reset")
            wait_for(lambda: self.update()["state"] == "IDLE")
        self.follow("update", "init")
        wait_for(lambda: self.update()["state"] != "INITIALIZING")
        update = self.update()
        assert update["state"] == "INITIALIZED", update
        return update

    def start(self) -> Thing:
        return self.follow("update", "start")


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(PAUSE)
