"""Software modules and what is said of them."""

import pytest

from artifacts.models import SoftwareModule
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker
from tests.make import upload_artifact

pytestmark = pytest.mark.django_db
PREFIX = "hawkbit.server.error."
FIRMWARE = {"name": "firmware", "version": "1.0", "type": "os", "vendor": "ACME"}


def made(hawkbit: Hawkbit, **facts: object) -> int:
    [row] = hawkbit.post("/softwaremodules", [FIRMWARE | facts]).json()
    return int(row["id"])


def test_modules_come_as_a_list_and_are_told_as_one(hawkbit: Hawkbit) -> None:
    answer = hawkbit.post("/softwaremodules", [FIRMWARE, FIRMWARE | {"version": "2.0"}])
    assert answer.status_code == 201
    first, second = answer.json()
    assert (first["version"], second["version"]) == ("1.0", "2.0")
    assert set(first["_links"]) == {"self"}
    alone = hawkbit.get(f"/softwaremodules/{first['id']}").json()
    links = alone.pop("_links")
    assert alone == {
        "createdBy": hawkbit.email,
        "createdAt": first["createdAt"],
        "lastModifiedBy": hawkbit.email,
        "lastModifiedAt": first["createdAt"],
        "name": "firmware",
        "version": "1.0",
        "type": "os",
        "typeName": "OS",
        "vendor": "ACME",
        "deleted": False,
        "locked": False,
        "encrypted": False,
        "complete": True,
        "id": first["id"],
    }
    at = f"http://testserver/rest/v1/softwaremodules/{first['id']}"
    assert links["self"]["href"] == at
    assert links["artifacts"]["href"] == f"{at}/artifacts"
    assert links["metadata"] == {
        "href": f"{at}/metadata?offset=0&limit=50{{&sort,q}}",
        "templated": True,
    }
    assert "/rest/v1/softwaremoduletypes/" in links["type"]["href"]


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        (FIRMWARE, 409, "repo.entityAlreadyExists"),
        (FIRMWARE | {"type": "nothing"}, 404, "repo.entityNotFound"),
        ({"version": "1", "type": "os"}, 400, "repo.constraintViolation"),
        ({"name": "n", "type": "os"}, 400, "repo.constraintViolation"),
        ({"name": "n", "version": "1"}, 400, "repo.constraintViolation"),
        (FIRMWARE | {"version": "v" * 65}, 400, "repo.constraintViolation"),
        (FIRMWARE | {"name": ["no", "text"]}, 400, "rest.body.notReadable"),
    ],
)
def test_what_makes_no_module(
    hawkbit: Hawkbit, body: dict[str, object], status: int, key: str
) -> None:
    made(hawkbit)
    refused = hawkbit.post("/softwaremodules", [FIRMWARE | {"name": "good"}, body])
    assert (refused.status_code, refused.json()["errorCode"]) == (status, PREFIX + key)
    assert SoftwareModule.objects.count() == 1


def test_vendor_description_and_lock_can_be_changed(hawkbit: Hawkbit) -> None:
    at = f"/softwaremodules/{made(hawkbit)}"
    changed = hawkbit.put(at, {"description": "text", "locked": True, "name": "ignored"}).json()
    assert (changed["description"], changed["locked"]) == ("text", True)
    assert (changed["name"], changed["vendor"]) == ("firmware", "ACME")
    assert hawkbit.put(at, {"vendor": "v" * 257}).status_code == 400


