"""People and their scripts, as callers of Slipway's own API."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from fleet.access_tokens import issue_personal
from fleet.models import Membership, Organization, Role
from fleet.people import actor_of
from tests.make import make_organization, make_user

ROOT = "/api/v1"


class Caller:
    """Calls with a personal access token; paths are below `/api/v1`, bodies are JSON."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        self.organization = membership.organization
        actor = actor_of(membership)
        self.token = issue_personal(actor=actor, membership=membership, name="script")
        bearer = {"authorization": f"Bearer {self.token}"}
        self._client = Client(enforce_csrf_checks=True, headers=bearer)

    def get(self, path: str, **parameters: Any) -> HttpResponse:
        headers = parameters.pop("headers", None)
        return self._client.get(_address(path), parameters, headers=headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Any call with a JSON body; `if_match="…"` becomes the header If-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.generic(
            method,
            _address(path),
            b"" if body is None else orjson.dumps(body),
            content_type="application/json",
            headers=named,
        )

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, body, **headers)


def caller(
    role: Role | str = Role.ADMINISTRATOR, organization: Organization | None = None, **facts: Any
) -> Caller:
    """Somebody new with that role in the organization, or in a new one."""
    organization = organization or make_organization()
    user = make_user(role=role, organization=organization, **facts)
    return Caller(user.memberships.select_related("user", "organization").get())


def _address(path: str) -> str:
    return path if path.startswith("/api/") else f"{ROOT}{path}"
