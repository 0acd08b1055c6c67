"""Devices that speak hawkBit's DDI, through Django or the lane in front of it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import orjson
from django.http import HttpResponse
from django.test import Client

from fleet.models import Device, Organization
from fleet.security_tokens import token_of

ALL_WAYS = ("target_token_enabled", "gateway_token_enabled", "anonymous_enabled")


def allow(organization: Organization, **values: Any) -> None:
    """Set switches of the organization, whoever may."""
    kept = {name: {"value": value} for name, value in values.items()}
    organization.policies = organization.policies | kept
    organization.save(update_fields=["policies"])


class Controller:
    """A device by its controller id; it sends its security token unless told otherwise."""

    def __init__(
        self,
        organization: Organization,
        controller_id: str,
        *,
        authorization: str = "",
        tenant: str = "",
    ) -> None:
        self.root = (
            f"/{quote(tenant or organization.key)}/controller/v1/{quote(controller_id, safe='')}"
        )
        headers = {"authorization": authorization} if authorization else {}
        self.client = Client(enforce_csrf_checks=True, headers=headers)

    def get(self, path: str = "", **headers: str) -> Any:
        """A path of ours, or an address as it was told."""
        return self.client.get(self.address(path), headers=spelt(headers))

    def head(self, path: str, **headers: str) -> Any:
        return self.client.head(self.address(path), headers=spelt(headers))

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        return self.send("POST", path, data, **more)

    def put(self, path: str, data: Any = None, **more: Any) -> Any:
        return self.send("PUT", path, data, **more)

    def send(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        content_type: str = "application/json;charset=UTF-8",
        **headers: str,
    ) -> HttpResponse:
        body = data if isinstance(data, bytes) else b"" if data is None else orjson.dumps(data)
        return self.client.generic(
            method,
            self.address(path),
            body,
            content_type=content_type,
            headers=spelt(headers),
        )

    def address(self, path: str) -> str:
        if path.startswith("http"):
            return "/" + path.split("/", 3)[3]
        return f"{self.root}/{path}" if path else self.root

    def links(self) -> dict[str, str]:
        """What a poll is told to do: addresses by their relations."""
        response = self.get()
        assert response.status_code == 200, response.content
        return {name: link["href"] for name, link in response.json().get("_links", {}).items()}

    def does(self) -> str:
        """Which of the three things a poll may be told to do, empty if none."""
        tasks = self.links().keys() & {"confirmationBase", "cancelAction", "deploymentBase"}
        assert len(tasks) < 2
        return next(iter(tasks), "")

    def say(self, path: str, execution: str, finished: str = "none", **status: Any) -> int:
        """Feedback; the status of the answer, which has no body if it is well."""
        body = feedback(execution, finished, **status)
        response = self.post(f"{path}/feedback", body)
        if response.status_code == 200:
            assert response.content == b""
        return int(response.status_code)


def feedback(execution: str, finished: str = "none", **status: Any) -> dict[str, Any]:
    result = {"finished": finished}
    return {"id": "1", "status": {"execution": execution, "result": result, **status}}


def controller(device: Device) -> Controller:
    """The device with its own token, which its organization allows from now on."""
    allow(device.organization, target_token_enabled=True)
    token = token_of(device)
    return Controller(
        device.organization, device.controller_id, authorization=f"TargetToken {token}"
    )


def spelt(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def downloads(shown: dict[str, Any]) -> Iterable[str]:
    """The addresses of the files of a deployment."""
    for chunk in shown["deployment"]["chunks"]:
        for artifact in chunk["artifacts"]:
            yield artifact["_links"]["download-http"]["href"]
