"""People and their scripts, as callers of hawkBit's management API."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from fleet.access_tokens import issue_personal
from fleet.models import CustomRole, Membership, Organization, Role
from fleet.people import actor_of
from tests.make import PASSWORD, make_organization, make_user

ROOT = "/rest/v1"


class Hawkbit:
    """Calls with HTTP Basic; paths are below `/rest/v1`, bodies and answers are JSON.

    What is sent with the e-mail is a personal access token, or the person's password. A query is
    part of the path or given by keywords; `headers` are any more headers.
    """

    def __init__(self, membership: Membership, *, by_password: bool = False) -> None:
        self.membership = membership
        self.organization = membership.organization
        self.actor = actor_of(membership)
        self.email = membership.user.email
        secret = PASSWORD
        if not by_password:
            secret = issue_personal(actor=self.actor, membership=membership, name="script")
        self.authorization = basic(self.email, secret)
        self._client = Client(
            enforce_csrf_checks=True, headers={"authorization": self.authorization}
        )

    def get(
        self, path: str, *, headers: dict[str, str] | None = None, **query: Any
    ) -> HttpResponse:
        return self._client.get(address(path), query, headers=headers)

    def post(
        self, path: str, data: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> HttpResponse:
        return self.send("POST", path, data, headers=headers, **query)

    def put(
        self, path: str, data: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> HttpResponse:
        return self.send("PUT", path, data, headers=headers, **query)

    def delete(
        self, path: str, data: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> HttpResponse:
        return self.send("DELETE", path, data, headers=headers, **query)

    def send(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
        **query: Any,
    ) -> HttpResponse:
        """Any call; bytes go as they are, None is an empty body, anything else is told as JSON."""
        body = data if isinstance(data, bytes) else b"" if data is None else orjson.dumps(data)
        return self._client.generic(
            method,
            address(path),
            body,
            content_type=content_type,
            headers=headers,
            query_params=query or None,
        )


def hawkbit_caller(
    role: Role | str = Role.ADMINISTRATOR,
    organization: Organization | None = None,
    *,
    by_password: bool = False,
    **facts: Any,
) -> Hawkbit:
    """Somebody new with that role in the organization, or in a new one."""
    organization = organization or make_organization()
    user = make_user(role=role, organization=organization, **facts)
    membership = user.memberships.select_related("user", "organization").get()
    return Hawkbit(membership, by_password=by_password)


def bounded_caller(
    organization: Organization, *sets: str, groups: Sequence[str] = ("north",)
) -> Hawkbit:
    """Somebody with these permission sets within the groups alone."""
    scope = {"type": "DeviceGroups", "value": list(groups)}
    role = CustomRole.objects.create(
        organization=organization,
        name=f"{'+'.join(sets)} in {'+'.join(groups)}",
        permission_sets=[{"name": name, "scope": scope} for name in sets],
    )
    user = make_user(organization=organization, role="")
    user.memberships.get().custom_roles.add(role)
    membership = user.memberships.select_related("user", "organization").get()
    return Hawkbit(membership, by_password=True)


def basic(login: str, secret: str) -> str:
    """The value of the header Authorization."""
    return f"Basic {b64encode(f'{login}:{secret}'.encode()).decode()}"


def address(path: str) -> str:
    return path if path.startswith(ROOT) else f"{ROOT}{path}"
