"""Filters that are kept under a name."""

from typing import Any

import pytest

from auditlog.models import AuditEntry
from fleet.models import Organization, Role
from tests.api.mender.callers import Person, error_of, person
from tests.make import make_device, make_filter

FILTERS = "v2/inventory/filters"
TERM = {"scope": "inventory", "attribute": "serial_no", "type": "$eq", "value": "123456789"}


def test_a_filter_is_kept_listed_and_forgotten(admin: Person) -> None:
    answer = admin.post(FILTERS, {"name": "My Filter", "terms": [TERM]})
    assert (answer.status_code, answer.content) == (201, b"")
    location = answer.headers["Location"]
    assert location.split("/")[:-1] == ["filters"]
    shown = {"id": location.split("/")[1], "name": "My Filter", "terms": [TERM]}
    assert admin.get(f"v2/inventory/{location}").json() == shown
    listed = admin.get(f"{FILTERS}?per_page=1")
    assert (listed.json(), listed.headers["X-Total-Count"]) == ([shown], "1")
    assert admin.delete(f"v2/inventory/{location}").status_code == 204
    assert admin.get(FILTERS).json() == []


def test_a_name_is_given_once(admin: Person) -> None:
    assert admin.post(FILTERS, {"name": "a", "terms": []}).status_code == 201
    error_of(admin.post(FILTERS, {"name": "a", "terms": [TERM]}), 409)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": " "},
        {"name": "n" * 257},
        {"name": "n", "terms": {}},
        {"name": "n", "terms": [TERM | {"type": "$type"}]},
        {"name": "n", "terms": [TERM | {"value": None}]},
        {"name": "n", "terms": [TERM | {"scope": "x"}]},
    ],
    ids=str,
)
def test_what_is_no_filter_is_refused(admin: Person, body: Any) -> None:
    error_of(admin.post(FILTERS, body), 400)
    error_of(admin.get(f"{FILTERS}?page=x"), 400)


def test_what_it_selects_is_seen_at_each_call(admin: Person, organization: Organization) -> None:
    path = f"{FILTERS}/{make_filter(organization).id}/search"
    assert admin.get(path).json() == []
    for color in ["red", "red", "blue"]:
        make_device(organization, inventory={"color": color})
    found = admin.get(f"{path}?per_page=1")
    assert (len(found.json()), found.headers["X-Total-Count"]) == (1, "2")
    error_of(admin.get(f"{path}?page=0"), 400)


@pytest.mark.parametrize("unknown", ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "none"])
def test_an_unknown_filter_is_not_found(admin: Person, unknown: str) -> None:
    error_of(admin.get(f"{FILTERS}/{unknown}"), 404)
    error_of(admin.get(f"{FILTERS}/{unknown}/search"), 404)
    error_of(admin.delete(f"{FILTERS}/{unknown}"), 404)


def test_who_only_looks_keeps_none(organization: Organization) -> None:
    viewer = person(organization, Role.VIEWER)
    saved = make_filter(organization)
    error_of(viewer.post(FILTERS, {"name": "a", "terms": []}), 403)
    error_of(viewer.delete(f"{FILTERS}/{saved.id}"), 403)
    assert viewer.get(f"{FILTERS}/{saved.id}").status_code == 200


def test_the_audit_log_shows_filters_on_request(admin: Person) -> None:
    location = admin.post(FILTERS, {"name": "a", "terms": [TERM]}).headers["Location"]
    admin.delete(f"v2/inventory/{location}")
    entries = AuditEntry.objects.filter(object_kind="saved_filter").order_by("id")
    assert [entry.action for entry in entries] == ["create", "delete"]
    assert admin.get("v1/auditlogs/logs").json() == []
    shown = admin.get("v1/auditlogs/logs?all=true&object_type=saved_filter").json()
    assert [each["action"] for each in shown] == ["delete", "create"]
