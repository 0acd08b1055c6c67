"""A second factor is begun, verified, asked for and ended."""

import base64
from typing import Any

import pytest

from fleet import two_factor
from fleet.models import Organization, Role, User
from tests.api.mender.audit import entries
from tests.api.mender.callers import Person, error_of, person, stranger
from tests.api.mender.members import USERADM, USERS, id_of, person_of
from tests.codes import code_of, enable
from tests.make import PASSWORD, make_user

LOGIN = f"{USERADM}/auth/login"
BASIC = "Basic " + base64.b64encode(f"ann@example.com:{PASSWORD}".encode()).decode()


@pytest.fixture
def ann(organization: Organization) -> User:
    return make_user(organization=organization, email="ann@example.com", role="viewer")


@pytest.fixture
def caller(ann: User, organization: Organization) -> Person:
    return person_of(ann, organization)


def log_in(**body: Any) -> Any:
    return stranger().post(LOGIN, body, Authorization=BASIC)


def status_of(caller: Person) -> str:
    return str(caller.get(f"{USERS}/me").json()["tfa_status"])


def test_it_is_begun_shown_and_verified(caller: Person, ann: User) -> None:
    error_of(caller.get(f"{USERADM}/2faqr"), 400)
    error_of(caller.put(f"{USERADM}/2faverify", {"token2fa": "123456"}), 400)
    for _ in range(2):
        assert caller.post(f"{USERS}/me/2fa/enable").status_code == 200
    assert status_of(caller) == "unverified"
    image = base64.b64decode(caller.get(f"{USERADM}/2faqr").json()["qr"])
    assert image.startswith(b"\x89PNG")
    assert log_in().status_code == 200
    for wrong in ({"token2fa": "000000"}, {"token2fa": 5}, {}):
        error_of(caller.put(f"{USERADM}/2faverify", wrong), 400)
    right = {"token2fa": code_of(ann)}
    assert caller.put(f"{USERADM}/2faverify", right).status_code == 202
    assert status_of(caller) == "enabled"
    error_of(caller.get(f"{USERADM}/2faqr"), 400)
    error_of(caller.post(f"{USERS}/me/2fa/enable"), 400)


def test_signing_in_takes_a_code_that_is_right_once(ann: User) -> None:
    enable(ann)
    assert error_of(log_in(), 401) == "2fa needed"
    for wrong in ("000000", "", 5, "é"):
        error_of(log_in(token2fa=wrong), 401)
    code = code_of(ann)
    assert log_in(token2fa=code).status_code == 200
    error_of(log_in(token2fa=code), 401)
    assert log_in(token2fa=code_of(ann, 1)).status_code == 200
    error_of(log_in(token2fa=code), 401)


def test_too_many_wrong_codes_make_all_wrong_for_a_while(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    enable(ann)
    for _ in range(two_factor.GUESSES):
        error_of(log_in(token2fa="000000"), 401)
    error_of(log_in(token2fa=code_of(ann)), 401)
    late = two_factor.time.time() + (two_factor.PENALTY + 1) * two_factor.STEP
    monkeypatch.setattr("fleet.two_factor.time.time", lambda: late)
    assert log_in(token2fa=code_of(ann)).status_code == 200


def test_tokens_and_sessions_go_on(caller: Person, ann: User, organization: Organization) -> None:
    token = caller.post(f"{USERADM}/settings/tokens", {"name": "ci"}).content.decode()
    enable(ann)
    assert Person(token=token, organization=organization).get(f"{USERS}/me").status_code == 200
    assert caller.get(f"{USERS}/me").status_code == 200


def test_only_oneself_begins_and_who_manages_people_ends(admin: Person, ann: User) -> None:
    error_of(admin.post(f"{USERS}/{ann.pk}/2fa/enable"), 403)
    enable(ann)
    viewer = person(admin.organization, Role.VIEWER)
    error_of(viewer.post(f"{USERS}/{ann.pk}/2fa/disable"), 403)
    assert admin.post(f"{USERS}/{ann.pk}/2fa/disable").status_code == 200
    error_of(admin.post(f"{USERS}/{ann.pk}/2fa/disable"), 400)
    for verb in ("enable", "disable"):
        error_of(admin.post(f"{USERS}/none/2fa/{verb}"), 404)
    assert log_in().status_code == 200
    update = next(entry for entry in entries(admin) if entry["object"]["id"] == str(ann.pk))
    assert update["change"].splitlines()[-2:] == ["-two_factor: enabled", "+two_factor: disabled"]


def test_one_ends_one_s_own(caller: Person, ann: User) -> None:
    enable(ann)
    assert caller.post(f"{USERS}/{id_of(caller)}/2fa/disable").status_code == 200
    ann.refresh_from_db()
    assert (ann.two_factor, ann.totp_secret) == ("disabled", "")


def test_the_secret_is_no_use_without_the_server_s_own(ann: User, settings: Any) -> None:
    enable(ann)
    code = code_of(ann)
    settings.SECRET_KEY = "another"
    error_of(log_in(token2fa=code), 401)


def test_a_session_may_last(ann: User) -> None:
    answer = log_in(no_expiry=True)
    assert answer.status_code == 200
    assert ann.memberships.get().tokens.get().expires_at is None
    error_of(stranger().post(LOGIN, b"{", Authorization=BASIC), 400)
