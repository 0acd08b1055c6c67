"""Target types, which say what releases a target takes."""

import pytest

from fleet.models import Organization, Role
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import TargetMaker

KEY = "hawkbit.server.error."


def made(hawkbit: Hawkbit, **members: object) -> dict:
    answer = hawkbit.post("/targettypes", [{"name": "gateway", **members}])
    assert answer.status_code == 201, answer.content
    return answer.json()[0]


def test_a_list_of_them_is_made(hawkbit: Hawkbit) -> None:
    bodies = [
        {"name": "gateway", "key": "gw", "description": "on the roof", "colour": "#ff0000"},
        {"name": "sensor"},
    ]
    answer = hawkbit.post("/targettypes", bodies)
    assert answer.status_code == 201
    first, second = answer.json()
    link = f"http://testserver/rest/v1/targettypes/{first['id']}"
    assert first == {
        "createdBy": hawkbit.email,
        "createdAt": first["createdAt"],
        "lastModifiedBy": hawkbit.email,
        "lastModifiedAt": first["createdAt"],
        "id": first["id"],
        **bodies[0],
        "deleted": False,
        "_links": {"self": {"href": link}},
    }
    assert (second["key"], "description" in second) == ("sensor", False)


def test_all_or_none_is_made(hawkbit: Hawkbit) -> None:
    made(hawkbit, key="gw")
    answer = hawkbit.post("/targettypes", [{"name": "new"}, {"name": "other", "key": "gw"}])
    assert answer.status_code == 409
    assert answer.json()["errorCode"] == KEY + "repo.entityAlreadyExists"
    assert hawkbit.get("/targettypes").json()["total"] == 1


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ([{}], "target.type.keyOrNameRequired"),
        ([{"name": "n" * 129}], "repo.constraintViolation"),
        ([{"name": "<b>bold</b>"}], "repo.constraintViolation"),
        ([{"name": "n", "colour": "c" * 17}], "repo.constraintViolation"),
        ([{"name": "n", "compatibledistributionsettypes": [{}]}], "rest.body.notReadable"),
        ([1], "rest.body.notReadable"),
    ],
)
def test_what_is_no_type(hawkbit: Hawkbit, body: object, key: str) -> None:
    answer = hawkbit.post("/targettypes", body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, KEY + key)


def test_one_is_shown_with_its_links(hawkbit: Hawkbit) -> None:
    number = made(hawkbit)["id"]
    at = f"http://testserver/rest/v1/targettypes/{number}"
    assert hawkbit.get(f"/targettypes/{number}").json()["_links"] == {
        "self": {"href": at},
        "compatibledistributionsettypes": {"href": f"{at}/compatibledistributionsettypes"},
    }


def test_one_is_changed(hawkbit: Hawkbit) -> None:
    number = made(hawkbit, key="gw")["id"]
    answer = hawkbit.put(f"/targettypes/{number}", {"description": "new", "colour": None})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["description"]) == ("gateway", "new")


def test_one_in_use_stays(hawkbit: Hawkbit, target: TargetMaker) -> None:
    number = made(hawkbit)["id"]
    device = target("137")
    device.target_type_id = number
    device.save()
    answer = hawkbit.delete(f"/targettypes/{number}")
    assert (answer.status_code, answer.json()["errorCode"]) == (409, KEY + "target.type.used")
    device.target_type_id = None
    device.save()
    assert hawkbit.delete(f"/targettypes/{number}").status_code == 204
    assert hawkbit.get(f"/targettypes/{number}").status_code == 404


def test_an_id_that_is_no_number(hawkbit: Hawkbit) -> None:
    answer = hawkbit.get("/targettypes/first")
    assert (answer.status_code, answer.json()["errorCode"]) == (400, KEY + "rest.body.notReadable")


def test_they_are_found_by_condition(hawkbit: Hawkbit) -> None:
    hawkbit.post("/targettypes", [{"name": "gateway"}, {"name": "sensor"}])
    found = hawkbit.get("/targettypes", q="name==sens*", sort="id:DESC").json()
    assert [each["name"] for each in found["content"]] == ["sensor"]


def test_whoever_only_looks_changes_none(hawkbit: Hawkbit, organization: Organization) -> None:
    number = made(hawkbit)["id"]
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert viewer.get(f"/targettypes/{number}").status_code == 200
    assert viewer.post("/targettypes", [{"name": "x"}]).status_code == 403
    assert viewer.put(f"/targettypes/{number}", {"name": "x"}).status_code == 403
    assert viewer.delete(f"/targettypes/{number}").status_code == 403


def test_distribution_set_types_that_it_takes(hawkbit: Hawkbit) -> None:
    every = {
        each["key"]: each["id"] for each in hawkbit.get("/distributionsettypes").json()["content"]
    }
    number = made(hawkbit, compatibledistributionsettypes=[{"id": every["os"]}])["id"]
    path = f"/targettypes/{number}/compatibledistributionsettypes"
    assert [each["key"] for each in hawkbit.get(path).json()] == ["os"]
    assert hawkbit.post(path, [{"id": every["app"]}]).status_code == 204
    assert [each["key"] for each in hawkbit.get(path).json()] == ["os", "app"]
    assert hawkbit.delete(f"{path}/{every['os']}").status_code == 204
    assert [each["key"] for each in hawkbit.get(path).json()] == ["app"]
    assert hawkbit.delete(f"{path}/{every['os']}").status_code == 404


def test_a_type_that_there_is_not_is_not_taken(hawkbit: Hawkbit) -> None:
    body = [{"name": "gateway", "compatibledistributionsettypes": [{"id": 999999}]}]
    assert hawkbit.post("/targettypes", body).status_code == 404
    assert hawkbit.get("/targettypes").json()["total"] == 0