def test_an_assigned_module_is_deleted_softly_any_other_is_gone(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    assigned, free = distribution_set().modules.get().pk, made(hawkbit)
    for number in (assigned, free):
        assert hawkbit.delete(f"/softwaremodules/{number}").status_code == 204
    assert hawkbit.get(f"/softwaremodules/{free}").status_code == 404
    assert hawkbit.get(f"/softwaremodules/{assigned}").json()["deleted"] is True
    assert hawkbit.get("/softwaremodules").json()["total"] == 0
    query = {"soft_deleted_mode": "ONLY_SOFT_DELETED"}
    assert hawkbit.get("/softwaremodules", **query).json()["total"] == 1
    assert hawkbit.put(f"/softwaremodules/{assigned}", {"vendor": "x"}).status_code == 404
    # Its name is free again.
    made(hawkbit, name="fw-os")


def test_a_deleted_module_comes_into_no_other_set(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    number = distribution_set().modules.get().pk
    hawkbit.delete(f"/softwaremodules/{number}")
    body = {"name": "fw", "version": "2", "type": "os", "modules": [{"id": number}]}
    refused = hawkbit.post("/distributionsets", body)
    assert (refused.status_code, refused.json()["errorCode"]) == (404, PREFIX + "deleted")


def test_a_mender_artifact_is_a_module_that_stays_what_it_is(hawkbit: Hawkbit) -> None:
    artifact = upload_artifact(hawkbit.organization, "release-1")
    [row] = hawkbit.get("/softwaremodules", q="type==mender").json()["content"]
    assert (row["name"], row["type"], row["id"]) == ("release-1", "mender", artifact.module.pk)
    refused = hawkbit.delete(f"/softwaremodules/{row['id']}")
    assert (refused.status_code, refused.json()["errorCode"]) == (403, PREFIX + "entityReadOnly")
    [file] = hawkbit.get(f"/softwaremodules/{row['id']}/artifacts").json()
    assert file["providedFilename"] == "release-1.mender"
    assert file["hashes"] == {
        "sha1": artifact.sha1,
        "md5": artifact.md5,
        "sha256": artifact.sha256,
    }


def test_metadata_comes_and_goes(hawkbit: Hawkbit) -> None:
    at = f"/softwaremodules/{made(hawkbit)}/metadata"
    assert hawkbit.get(at).json() == {"content": [], "total": 0, "size": 0}
    entries = [{"key": "b", "value": "2"}, {"key": "a", "value": "1", "targetVisible": True}]
    answer = hawkbit.post(at, entries)
    assert answer.status_code == 201
    assert answer.json() == [entries[0] | {"targetVisible": False}, entries[1]]
    assert [each["key"] for each in hawkbit.get(at).json()["content"]] == ["a", "b"]
    assert hawkbit.get(at, sort="key:DESC", limit=1).json()["content"][0]["key"] == "b"
    assert hawkbit.get(at, q="value==1").json()["total"] == 1
    assert hawkbit.get(f"{at}/a").json() == entries[1]
    changed = hawkbit.put(f"{at}/a", {"key": "ignored", "value": "3"})
    assert (changed.status_code, changed.json()) == (200, entries[1] | {"value": "3"})
    assert hawkbit.delete(f"{at}/a").status_code == 204
    for answer in (
        hawkbit.get(f"{at}/a"),
        hawkbit.delete(f"{at}/a"),
        hawkbit.put(f"{at}/a", {"value": "4"}),
    ):
        assert answer.status_code == 404
        assert answer.json()["errorCode"] == PREFIX + "repo.entityNotFound"


@pytest.mark.parametrize(
    ("entries", "status", "key"),
    [
        ([{"key": "new", "value": ""}, {"key": "k", "value": ""}], 409, "repo.entityAlreadyExists"),
        ([{"key": "n", "value": ""}, {"key": "n", "value": ""}], 400, "repo.constraintViolation"),
        ([{"value": "no key"}], 400, "repo.constraintViolation"),
        ([{"key": "no value"}], 400, "repo.constraintViolation"),
        ([{"key": "k" * 129, "value": ""}], 400, "repo.constraintViolation"),
        ([{"key": "n", "value": "v" * 4001}], 400, "repo.constraintViolation"),
        ([{"key": f"{n}", "value": ""} for n in range(100)], 403, "quota.tooManyEntries"),
    ],
)
def test_metadata_that_is_refused_leaves_nothing(
    hawkbit: Hawkbit, entries: list[dict[str, object]], status: int, key: str
) -> None:
    at = f"/softwaremodules/{made(hawkbit)}/metadata"
    hawkbit.post(at, [{"key": "k", "value": "v"}])
    refused = hawkbit.post(at, entries)
    assert (refused.status_code, refused.json()["errorCode"]) == (status, PREFIX + key)
    assert hawkbit.get(at).json()["total"] == 1


def test_others_see_none_of_it(hawkbit: Hawkbit) -> None:
    number = made(hawkbit)
    stranger = hawkbit_caller()
    for answer in (
        stranger.get(f"/softwaremodules/{number}"),
        stranger.put(f"/softwaremodules/{number}", {}),
        stranger.delete(f"/softwaremodules/{number}"),
        stranger.get(f"/softwaremodules/{number}/metadata"),
        stranger.get(f"/softwaremodules/{number}/artifacts"),
    ):
        assert answer.status_code == 404
    assert stranger.get("/softwaremodules").json()["total"] == 0


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    hawkbit: Hawkbit, django_assert_max_num_queries: object
) -> None:
    many = [FIRMWARE | {"version": str(number)} for number in range(20)]
    hawkbit.post("/softwaremodules", many)
    hawkbit.get("/softwaremodules")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert hawkbit.get("/softwaremodules").json()["size"] == 20
