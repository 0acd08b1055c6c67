"""An organization makes roles of its own."""

import json
from typing import Any

import pytest

from fleet import roles
from fleet.models import Organization, Role
from tests.api.mender.audit import entries
from tests.api.mender.callers import Person, error_of
from tests.api.mender.members import ROLES, USERS, id_of, make_role, member, within

TESTER = {
    "name": "test",
    "description": "Deploys to test devices.",
    "permission_sets_with_scope": [
        {"name": "DeployToDevices", "scope": {"type": "DeviceGroups", "value": ["test"]}},
        {"name": "ReadReleases"},
    ],
}
SETS = "v2/useradm/permission_sets"


def test_a_role_is_made_shown_changed_and_removed(admin: Person) -> None:
    answer = admin.post(ROLES, TESTER)
    assert (answer.status_code, answer.headers["Location"]) == (201, "roles/test")
    assert admin.get(f"{ROLES}/test").json() == TESTER
    assert admin.get(ROLES).json()[-1] == TESTER
    error_of(admin.post(ROLES, TESTER), 409)
    changed = {"name": "test", "permission_sets_with_scope": [{"name": "ReadDevices"}]}
    assert admin.put(f"{ROLES}/test", changed).status_code == 204
    assert admin.get(f"{ROLES}/test").json() == {**TESTER, **changed}
    assert admin.delete(f"{ROLES}/test").status_code == 204
    for call in (admin.get, admin.delete):
        error_of(call(f"{ROLES}/test"), 404)
    error_of(admin.put(f"{ROLES}/test", changed), 404)


def test_what_is_done_to_roles_is_written_down(admin: Person) -> None:
    admin.post(ROLES, TESTER)
    admin.put(f"{ROLES}/test", {"permission_sets_with_scope": [{"name": "Basic"}]})
    admin.put(f"{ROLES}/test", {"permission_sets_with_scope": [{"name": "Basic"}]})
    admin.delete(f"{ROLES}/test")
    found = entries(admin)
    assert [entry["action"] for entry in found] == ["delete", "update", "create"]
    assert {entry["object"]["type"] for entry in found} == {"role"}
    assert json.loads(found[1]["change"])["permission_sets"][1] == [{"name": "Basic"}]


def test_the_built_in_roles_have_mender_s_names_and_stay_as_they_are(admin: Person) -> None:
    shown = {role["name"]: role for role in admin.get(ROLES).json()}
    assert len(shown) == len(Role)
    assert shown["RBAC_ROLE_PERMIT_ALL"]["permission_sets_with_scope"] == [{"name": "SuperUser"}]
    observer = shown["RBAC_ROLE_OBSERVER"]
    assert {"name": "ReadDevices"} in observer["permission_sets_with_scope"]
    assert {"name": "ManageDevices"} not in observer["permission_sets_with_scope"]
    assert admin.get(f"{ROLES}/RBAC_ROLE_OBSERVER").json() == observer
    error_of(admin.put(f"{ROLES}/RBAC_ROLE_CI", TESTER), 403)
    error_of(admin.delete(f"{ROLES}/operator"), 403)


