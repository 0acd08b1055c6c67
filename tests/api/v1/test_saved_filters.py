"""Saved filters: kept under a name, asked again."""

import pytest

from auditlog.models import Action, AuditEntry
from fleet.models import Language, SavedFilter
from fleet.saved_filters import save_query
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import caller
from tests.make import make_actor, make_device, make_filter, make_organization

pytestmark = pytest.mark.django_db
RED = {"name": "reds", "query": "attribute.color==red"}


def test_a_filter_is_kept_changed_and_forgotten() -> None:
    us = caller("operator")
    made = us.post("/saved-filters", RED, idempotency_key="reds")
    assert us.post("/saved-filters", RED, idempotency_key="reds").content == made.content
    path = made.headers["Location"]
    assert (made.status_code, us.get(path).json()["query"]) == (201, RED["query"])
    assert us.post("/saved-filters", RED).json()["code"] == "filter_exists"
    seen = us.get(path).headers["ETag"]
    assert us.patch(path, {"name": "crimson"}, if_match=seen).json()["name"] == "crimson"
    assert us.patch(path, {"name": "scarlet"}, if_match=seen).status_code == 412
    assert us.delete(path).status_code == 204
    assert us.get(path).status_code == 404
    actions = AuditEntry.objects.filter(object_kind="saved_filter").order_by("id")
    assert [entry.action for entry in actions] == [Action.CREATE, Action.UPDATE, Action.DELETE]


def test_it_is_a_list_of_devices_to_be_filtered_further() -> None:
    us = caller("operator")
    reds = [make_device(us.organization, name=n, inventory={"color": "red"}) for n in "ab"]
    make_device(us.organization, inventory={"color": "blue"})
    make_device(inventory={"color": "red"})
    path = f"{us.post('/saved-filters', RED).headers['Location']}/devices"
    names = [item["name"] for item in us.get(path, sort="-name").json()["items"]]
    assert names == ["b", "a"]
    further = us.get(path, q="name==a", count="exact").json()
    assert [item["id"] for item in further["items"]] == [str(reds[0].id)]
    assert further["count"]["value"] == 1
    by_name = us.get("/devices", q="filter==reds;name==b").json()["items"]
    assert [item["name"] for item in by_name] == ["b"]


def test_one_that_came_in_terms_is_a_list_too() -> None:
    us = caller("viewer")
    device = make_device(us.organization, inventory={"color": "red"})
    make_device(us.organization)
    saved = make_filter(us.organization)
    (item,) = us.get(f"/saved-filters/{saved.id}/devices").json()["items"]
    assert item["id"] == str(device.id)


def test_what_cannot_be_asked_is_named() -> None:
    us = caller("operator")
    answer = us.post("/saved-filters", {"name": "x", "query": "colour=="})
    assert (answer.status_code, answer.json()["field"]) == (400, "query")
    missing = us.post("/saved-filters", {"name": "x"})
    assert [error["field"] for error in missing.json()["errors"]] == ["query"]


def test_permissions_bounds_and_organizations_hold() -> None:
    organization = make_organization()
    saved = make_filter(organization)
    path = f"/saved-filters/{saved.id}"
    mine = make_device(organization, group="lab", inventory={"color": "red"})
    make_device(organization, group="yard", inventory={"color": "red"})
    viewer = caller("viewer", organization)
    assert viewer.get(path).status_code == 200
    refused = [viewer.post("/saved-filters", RED), viewer.patch(path, {}), viewer.delete(path)]
    assert {answer.status_code for answer in refused} == {403}
    keeper = bounded(organization, "ReadDevices", "DeviceGroups", "lab")
    assert keeper.get(f"{path}/devices").status_code == 403
    operator = caller("operator")
    theirs = [operator.get(path), operator.get(f"{path}/devices"), operator.delete(path)]
    assert {answer.status_code for answer in theirs} == {404}
    assert SavedFilter.objects.count() == 1
    assert len(viewer.get(f"{path}/devices").json()["items"]) == 2
    assert mine.group == "lab"


def test_one_in_hawkbits_language_is_a_list_and_ours_once_it_is_changed() -> None:
    us = caller("operator")
    make_device(us.organization, name="Edge-1")
    make_device(us.organization, name="core-1")
    saved = save_query(
        actor=make_actor(us.organization),
        organization=us.organization,
        name="edges",
        query="name==EDGE*",
        language=Language.HAWKBIT,
    )
    path = f"/saved-filters/{saved.id}"
    told = us.get(path).json()
    assert (told["query"], told["language"], told["terms"]) == ("name==EDGE*", "hawkbit", [])
    assert us.get("/saved-filters", language="hawkbit").json()["items"][0]["name"] == "edges"
    assert us.get("/saved-filters", language="fiql").json()["items"] == []
    for found in (us.get(f"{path}/devices"), us.get("/devices", q="filter==edges")):
        assert [item["name"] for item in found.json()["items"]] == ["Edge-1"]
    assert us.patch(path, {"name": "all edges"}).json()["language"] == "hawkbit"
    assert us.patch(path, {"query": "name==EDGE*"}).json()["language"] == "fiql"
    assert us.get(f"{path}/devices").json()["items"] == []
