"""Filters written in FIQL, for clients that know terms only."""

from typing import Any

import pytest

from deployments.models import Deployment
from fleet.models import Language, Organization, SavedFilter
from fleet.saved_filters import save_query
from tests.api.mender.callers import Person, error_of
from tests.make import make_actor, make_artifact, make_device, make_release

FILTERS = "v2/inventory/filters"


def keep(organization: Organization, name: str, query: str) -> SavedFilter:
    actor = make_actor(organization)
    return save_query(actor=actor, organization=organization, name=name, query=query)


def test_it_is_shown_in_terms_that_say_the_same(admin: Person, organization: Organization) -> None:
    saved = keep(organization, "a", "attribute.color==red;status==accepted")
    terms = [
        {"scope": "inventory", "attribute": "color", "type": "$eq", "value": "red"},
        {"scope": "identity", "attribute": "status", "type": "$eq", "value": "accepted"},
    ]
    shown = {"id": str(saved.id), "name": "a", "terms": terms}
    assert admin.get(FILTERS).json() == [shown]
    assert admin.get(f"{FILTERS}/{saved.id}").json() == shown


@pytest.mark.parametrize("query", ["name==a", "group==a,group==b", "seen_at=lt=now-7d"])
def test_what_terms_cannot_say_is_not_listed(
    admin: Person, organization: Organization, query: str
) -> None:
    saved = keep(organization, "a", query)
    listed = admin.get(FILTERS)
    assert (listed.json(), listed.headers["X-Total-Count"]) == ([], "0")
    error_of(admin.get(f"{FILTERS}/{saved.id}"), 404)


def test_what_refers_to_another_is_not_listed(admin: Person, organization: Organization) -> None:
    inner = keep(organization, "inner", "group==a")
    keep(organization, "outer", "filter==inner")
    assert [shown["id"] for shown in admin.get(FILTERS).json()] == [str(inner.id)]


def test_a_filter_that_another_refers_to_stays(admin: Person, organization: Organization) -> None:
    inner = keep(organization, "inner", "group==a")
    outer = keep(organization, "outer", "filter==inner")
    error_of(admin.delete(f"{FILTERS}/{inner.id}"), 409)
    assert admin.delete(f"{FILTERS}/{outer.id}").status_code == 204
    assert admin.delete(f"{FILTERS}/{inner.id}").status_code == 204


def test_any_can_be_searched_by(admin: Person, organization: Organization) -> None:
    saved = keep(organization, "a", "name==edge-*")
    edge = make_device(organization, name="edge-1")
    make_device(organization, name="other")
    found = admin.get(f"{FILTERS}/{saved.id}/search").json()
    assert [device["id"] for device in found] == [str(edge.id)]


def test_any_can_be_deployed_to(admin: Person, organization: Organization) -> None:
    saved = keep(organization, "a", "name==edge-*")
    release = make_artifact(make_release(organization)).release.name
    body: dict[str, Any] = {"name": "d", "artifact_name": release, "filter_id": str(saved.id)}
    assert admin.post("v2/deployments/deployments", body).status_code == 201
    deployment = Deployment.objects.get()
    shown = admin.get(f"v1/deployments/deployments/{deployment.id}").json()
    assert shown["filter"] == {"id": str(saved.id), "name": "a", "terms": []}


def test_what_is_in_hawkbits_language_is_not_listed_and_can_be_searched_by(
    admin: Person, organization: Organization
) -> None:
    saved = save_query(
        actor=make_actor(organization),
        organization=organization,
        name="a",
        query="name==EDGE-*",
        language=Language.HAWKBIT,
    )
    edge = make_device(organization, name="edge-1")
    make_device(organization, name="other")
    assert admin.get(FILTERS).json() == []
    found = admin.get(f"{FILTERS}/{saved.id}/search").json()
    assert [each["id"] for each in found] == [str(edge.id)]
