"""Who calls an appliance in the tests: a member, or an API key, of the device's organization."""

from base64 import b64encode
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from fleet.access_tokens import issue_personal
from fleet.api_keys import issue
from fleet.models import Device, Organization, Role
from fleet.people import actor_of
from tests.make import make_actor, make_organization, make_user

BASE = "/api/npm.system_update/2.0"


class Npm:
    """Calls with HTTP Basic of the appliance `device` by its host; paths are below the base.

    Bodies are told as JSON, bytes go as they are. `host` and `prefix` say otherwise where it is.
    """

    def __init__(
        self, authorization: str, device: Device | None, *, host: str = "", prefix: str = ""
    ) -> None:
        self.authorization = authorization
        self.device = device
        self.host = host or (f"{device.number}.npm.testserver" if device else "testserver")
        self.prefix = prefix

    def get(self, path: str = "", **facts: Any) -> HttpResponse:
        return self.send("GET", path, **facts)

    def post(self, path: str, data: Any = None, **facts: Any) -> HttpResponse:
        return self.send("POST", path, data, **facts)

    def put(self, path: str, data: Any = None, **facts: Any) -> HttpResponse:
        return self.send("PUT", path, data, **facts)

    def delete(self, path: str, **facts: Any) -> HttpResponse:
        return self.send("DELETE", path, **facts)

    def upload(self, content: bytes, *, version: str = "", **facts: Any) -> HttpResponse:
        headers = {"X-Image-Version": version} if version else {}
        return self.send(
            "POST", "/images/upload", content, content_type="", headers=headers, **facts
        )

    def send(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        body = data if isinstance(data, bytes) else b"" if data is None else orjson.dumps(data)
        client = Client(enforce_csrf_checks=True)
        known = {"authorization": self.authorization} if self.authorization else {}
        return client.generic(
            method,
            self.prefix + (path if path.startswith("/api/") else BASE + path),
            body,
            content_type=content_type,
            headers={"host": self.host, **known, **(headers or {})},
        )


def npm_caller(
    device: Device | None = None,
    role: Role | str = Role.RELEASE_MANAGER,
    organization: Organization | None = None,
    **facts: Any,
) -> Npm:
    """Somebody new with that role in the organization of the device, or in the one given."""
    organization = organization or (device.organization if device else make_organization())
    user = make_user(role=role, organization=organization)
    membership = user.memberships.select_related("user", "organization").get()
    secret = issue_personal(actor=actor_of(membership), membership=membership, name="script")
    return Npm(basic(user.email, secret), device, **facts)


def key_caller(device: Device, level: Role = Role.RELEASE_MANAGER) -> Npm:
    """An API key of the device's organization."""
    actor = make_actor(device.organization)
    issued = issue(actor=actor, organization=device.organization, name="script", level=level)
    return Npm(basic(issued.key.key_id, issued.secret), device)


def basic(login: str, secret: str) -> str:
    """The value of the header Authorization."""
    return f"Basic {b64encode(f'{login}:{secret}'.encode()).decode()}"
