"""People are listed, added, changed and removed."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from fleet import access_tokens
from fleet.models import Organization, Role, User
from tests.api.mender.callers import Person, error_of, person
from tests.api.mender.members import USERADM, USERS, id_of, member, person_of
from tests.codes import enable
from tests.make import PASSWORD, make_organization, make_user

MINE = ["v1/useradm/users/me", "v2/useradm/users/me"]
NEW = {"email": "Ann@Example.com", "password": "long-enough-7"}


def shown(admin: Person, email: str) -> Any:
    return next(each for each in admin.get(USERS).json() if each["email"] == email)


def test_a_person_is_added_and_signs_in(admin: Person) -> None:
    answer = admin.post(USERS, NEW)
    assert answer.status_code == 201
    found = shown(admin, "ann@example.com")
    assert answer.headers["Location"] == f"users/{found['id']}"
    assert found["roles"] == ["RBAC_ROLE_PERMIT_ALL"]
    assert found["tfa_status"] == "disabled"
    assert "login_ts" not in found
    assert access_tokens.sign_in(email="ann@example.com", password="long-enough-7")
    assert "login_ts" in admin.get(f"{USERS}/{found['id']}").json()


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"password": "short"}, 422),
        ({"password": "ann@example.com"}, 422),
        ({"password": None}, 422),
        ({"email": "no address"}, 400),
        ({"email": None}, 400),
        ({"email": 5}, 400),
        ({"password": ["x"]}, 400),
        ({"roles": "RBAC_ROLE_CI"}, 400),
        ({"roles": [5]}, 400),
        ({"roles": ["nobody"]}, 400),
        ({"roles": ["x"] * 101}, 400),
    ],
)
def test_a_person_who_breaks_a_rule_is_refused(admin: Person, facts: Any, status: int) -> None:
    error_of(admin.post(USERS, {**NEW, **facts}), status)
    assert User.objects.count() == 1


def test_a_second_of_the_same_address_is_refused(admin: Person) -> None:
    admin.post(USERS, NEW)
    assert "member" in error_of(admin.post(USERS, {**NEW, "email": "ANN@example.com"}), 422)


def test_who_is_known_elsewhere_becomes_a_member_and_keeps_the_password(admin: Person) -> None:
    make_user(email="ann@example.com", role="viewer")
    assert admin.post(USERS, {"email": NEW["email"], "roles": []}).status_code == 201
    assert shown(admin, "ann@example.com")["roles"] == []
    assert access_tokens.sign_in(email="ann@example.com", password=PASSWORD)


def test_nobody_is_added_with_a_password_to_an_account_of_another_s_making(admin: Person) -> None:
    make_user(email="ann@example.com", role="viewer", password="of-another-house-1")
    assert "has an account" in error_of(admin.post(USERS, NEW), 422)
    assert User.objects.get(email="ann@example.com").memberships.count() == 1


def test_people_are_found_by_id_address_and_time(admin: Person) -> None:
    for name in ("ann", "bob"):
        admin.post(USERS, {**NEW, "email": f"{name}@example.com"})
    ann = shown(admin, "ann@example.com")
    now = int(timezone.now().timestamp())

    def found(query: str) -> set[str]:
        return {each["email"].partition("@")[0] for each in admin.get(f"{USERS}?{query}").json()}

    assert found(f"id={ann['id']}") == {"ann"}
    assert found("email=ANN@example.com&email=bob@example.com") == {"ann", "bob"}
    assert found(f"created_after={now + 60}") == found(f"updated_before={now - 60}") == set()
    assert len(found(f"created_before={now + 60}&updated_after={now - 60}")) == 3
    page = admin.get(f"{USERS}?per_page=1&page=2")
    assert len(page.json()) == 1
    assert 'rel="next"' in page.headers["Link"]
    for wrong in ("page=0", "created_after=soon", "created_after=99999999999999"):
        error_of(admin.get(f"{USERS}?{wrong}"), 400)


@pytest.mark.parametrize("path", [*MINE, ""], ids=["v1", "v2", "by id"])
def test_one_changes_one_s_own_password_by_the_current_one(
    organization: Organization, path: str
) -> None:
    viewer = person(organization, Role.VIEWER)
    path = path or f"{USERS}/{id_of(viewer)}"
    email = viewer.get(f"{USERS}/me").json()["email"]
    other = access_tokens.sign_in(email=email, password=PASSWORD)
    new = {"password": "another-word-8"}
    error_of(viewer.put(path, new), 422)
    error_of(viewer.put(path, {**new, "current_password": "wrong"}), 422)
    error_of(viewer.put(path, {"password": "short", "current_password": PASSWORD}), 422)
    assert viewer.put(path, {**new, "current_password": PASSWORD}).status_code == 204
    assert viewer.get(f"{USERS}/me").status_code == 200
    assert access_tokens.authenticate(other or "") is None
    assert access_tokens.sign_in(email=email, password="another-word-8")
    error_of(viewer.put(path, {"email": "new@example.com"}), 422)
    error_of(viewer.put(path, []), 400)


@pytest.mark.parametrize("path", MINE, ids=["v1", "v2"])
def test_nobody_makes_themself_more(organization: Organization, path: str) -> None:
    viewer = person(organization, Role.VIEWER)
    error_of(viewer.put(path, {"roles": ["RBAC_ROLE_PERMIT_ALL"]}), 403)
    boss = person(organization)
    error_of(boss.put(path, {"roles": []}), 409)


def test_a_new_address_ends_the_second_factor(admin: Person) -> None:
    ann = make_user(organization=admin.organization, email="ann@example.com", role="viewer")
    enable(ann)
    path = f"{USERS}/{ann.pk}"
    error_of(admin.put(path, {"email": admin.get(f"{USERS}/me").json()["email"]}), 422)
    error_of(admin.put(path, {"email": "no address"}), 400)
    assert admin.put(path, {"email": "Anna@Example.com"}).status_code == 204
    changed = admin.get(path).json()
    assert (changed["email"], changed["tfa_status"]) == ("anna@example.com", "disabled")


def test_all_of_a_change_or_nothing(admin: Person) -> None:
    ann = make_user(organization=admin.organization, email="ann@example.com", role="viewer")
    both = {"email": "anna@example.com", "password": "short"}
    error_of(admin.put(f"{USERS}/{ann.pk}", both), 422)
    assert admin.get(f"{USERS}/{ann.pk}").json()["email"] == "ann@example.com"


def test_one_change_of_much_is_one_entry(admin: Person) -> None:
    ann = make_user(organization=admin.organization, email="ann@example.com", role="viewer")
    much = {"email": "anna@example.com", "password": "another-word-8", "roles": ["RBAC_ROLE_CI"]}
    assert admin.put(f"{USERS}/{ann.pk}", much).status_code == 204
    [entry] = admin.get(f"v1/auditlogs/logs?object_id={ann.pk}").json()
    assert all(word in entry["change"] for word in ("anna@example.com", "password", "ci"))


def test_the_account_of_who_is_elsewhere_too_is_their_own(admin: Person) -> None:
    ann = make_user(organization=admin.organization, role="viewer")
    path = f"{USERS}/{ann.pk}"
    assert admin.put(path, {"password": "another-word-8"}).status_code == 204
    ann.memberships.create(organization=make_organization(), role="viewer")
    for change in ({"password": "another-word-9"}, {"email": "mine@example.com"}):
        assert "other organizations" in error_of(admin.put(path, change), 403)
    assert admin.put(path, {"roles": ["RBAC_ROLE_CI"]}).status_code == 204
    assert admin.delete(path).status_code == 204
    assert User.objects.filter(pk=ann.pk).exists()


def test_removing_ends_the_account_with_its_last_membership(admin: Person) -> None:
    ann = make_user(organization=admin.organization, role="viewer")
    caller = person_of(ann, admin.organization)
    assert admin.delete(f"{USERS}/{ann.pk}").status_code == 204
    assert not User.objects.filter(pk=ann.pk).exists()
    error_of(caller.get(f"{USERS}/me"), 401)
    for unknown in (ann.pk, uuid4(), "none"):
        error_of(admin.delete(f"{USERS}/{unknown}"), 404)
        error_of(admin.put(f"{USERS}/{unknown}", {}), 404)


def test_the_last_administrator_stays(admin: Person) -> None:
    me = id_of(admin)
    for path in (f"{USERS}/me", f"{USERS}/{me}"):
        error_of(admin.delete(path), 409)
        error_of(admin.put(path, {"roles": ["RBAC_ROLE_OBSERVER"]}), 409)
    second = member(admin.organization, role=Role.ADMINISTRATOR)
    assert second.delete(f"{USERS}/me").status_code == 204
    error_of(second.post(f"{USERADM}/auth/logout"), 401)
