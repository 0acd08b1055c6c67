"""Each event that Mender's server records is one entry, however it came about, and says what."""

from collections.abc import Callable
from typing import Any

import pytest

from fleet.states import Admission
from tests.api.mender.audit import entries
from tests.api.mender.callers import Person
from tests.api.mender.test_artifact_upload import upload
from tests.make import make_device, make_mender_file, make_user, upload_artifact

USERS, ROLES = "v1/useradm/users", "v2/useradm/roles"
TOKENS = "v1/useradm/settings/tokens"
ARTIFACTS, DEPLOYMENTS = "v1/deployments/artifacts", "v1/deployments/deployments"
CONFIGURATIONS = "v1/deviceconfig/configurations/device"
SETS = [{"name": "Basic"}]

Scene = Callable[[Person], tuple[Any, str]]


def user_create(admin: Person) -> tuple[Any, str]:
    body = {"email": "new@acme.com", "password": "long-word-7"}
    return admin.post(USERS, body), "role"


def user_update__email(admin: Person) -> tuple[Any, str]:
    user = make_user(organization=admin.organization, email="old@acme.com")
    return admin.put(f"{USERS}/{user.pk}", {"email": "new@acme.com"}), "+email: new@acme.com"


def user_update__password(admin: Person) -> tuple[Any, str]:
    user = make_user(organization=admin.organization)
    return admin.put(f"{USERS}/{user.pk}", {"password": "other-word-8"}), "+password: changed"


def user_update__roles(admin: Person) -> tuple[Any, str]:
    user = make_user(organization=admin.organization)
    return admin.put(f"{USERS}/{user.pk}", {"roles": ["RBAC_ROLE_OBSERVER"]}), "+role: "


def user_delete(admin: Person) -> tuple[Any, str]:
    user = make_user(organization=admin.organization)
    return admin.delete(f"{USERS}/{user.pk}"), "role"


def user_access_token_create(admin: Person) -> tuple[Any, str]:
    return admin.post(TOKENS, {"name": "ci", "expires_in": 3600}), "expires_at"


def user_access_token_delete(admin: Person) -> tuple[Any, str]:
    admin.post(TOKENS, {"name": "ci", "expires_in": 3600})
    (token,) = admin.get(TOKENS).json()
    return admin.delete(f"{TOKENS}/{token['id']}"), "expires_at"


def role_create(admin: Person) -> tuple[Any, str]:
    return admin.post(ROLES, role()), "permission_sets"


def role_update(admin: Person) -> tuple[Any, str]:
    admin.post(ROLES, role())
    return admin.put(f"{ROLES}/mine", role(description="told")), "told"


def role_delete(admin: Person) -> tuple[Any, str]:
    admin.post(ROLES, role())
    return admin.delete(f"{ROLES}/mine"), ""


def role(**facts: str) -> dict[str, Any]:
    return {"name": "mine", "description": "", "permission_sets_with_scope": SETS} | facts


def artifact_upload(admin: Person) -> tuple[Any, str]:
    return upload(admin, make_mender_file("app")), "sha256"


def artifact_update(admin: Person) -> tuple[Any, str]:
    artifact = upload_artifact(admin.organization, "app")
    return admin.put(f"{ARTIFACTS}/{artifact.id}", {"description": "told"}), "told"


def artifact_delete(admin: Person) -> tuple[Any, str]:
    artifact = upload_artifact(admin.organization, "app")
    return admin.delete(f"{ARTIFACTS}/{artifact.id}"), ""


def deployment_create(admin: Person) -> tuple[Any, str]:
    return deploy(admin), "app"


def deployment_abort(admin: Person) -> tuple[Any, str]:
    number = deploy(admin).headers["Location"].rsplit("/", 1)[1]
    return admin.put(f"{DEPLOYMENTS}/{number}/status", {"status": "aborted"}), ""


def deploy(admin: Person) -> Any:
    upload_artifact(admin.organization, "app")
    device = make_device(admin.organization)
    body = {"name": "production", "artifact_name": "app", "devices": [str(device.id)]}
    return admin.post(DEPLOYMENTS, body)


def device_reject(admin: Person) -> tuple[Any, str]:
    device = make_device(admin.organization, status=Admission.PENDING)
    path = f"v2/devauth/devices/{device.id}/auth/{device.auth_sets.get().id}/status"
    return admin.put(path, {"status": "rejected"}), "rejected"


def device_decommission(admin: Person) -> tuple[Any, str]:
    device = make_device(admin.organization)
    return admin.delete(f"v2/devauth/devices/{device.id}"), "identity"


def device_set_configuration(admin: Person) -> tuple[Any, str]:
    device = make_device(admin.organization)
    return admin.put(f"{CONFIGURATIONS}/{device.id}", {"timezone": "UTC"}), "timezone"


def device_deploy_configuration(admin: Person) -> tuple[Any, str]:
    device = make_device(admin.organization)
    admin.put(f"{CONFIGURATIONS}/{device.id}", {"timezone": "UTC"})
    return admin.post(f"{CONFIGURATIONS}/{device.id}/deploy", {}), "deployment_id"


@pytest.mark.parametrize(
    "scene",
    [
        user_create,
        user_update__email,
        user_update__password,
        user_update__roles,
        user_delete,
        user_access_token_create,
        user_access_token_delete,
        role_create,
        role_update,
        role_delete,
        artifact_upload,
        artifact_update,
        artifact_delete,
        deployment_create,
        deployment_abort,
        device_reject,
        device_decommission,
        device_set_configuration,
        device_deploy_configuration,
    ],
)
def test_an_event_is_one_entry(admin: Person, scene: Scene) -> None:
    """A scene is named for the kind of object and the action, and says what the change tells."""
    answer, told = scene(admin)
    word = scene.__name__.partition("__")[0]
    assert answer.status_code < 300, answer.content
    me = admin.get(f"{USERS}/me").json()
    (entry,) = [
        entry for entry in entries(admin) if f"{entry['object']['type']}_{entry['action']}" == word
    ]
    assert entry["actor"] == {"id": me["id"], "type": "user", "email": me["email"]}
    assert told in entry.get("change", "")
    assert ("change" in entry) == bool(told)


def test_what_changes_nothing_is_not_an_event(admin: Person) -> None:
    user = make_user(organization=admin.organization, email="same@acme.com")
    assert admin.put(f"{USERS}/{user.pk}", {"email": "same@acme.com"}).status_code == 204
    artifact = upload_artifact(admin.organization, "app")
    path = f"{ARTIFACTS}/{artifact.id}"
    assert admin.put(path, {"description": artifact.description}).status_code == 204
    assert entries(admin) == []
