"""A person judges keys, and takes tokens away."""

import jwt
import pytest

from fleet.models import AuthSet, Device, Organization
from fleet.states import Admission
from tests.api.mender.callers import Box, Person, error_of
from tests.make import make_device

DEVICES = "v2/devauth/devices"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.fixture
def auth_set(organization: Organization) -> AuthSet:
    return make_device(organization, status=Admission.PENDING).auth_sets.get()


def path_of(auth_set: AuthSet) -> str:
    return f"{DEVICES}/{auth_set.device.id}/auth/{auth_set.id}"


def test_a_key_is_accepted_rejected_and_made_to_wait(admin: Person, auth_set: AuthSet) -> None:
    path = f"{path_of(auth_set)}/status"
    for status in ["accepted", "accepted", "rejected", "pending", "rejected", "accepted"]:
        assert admin.put(path, {"status": status}).status_code == 204
        assert admin.get(path).json() == {"status": status}


@pytest.mark.parametrize(
    "body", [{}, {"status": "preauthorized"}, {"status": "x"}, {"status": 1}, []]
)
def test_other_words_are_refused(admin: Person, auth_set: AuthSet, body: object) -> None:
    error_of(admin.put(f"{path_of(auth_set)}/status", body), 400)


def test_a_preauthorized_key_waits_for_its_device(
    admin: Person, organization: Organization
) -> None:
    auth_set = make_device(organization, status=Admission.PREAUTHORIZED).auth_sets.get()
    error_of(admin.put(f"{path_of(auth_set)}/status", {"status": "accepted"}), 400)


def test_nobody_is_accepted_over_the_limit(
    admin: Person, auth_set: AuthSet, organization: Organization
) -> None:
    organization.device_limit = 0
    organization.save()
    answer = admin.put(f"{path_of(auth_set)}/status", {"status": "accepted"})
    assert error_of(answer, 422) == "maximum number of accepted devices reached"


def test_a_key_of_another_device_does_not_match(
    admin: Person, auth_set: AuthSet, organization: Organization
) -> None:
    other = make_device(organization)
    path = f"{DEVICES}/{other.id}/auth/{auth_set.id}"
    answer = admin.put(f"{path}/status", {"status": "accepted"})
    assert error_of(answer, 400) == "dev auth: dev ID and auth ID mismatch"
    error_of(admin.get(f"{path}/status"), 404)
    error_of(admin.delete(path), 404)


@pytest.mark.parametrize("unknown", [UNKNOWN, "none"])
def test_an_unknown_key_is_not_found(admin: Person, auth_set: AuthSet, unknown: str) -> None:
    for path in [f"{auth_set.device.id}/auth/{unknown}", f"{unknown}/auth/{auth_set.id}"]:
        error_of(admin.get(f"{DEVICES}/{path}/status"), 404)
        error_of(admin.put(f"{DEVICES}/{path}/status", {"status": "accepted"}), 404)
        error_of(admin.delete(f"{DEVICES}/{path}"), 404)


def test_a_rejected_device_is_cut_off_at_its_next_call(admin: Person, device: Box) -> None:
    assert device.poll().status_code == 204
    path = path_of(device.device.auth_sets.get())
    admin.put(f"{path}/status", {"status": "rejected"})
    assert error_of(device.poll(), 401) == "unauthorized"
    error_of(device.put("v1/inventory/device/attributes", []), 401)


def test_dismissing_the_last_key_leaves_a_device_without(admin: Person, device: Box) -> None:
    path = path_of(device.device.auth_sets.get())
    assert admin.delete(path).status_code == 204
    error_of(admin.delete(path), 404)
    error_of(device.poll(), 401)
    shown = admin.get(f"{DEVICES}/{device.device.id}").json()
    assert (shown["status"], shown["auth_sets"]) == ("noauth", [])


def test_a_device_that_was_only_preauthorized_goes_with_its_key(
    admin: Person, organization: Organization
) -> None:
    auth_set = make_device(organization, status=Admission.PREAUTHORIZED).auth_sets.get()
    assert admin.delete(path_of(auth_set)).status_code == 204
    assert not Device.objects.exists()


def test_a_revoked_token_is_void_at_once(admin: Person, device: Box) -> None:
    token_id = jwt.decode(device.token, options={"verify_signature": False})["jti"]
    assert admin.delete(f"v2/devauth/tokens/{token_id}").status_code == 204
    error_of(device.poll(), 401)
    for unknown in [token_id, UNKNOWN, "none"]:
        error_of(admin.delete(f"v2/devauth/tokens/{unknown}"), 404)
