"""Scripts with an API key, as callers of Carbon Black's APIs."""

import itertools
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from fleet.api_keys import digest_of
from fleet.models import ApiKey, Organization, Role
from tests.make import make_organization

JOBS = "/sensor_update_service/v3/orgs/{org_key}/jobs"
SERVICE_JOBS = "/jobs/v1/orgs/{org_key}/jobs"
_serial = itertools.count(1)


class CarbonBlack:
    """Calls with `X-AUTH-TOKEN`; `{org_key}` in a path is the organization's own.

    Paths that begin with no base are below the jobs of Sensor Update Services.
    """

    def __init__(
        self,
        organization: Organization | None = None,
        *,
        level: Role | str = Role.ADMINISTRATOR,
        key_id: str = "",
        secret: str = "ABCDEFGHIJKLMNO123456789",  # noqa: S107  of the seed's examples
    ) -> None:
        number = next(_serial)
        self.organization = organization or make_organization()
        self.key = ApiKey.objects.create(
            organization=self.organization,
            name=f"script {number}",
            key_id=key_id or f"SCRIPT{number:04}",
            digest=digest_of(secret),
            level=level,
        )
        self.token = f"{secret}/{self.key.key_id}"
        self._client = Client(enforce_csrf_checks=True, headers={"x-auth-token": self.token})

    def quote_token(self) -> None:
        """As the seed's examples have it."""
        self.come_with(x_auth_token=f'"{self.token}"')

    def come_with(self, **headers: str) -> None:
        """With these headers instead."""
        self._client = Client(headers=headers)

    def come_from(self, address: str) -> None:
        self._client.defaults["REMOTE_ADDR"] = address

    def get(self, path: str = "", **more: Any) -> HttpResponse:
        return self.send("GET", path, **more)

    def post(self, path: str = "", data: Any = None, **more: Any) -> HttpResponse:
        return self.send("POST", path, data, **more)

    def put(self, path: str, data: Any = None, **more: Any) -> HttpResponse:
        return self.send("PUT", path, data, **more)

    def delete(self, path: str, **more: Any) -> HttpResponse:
        return self.send("DELETE", path, **more)

    def send(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> HttpResponse:
        """Any call; bytes go as they are, None is an empty body, anything else is told as JSON."""
        body = data if isinstance(data, bytes) else b"" if data is None else orjson.dumps(data)
        return self._client.generic(
            method, self.address(path), body, content_type=content_type, headers=headers
        )

    def address(self, path: str) -> str:
        whole = path if path.startswith(("/sensor_", "/jobs/", "/apps")) else JOBS + path
        return whole.replace("{org_key}", self.organization.key)
