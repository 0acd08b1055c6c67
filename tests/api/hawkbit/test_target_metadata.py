"""Metadata of targets. Source: the seed, /rest/v1/targets/{targetId}/metadata."""

import pytest

from auditlog.models import AuditEntry
from fleet.models import Device, Organization, Role
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import TargetMaker
from tests.make import make_organization, make_target

PATH = "/targets/137/metadata"
SEED = [
    {"value": "knownValue1", "key": "knownKey1"},
    {"value": "knownValue2", "key": "knownKey2"},
]


@pytest.fixture
def noted(target: TargetMaker) -> Device:
    return target("137", metadata={f"knownKey{n}": f"knownValue{n}" for n in range(4)})


def keys(hawkbit: Hawkbit, **query: object) -> list[str]:
    return [each["key"] for each in hawkbit.get(PATH, **query).json()["content"]]


def test_all_of_it_is_listed_by_key(hawkbit: Hawkbit, noted: Device) -> None:
    response = hawkbit.get(PATH)
    assert response.status_code == 200
    assert response.json() == {
        "content": [{"key": f"knownKey{n}", "value": f"knownValue{n}"} for n in range(4)],
        "total": 4,
        "size": 4,
    }


def test_none_of_it_is_an_empty_list(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    assert hawkbit.get(PATH).json() == {"content": [], "total": 0, "size": 0}


def test_the_list_is_paged_sorted_and_selected_from(hawkbit: Hawkbit, noted: Device) -> None:
    body = hawkbit.get(f"{PATH}?offset=1&limit=2&sort=key%3ADESC&q=key%3D%3Dknown*").json()
    assert [each["key"] for each in body["content"]] == ["knownKey2", "knownKey1"]
    assert (body["total"], body["size"]) == (4, 2)
    assert keys(hawkbit, q="value==knownValue3") == ["knownKey3"]
    assert keys(hawkbit, sort="value:DESC", limit=1) == ["knownKey3"]


def test_what_cannot_be_asked_is_refused(hawkbit: Hawkbit, noted: Device) -> None:
    for query in ({"q": "key=="}, {"q": "nope==1"}, {"sort": "nope:ASC"}, {"sort": "key"}):
        response = hawkbit.get(PATH, **query)
        assert response.status_code == 400, query
        assert "rest.param." in response.json()["errorCode"]


def test_entries_are_added_and_echoed(hawkbit: Hawkbit, target: TargetMaker) -> None:
    device = target("137")
    response = hawkbit.post(PATH, SEED)
    assert (response.status_code, response.json()) == (201, SEED)
    assert keys(hawkbit) == ["knownKey1", "knownKey2"]
    assert hawkbit.get("/targets/137").json()["lastModifiedBy"] == hawkbit.email
    entry = AuditEntry.objects.get(object_kind="device")
    assert (entry.object_id, entry.change["metadata.knownKey1"]) == (str(device.id), "knownValue1")


def test_an_entry_that_exists_is_a_conflict_and_nothing_is_kept(
    hawkbit: Hawkbit, noted: Device
) -> None:
    response = hawkbit.post(PATH, [{"key": "new", "value": ""}, SEED[0]])
    assert response.status_code == 409
    body = response.json()
    assert body["errorCode"] == "hawkbit.server.error.repo.entityAlreadyExists"
    assert body["message"] == "Metadata entry with key 'knownKey1' already exists"
    assert "new" not in keys(hawkbit)


@pytest.mark.parametrize(
    "entries",
    [
        [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}],
        [{"key": "", "value": "v"}],
        [{"key": "k" * 129, "value": "v"}],
        [{"key": "k", "value": "v" * 4001}],
        [{"key": "k"}],
        [{"value": "v"}],
        [{"key": "k", "value": None}],
        [{"key": "k\0", "value": "v"}],
        [{"key": "k", "value": {"an": "object"}}],
        ["text"],
    ],
)
def test_what_breaks_a_rule_is_refused(
    hawkbit: Hawkbit, target: TargetMaker, entries: list[object]
) -> None:
    target("137")
    assert hawkbit.post(PATH, entries).status_code == 400
    assert keys(hawkbit) == []


def test_values_have_up_to_4000_characters(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    body = {"key": "k" * 128, "value": "v" * 4000}
    assert hawkbit.post(PATH, body).status_code == 201


def test_a_target_has_at_most_100(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137", metadata={f"k{n}": "v" for n in range(99)})
    response = hawkbit.post(PATH, SEED)
    assert response.status_code == 403
    assert response.json()["errorCode"] == "hawkbit.server.error.quota.tooManyEntries"
    assert hawkbit.post(PATH, SEED[:1]).status_code == 201


def test_one_entry_is_told(hawkbit: Hawkbit, noted: Device) -> None:
    response = hawkbit.get(f"{PATH}/knownKey1")
    assert response.json() == {"key": "knownKey1", "value": "knownValue1"}


def test_one_entry_is_changed(hawkbit: Hawkbit, noted: Device) -> None:
    response = hawkbit.put(f"{PATH}/knownKey1", {"value": "valueForUpdate", "key": "ignored"})
    assert response.status_code == 200
    assert response.json() == {"key": "knownKey1", "value": "valueForUpdate"}
    assert hawkbit.get(f"{PATH}/knownKey1").json()["value"] == "valueForUpdate"
    change = AuditEntry.objects.get(object_kind="device").change
    assert change == {"metadata.knownKey1": ["knownValue1", "valueForUpdate"]}


def test_one_entry_is_deleted(hawkbit: Hawkbit, noted: Device) -> None:
    response = hawkbit.delete(f"{PATH}/knownKey1")
    assert (response.status_code, response.content) == (204, b"")
    assert keys(hawkbit) == ["knownKey0", "knownKey2", "knownKey3"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_entry_that_there_is_not_is_not_found(
    hawkbit: Hawkbit, noted: Device, method: str
) -> None:
    response = hawkbit.send(method, f"{PATH}/nope", {"value": "v"})
    assert response.status_code == 404
    assert response.json()["errorCode"] == "hawkbit.server.error.repo.entityNotFound"


@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": "v" * 4001}])
def test_an_entry_is_changed_to_a_value(
    hawkbit: Hawkbit, noted: Device, body: dict[str, object]
) -> None:
    response = hawkbit.put(f"{PATH}/knownKey1", body)
    assert response.status_code == 400
    assert response.json()["errorCode"] == "hawkbit.server.error.repo.constraintViolation"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/k"), ("PUT", "/k"), ("DELETE", "/k")],
)
def test_nothing_is_told_of_a_target_of_others_and_roles_allow_what_they_do_elsewhere(
    hawkbit: Hawkbit, organization: Organization, target: TargetMaker, method: str, path: str
) -> None:
    body: object = SEED if method == "POST" else {"value": "v"}
    make_target(make_organization(), "137", metadata={"k": "v"})
    assert hawkbit.send(method, PATH + path, body).status_code == 404
    target("137", metadata={"k": "v"})
    viewer = hawkbit_caller(Role.VIEWER, organization)
    status = viewer.send(method, PATH + path, body).status_code
    assert status == (200 if method == "GET" else 403)
