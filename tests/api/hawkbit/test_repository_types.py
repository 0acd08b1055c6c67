"""Types of software modules and of distribution sets."""

import pytest

from artifacts.models import ModuleType, ReleaseType
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker

pytestmark = pytest.mark.django_db
PREFIX = "hawkbit.server.error."


def module_type_id(hawkbit: Hawkbit, key: str) -> int:
    return ModuleType.objects.get(organization=hawkbit.organization, key=key).pk


def set_type_id(hawkbit: Hawkbit, key: str) -> int:
    return ReleaseType.objects.get(organization=hawkbit.organization, key=key).pk


def test_a_new_organization_has_the_usual_types(hawkbit: Hawkbit) -> None:
    modules = hawkbit.get("/softwaremoduletypes").json()
    assert [each["key"] for each in modules["content"]] == [
        "os",
        "application",
        "mender",
    ]
    sets = hawkbit.get("/distributionsettypes").json()
    assert [each["key"] for each in sets["content"]] == ["os", "os_app", "app", "mender"]
    assert (sets["total"], sets["size"]) == (4, 4)


def test_module_types_are_made_shown_changed_and_deleted(hawkbit: Hawkbit) -> None:
    body = [{"key": "fpga", "name": "FPGA", "description": "gates", "colour": "red"}]
    made = hawkbit.post("/softwaremoduletypes", body)
    assert made.status_code == 201
    [row] = made.json()
    assert row["maxAssignments"] == 1
    assert row["createdBy"] == row["lastModifiedBy"] == hawkbit.email
    assert row["createdAt"] == row["lastModifiedAt"]
    assert row["deleted"] is False
    at = f"/softwaremoduletypes/{row['id']}"
    assert row["_links"]["self"]["href"].endswith(f"/rest/v1{at}")
    assert hawkbit.get(at).json() == row
    changed = hawkbit.put(at, {"description": "more gates", "key": "ignored"}).json()
    assert (changed["description"], changed["colour"], changed["key"]) == (
        "more gates",
        "red",
        "fpga",
    )
    assert hawkbit.delete(at).status_code == 204
    assert hawkbit.get(at).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ({"key": "os", "name": "Another"}, 409, "repo.entityAlreadyExists"),
        ({"key": "another", "name": "OS"}, 409, "repo.entityAlreadyExists"),
        ({"name": "no key"}, 400, "repo.constraintViolation"),
        ({"key": "no name"}, 400, "repo.constraintViolation"),
        ({"key": "k", "name": "<b>n</b>"}, 400, "repo.constraintViolation"),
        ({"key": "k", "name": "n", "maxAssignments": 0}, 400, "repo.constraintViolation"),
        ({"key": "k", "name": "n", "maxAssignments": "many"}, 400, "rest.body.notReadable"),
        ({"key": "k" * 65, "name": "n"}, 400, "repo.constraintViolation"),
    ],
)
def test_what_makes_no_module_type(
    hawkbit: Hawkbit, body: dict[str, object], status: int, key: str
) -> None:
    refused = hawkbit.post("/softwaremoduletypes", [{"key": "good", "name": "Good"}, body])
    assert (refused.status_code, refused.json()["errorCode"]) == (status, PREFIX + key)
    assert not ModuleType.objects.filter(key="good").exists()


