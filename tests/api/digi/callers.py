"""People and their scripts, as callers of Digi's jobs API."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from fleet.access_tokens import issue_personal
from fleet.models import Organization, Role
from fleet.people import actor_of
from tests.api.hawkbit.callers import basic
from tests.make import make_organization, make_user

ROOT = "/ws/v1/jobs"


class Digi:
    """Calls with HTTP Basic, by a personal access token; paths are below `/ws/v1/jobs` unless they
    begin with `/ws/` or `/api/`. A query is part of the path or given by keywords.
    """

    def __init__(self, organization: Organization, role: Role | str) -> None:
        user = make_user(role=role, organization=organization)
        self.membership = user.memberships.select_related("user", "organization").get()
        self.organization = organization
        self.actor = actor_of(self.membership)
        self.email = user.email
        token = issue_personal(actor=self.actor, membership=self.membership, name="script")
        self.authorization = basic(self.email, token)
        self._client = Client(
            enforce_csrf_checks=True, headers={"authorization": self.authorization}
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        data: bytes = b"",
        **query: Any,
    ) -> HttpResponse:
        return self._client.generic(
            method, address(path), data, headers=headers, query_params=query or None
        )

    def get(self, path: str = "", **more: Any) -> HttpResponse:
        return self.send("GET", path, **more)

    def put(self, path: str, **more: Any) -> HttpResponse:
        return self.send("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> HttpResponse:
        return self.send("DELETE", path, **more)

    def job(self, number: int) -> dict[str, Any]:
        """The job as it is told alone."""
        return told(self.get(f"/{number}"))

    def listed(self, **query: Any) -> list[int]:
        """The ids of the jobs on the first page."""
        return [each["id"] for each in told(self.get("/inventory", **query))["list"]]


def digi_caller(
    organization: Organization | None = None, role: Role | str = Role.ADMINISTRATOR
) -> Digi:
    """Somebody new with that role in the organization, or in a new one."""
    return Digi(organization or make_organization(), role)


def address(path: str) -> str:
    return path if path.startswith(("/ws", "/api/")) else f"{ROOT}{path}"


def told(answer: HttpResponse, status: int = 200) -> Any:
    """The body of an answer of that status, which is JSON."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()  # type: ignore[attr-defined]


def refused(answer: HttpResponse, status: int) -> str:
    """The message of an error, once its body is what it must be."""
    body = told(answer, status)
    assert set(body) == {"error_status", "error_message"}
    assert body["error_status"] == status
    assert body["error_message"]
    return str(body["error_message"])