def scoped(name: str, kind: Any, value: Any) -> list[dict[str, Any]]:
    return [{"name": name, "scope": {"type": kind, "value": value}}]


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": " padded "},
        {"name": "a/b"},
        {"name": "two\nlines"},
        {"name": "x" * 129},
        {"name": 5},
        {"name": "RBAC_ROLE_MINE"},
        {"name": "viewer"},
        {"description": "x" * 1025},
        {"permission_sets_with_scope": {}},
        {"permission_sets_with_scope": ["ReadDevices"]},
        {"permission_sets_with_scope": [{"name": "ReadEverything"}]},
        {"permission_sets_with_scope": [{"name": ["ReadDevices"]}]},
        {"permission_sets_with_scope": [{"name": "Basic"}] * 16},
        {"permission_sets_with_scope": scoped("ReadReleases", "DeviceGroups", ["test"])},
        {"permission_sets_with_scope": scoped("ReadDevices", "ReleaseTags", ["test"])},
        {"permission_sets_with_scope": scoped("ReadDevices", "Everything", ["test"])},
        {"permission_sets_with_scope": scoped("ReadUsers", "DeviceGroups", ["test"])},
        {"permission_sets_with_scope": scoped("ReadDevices", "DeviceGroups", [])},
        {"permission_sets_with_scope": scoped("ReadDevices", "DeviceGroups", "test")},
        {"permission_sets_with_scope": scoped("ReadDevices", "DeviceGroups", [5])},
        {"permission_sets_with_scope": scoped("ReadDevices", "DeviceGroups", [" "])},
        {"permission_sets_with_scope": scoped("ReadDevices", "DeviceGroups", ["x" * 257])},
        {"permission_sets_with_scope": [{"name": "ReadDevices", "scope": "test"}]},
    ],
)
def test_a_malformed_role_is_refused(admin: Person, facts: Any) -> None:
    error_of(admin.post(ROLES, {**TESTER, **facts}), 400)
    admin.post(ROLES, TESTER)
    error_of(admin.put(f"{ROLES}/test", {**TESTER, **facts}), 400)
    assert admin.get(f"{ROLES}/test").json() == TESTER


def test_a_name_may_be_any_that_can_be_printed(admin: Person) -> None:
    answer = admin.post(ROLES, {**TESTER, "name": "Prüfer (Nord)"})
    assert answer.headers["Location"] == "roles/Pr%C3%BCfer%20%28Nord%29"
    path = f"v2/useradm/{answer.headers['Location']}"
    assert admin.get(path).json()["name"] == "Prüfer (Nord)"
    assert admin.put(path, {"permission_sets_with_scope": []}).status_code == 204


def test_there_is_an_end_to_the_number_of_roles(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "MOST_ROLES", 1)
    admin.post(ROLES, TESTER)
    error_of(admin.post(ROLES, {**TESTER, "name": "another"}), 422)


def test_permission_sets_say_what_may_bound_them(admin: Person) -> None:
    shown = {each["name"]: each for each in admin.get(SETS).json()}
    assert len(shown) == 16
    assert shown["ReadDevices"]["supported_scope_types"] == ["DeviceGroups"]
    assert shown["ManageReleases"]["supported_scope_types"] == ["ReleaseTags"]
    assert "supported_scope_types" not in shown["SuperUser"]
    assert admin.get(f"{SETS}/Basic").json() == shown["Basic"]
    error_of(admin.get(f"{SETS}/None"), 404)


def test_a_role_takes_effect_for_who_has_it_and_cannot_go_before_they_do(
    admin: Person, organization: Organization
) -> None:
    admin.post(ROLES, TESTER)
    ann = member(organization, email="ann@example.com")
    path = f"{USERS}/{id_of(ann)}"
    error_of(ann.get("v1/deployments/artifacts"), 403)
    names = ["RBAC_ROLE_REMOTE_TERMINAL", "test"]
    assert admin.put(path, {"roles": names}).status_code == 204
    assert admin.get(path).json()["roles"] == names
    assert ann.get("v1/deployments/artifacts").status_code == 200
    error_of(admin.delete(f"{ROLES}/test"), 409)
    update = next(entry for entry in entries(admin) if entry["object"]["type"] == "user")
    assert update["change"].splitlines()[-1] == "+role: remote_terminal, test"
    admin.put(f"{ROLES}/test", {"permission_sets_with_scope": []})
    error_of(ann.get("v1/deployments/artifacts"), 403)
    admin.put(path, {"roles": []})
    assert admin.delete(f"{ROLES}/test").status_code == 204


def test_super_user_may_everything(organization: Organization) -> None:
    chief = member(organization, make_role(organization, *within("SuperUser"), name="chiefs"))
    assert chief.post(ROLES, TESTER).status_code == 201
    assert chief.put(f"{USERS}/me", {"roles": ["RBAC_ROLE_PERMIT_ALL"]}).status_code == 204