def test_a_module_type_in_use_is_deleted_softly(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    distribution_set()
    at = f"/softwaremoduletypes/{module_type_id(hawkbit, 'os')}"
    assert hawkbit.delete(at).status_code == 204
    assert hawkbit.get(at).json()["deleted"] is True
    assert hawkbit.get("/softwaremoduletypes").json()["total"] == 2
    both = hawkbit.get("/softwaremoduletypes", soft_deleted_mode="INCLUDE_SOFT_DELETED").json()
    only = hawkbit.get("/softwaremoduletypes", soft_deleted_mode="ONLY_SOFT_DELETED").json()
    assert (both["total"], only["total"]) == (3, 1)
    assert hawkbit.get("/softwaremoduletypes", soft_deleted_mode="NONE").status_code == 400
    refused = hawkbit.post("/softwaremodules", {"name": "m", "version": "1", "type": "os"})
    assert refused.status_code == 404


def test_set_types_say_which_modules_they_take(hawkbit: Hawkbit) -> None:
    os, application = module_type_id(hawkbit, "os"), module_type_id(hawkbit, "application")
    body = {
        "key": "k",
        "name": "n",
        "mandatorymodules": [{"id": os}],
        "optionalmodules": [{"id": application}, {"id": os}],
    }
    [row] = hawkbit.post("/distributionsettypes", [body]).json()
    assert set(row["_links"]) == {"self"}
    at = f"/distributionsettypes/{row['id']}"
    links = hawkbit.get(at).json()["_links"]
    assert set(links) == {"self", "mandatorymodules", "optionalmodules"}
    assert hawkbit.get(links["mandatorymodules"]["href"].partition("/rest/v1")[2]).json() == [
        hawkbit.get(f"/softwaremoduletypes/{os}").json()
    ]
    assert [each["id"] for each in hawkbit.get(f"{at}/optionalmoduletypes").json()] == [application]


def test_modules_move_between_the_two_lists_and_out(hawkbit: Hawkbit) -> None:
    application = module_type_id(hawkbit, "application")
    at = f"/distributionsettypes/{set_type_id(hawkbit, 'os_app')}"
    optional = f"{at}/optionalmoduletypes/{application}"
    assert hawkbit.get(optional).json()["key"] == "application"
    assert hawkbit.post(f"{at}/mandatorymoduletypes", {"id": application}).status_code == 204
    assert hawkbit.get(optional).status_code == 404
    assert hawkbit.delete(optional).status_code == 404
    mandatory = f"{at}/mandatorymoduletypes/{application}"
    assert hawkbit.get(mandatory).status_code == 200
    assert hawkbit.delete(mandatory).status_code == 204
    assert hawkbit.get(mandatory).status_code == 404
    assert hawkbit.post(f"{at}/optionalmoduletypes", {"id": 10**12}).status_code == 404
    assert hawkbit.post(f"{at}/optionalmoduletypes", {}).status_code == 400


def test_a_type_that_sets_are_of_keeps_its_modules(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    distribution_set()
    at = f"/distributionsettypes/{set_type_id(hawkbit, 'os')}"
    refused = hawkbit.post(
        f"{at}/optionalmoduletypes", {"id": module_type_id(hawkbit, "application")}
    )
    assert (refused.status_code, refused.json()["errorCode"]) == (403, PREFIX + "entityReadOnly")
    assert hawkbit.put(at, {"colour": "blue"}).json()["colour"] == "blue"
    assert hawkbit.delete(at).status_code == 204
    assert hawkbit.get(at).json()["deleted"] is True


def test_a_type_takes_fifty_types_of_modules(hawkbit: Hawkbit) -> None:
    many = [{"key": f"k{number}", "name": f"n{number}"} for number in range(51)]
    rows = hawkbit.post("/softwaremoduletypes", many).json()
    body = {"key": "k", "name": "n", "mandatorymodules": [{"id": row["id"]} for row in rows]}
    refused = hawkbit.post("/distributionsettypes", body)
    assert (refused.status_code, refused.json()["errorCode"]) == (
        403,
        PREFIX + "quota.tooManyEntries",
    )


@pytest.mark.parametrize("path", ["/softwaremoduletypes", "/distributionsettypes"])
def test_others_have_types_of_their_own(hawkbit: Hawkbit, path: str) -> None:
    number = hawkbit.get(path).json()["content"][0]["id"]
    stranger = hawkbit_caller()
    assert stranger.get(f"{path}/{number}").status_code == 404
    assert stranger.delete(f"{path}/{number}").status_code == 404
    assert hawkbit.get(f"{path}/nothing").status_code == 400


@pytest.mark.parametrize("path", ["/softwaremoduletypes", "/distributionsettypes"])
def test_who_only_looks_changes_no_types(hawkbit: Hawkbit, path: str) -> None:
    viewer = hawkbit_caller("viewer", hawkbit.organization)
    number = viewer.get(path).json()["content"][0]["id"]
    for refused in (
        viewer.post(path, {"key": "k", "name": "n"}),
        viewer.put(f"{path}/{number}", {}),
        viewer.delete(f"{path}/{number}"),
    ):
        assert refused.status_code == 403
        assert refused.json()["errorCode"] == PREFIX + "insufficientPermission"
