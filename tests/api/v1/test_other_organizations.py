"""Another organization's things are not there: every address with an id in it is tried.

A new address is tried without being named here as long as its list is; one whose list is not, or
that answers otherwise, fails until somebody has thought about it.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.v1.openapi.document import document
from api.v1.openapi.listings import views
from auditlog.models import AuditEntry
from fleet.models import AccessToken, Alert, Device, Inventory, Organization
from jobs.models import Job
from tests.api.v1.callers import Caller, caller
from tests.two_organizations import World, kept_of, two_organizations

PATHS = {path: sorted(view.needs) for path, view in views() if "{" in path}
CALLS = [(method, path) for path, methods in PATHS.items() for method in methods]
# What others have, by the list that shows it.
THEIRS = {
    "artifact-uploads": "upload_id",
    "artifacts": "artifact_id",
    "auth-sets": "auth_set_id",
    "deployments": "deployment_id",
    "device-deployments": "number",
    "devices": "device_id",
    "exports": "export_id",
    "groups": "name",
    "members": "user_id",
    "releases": "release_id",
    "roles": "role_name",
    "saved-filters": "filter_id",
    "webhook-deliveries": "delivery_id",
    "webhooks": "webhook_id",
}
UUID = 36


@pytest.fixture
def world(db: None) -> World:
    return two_organizations()


@pytest.fixture
def ours(world: World) -> Caller:
    return caller(organization=Organization.objects.exclude(pk=world.organization.pk).get())


@pytest.fixture
def ids(world: World) -> Mapping[str, str]:
    """What others have, by the list that shows it."""
    theirs = world.organization
    device = Device.objects.of(theirs).get()
    Inventory.objects.filter(device=device).update(
        attributes={"inventory": {"color": "red"}, "tags": {"site": "north"}}
    )
    alert = Alert.objects.create(
        device=device, name="n", level="CRITICAL", raised_at=device.created_at, is_latest=True
    )
    token = AccessToken.objects.get(membership=caller(organization=theirs).membership)
    entry = AuditEntry.objects.filter(organization_id=theirs.pk).latest("id")
    job = Job.objects.create(organization_id=theirs.pk, kind="artifacts.generate")
    found = {name: world.theirs[key] for name, key in THEIRS.items()}
    return found | {
        "alerts": str(alert.id),
        "attributes": "color",
        "audit-entries": str(entry.pk),
        "jobs": str(job.id),
        "tags": "site",
        "tokens": str(token.id),
    }


def address(path: str, ids: Mapping[str, str]) -> str:
    """The path with what others have in the place of its parameters."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if part.startswith("{"):
            parts[at] = ids[parts[at - 1]]
    return "/".join(parts)


def test_what_others_have_is_not_there(world: World, ours: Caller, ids: Mapping[str, str]) -> None:
    before, entries = kept_of(world.organization), AuditEntry.objects.count()
    answers = {}
    for method, path in CALLS:
        query = "?q=name==*" if method == "DELETE" and path.endswith("/devices") else ""
        body: Any = {"ids": [ids["devices"]]} if "/groups/" in path else {}
        answer = ours.send(method, address(path, ids) + query, body)
        answers[method, path] = answer.status_code
        assert AuditEntry.objects.count() == entries, (method, path)
    assert answers == dict.fromkeys(CALLS, 404)
    assert kept_of(world.organization) == before


def test_one_s_own_are_there(world: World, ids: Mapping[str, str]) -> None:
    """The same ids asked for by their owner: the test above does not pass for a wrong reason."""
    owner = caller(organization=world.organization)
    missing = [
        path
        for method, path in CALLS
        if method == "GET" and owner.get(address(path, ids)).status_code == 404
    ]
    # No log has come, nothing was configured, and nobody asked about a deployment.
    assert missing == ["/api/v1/device-deployments/{number}/log"]


def test_one_s_own_are_as_the_document_describes_them(world: World, ids: Mapping[str, str]) -> None:
    owner = caller(organization=world.organization)
    made = owner.post("/exports", {"resource": "devices"})
    asked = [(made, "/api/v1/exports", "post", "202")]
    for path, view in views():
        if "GET" in view.needs and (answer := owner.get(address(path, ids))).status_code == 200:
            asked.append((answer, path, "get", "200"))
    for answer, path, method, status in asked:
        described = document()["paths"][path][method]["responses"][status]
        schema = described["content"][answer.headers["Content-Type"]]["schema"]
        whole = {**schema, "components": document()["components"]}
        found = Draft202012Validator(whole).iter_errors(answer.json())
        assert [each.message for each in found] == [], path
        assert "ETag" in answer.headers or "ETag" not in described.get("headers", {}), path
    assert len(asked) > 50


def test_every_list_shows_one_s_own_alone(
    world: World, ours: Caller, ids: Mapping[str, str]
) -> None:
    lists = {path for path, view in views() if "{" not in path and "GET" in view.needs}
    for path in sorted(lists):
        answer = ours.get(path)
        assert answer.status_code == 200, path
        shown = [each for each in ids.values() if len(each) == UUID and each in answer.text]
        assert shown == [], path
