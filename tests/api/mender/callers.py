"""Who calls in these tests: a person, a device, or anybody with any token."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from fleet import access_tokens, device_tokens
from fleet.models import Device, Organization, Role
from fleet.states import Admission
from tests.make import PASSWORD, Key, make_device, make_key, make_organization, make_user

NOTHING = object()


def checked_client() -> Client:
    """One that is asked for what a server asks of a browser, which no caller here is."""
    return Client(enforce_csrf_checks=True)


@dataclass
class Caller:
    """Calls paths below `root`; what is not bytes goes out as JSON."""

    root: str
    token: str = ""
    client: Client = field(default_factory=checked_client)

    def call(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        raw = b"" if body is NOTHING else body if isinstance(body, bytes) else json.dumps(body)
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        spelt = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"{self.root}/{path}", raw, content_type=content_type, headers=spelt
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, content_type="", **headers)

    def post(self, path: str, body: Any = NOTHING, **more: Any) -> Any:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = NOTHING, **more: Any) -> Any:
        return self.call("PUT", path, body, **more)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path, content_type="")


@dataclass
class Person(Caller):
    root: str = "/api/management"
    organization: Organization = field(default_factory=make_organization)


@dataclass
class Box(Caller):
    root: str = "/api/devices"
    device: Device = field(default_factory=Device)
    key: Key = field(default_factory=make_key)

    def poll(self, artifact_name: str = "old", device_type: str = "board", **provides: str) -> Any:
        provided = {"artifact_name": artifact_name, "device_type": device_type, **provides}
        return self.post("v2/deployments/device/deployments/next", {"device_provides": provided})

    def report(self, deployment_id: UUID | str, status: str, **more: Any) -> Any:
        path = f"v1/deployments/device/deployments/{deployment_id}/status"
        return self.put(path, {"status": status, **more})


def person(organization: Organization | None = None, role: Role = Role.ADMINISTRATOR) -> Person:
    organization = organization or make_organization()
    user = make_user(organization=organization, role=role)
    token = access_tokens.sign_in(email=user.email, password=PASSWORD)
    assert token
    return Person(token=token, organization=organization)


def box(organization: Organization | None = None, **facts: Any) -> Box:
    """An accepted device with its token."""
    device = make_device(organization, **facts)
    auth_set = device.auth_sets.get(status=Admission.ACCEPTED)
    return Box(token=device_tokens.issue(auth_set), device=device)


def stranger(root: str = "/api/management") -> Caller:
    return Caller(root)


def error_of(response: Any, status: int) -> str:
    """The text of an error answer, once its shape is what it must be."""
    assert response.status_code == status, (response.status_code, response.content[:500])
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert body["request_id"] == response.headers["X-MEN-RequestID"]
    assert isinstance(body["error"], str)
    return str(body["error"])
