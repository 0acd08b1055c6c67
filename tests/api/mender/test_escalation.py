"""Nobody comes to more rights than they have, by whatever way there is."""

from typing import Any

import pytest

from fleet.models import CustomRole, Organization, Role, User
from tests.api.mender.callers import Person, error_of, person
from tests.api.mender.members import ROLES, USERS, id_of, make_role, member, within
from tests.codes import enable
from tests.make import make_user

NEW = {"email": "friend@example.com", "password": "long-enough-7"}


@pytest.fixture
def managers(organization: Organization) -> CustomRole:
    return make_role(organization, *within("ManageUsers"), name="managers")


@pytest.fixture
def manager(organization: Organization, managers: CustomRole) -> Person:
    return member(organization, managers)


@pytest.fixture
def boss(organization: Organization) -> User:
    return make_user(organization=organization, email="boss@example.com")


@pytest.mark.parametrize(
    "roles", [["RBAC_ROLE_PERMIT_ALL"], ["managers", "RBAC_ROLE_OBSERVER"], ["north"]]
)
def test_who_manages_people_gives_no_more_than_they_hold(
    organization: Organization, manager: Person, roles: list[str]
) -> None:
    make_role(organization, *within("ReadDevices", group="north"), name="north")
    error_of(manager.put(f"{USERS}/me", {"roles": roles}), 403)
    error_of(manager.post(USERS, {**NEW, "roles": roles}), 403)
    other = member(organization)
    error_of(manager.put(f"{USERS}/{id_of(other)}", {"roles": roles}), 403)


def test_without_a_word_on_roles_a_friend_would_be_an_administrator(manager: Person) -> None:
    error_of(manager.post(USERS, NEW), 403)
    assert manager.post(USERS, {**NEW, "roles": ["managers"]}).status_code == 201


@pytest.mark.parametrize(
    "change", [{"password": "another-word-8"}, {"email": "mine@example.com"}, {"roles": []}]
)
def test_who_may_more_is_not_theirs_to_change(manager: Person, boss: User, change: Any) -> None:
    enable(boss)
    error_of(manager.put(f"{USERS}/{boss.pk}", change), 403)
    error_of(manager.delete(f"{USERS}/{boss.pk}"), 403)
    error_of(manager.post(f"{USERS}/{boss.pk}/2fa/disable"), 403)
    User.objects.filter(pk=boss.pk).update(is_active=False)
    error_of(manager.put(f"{USERS}/{boss.pk}", change), 403)


def test_a_superuser_s_account_is_no_administrator_s(admin: Person) -> None:
    chief = make_user(organization=admin.organization, role="viewer", is_superuser=True)
    for change in ({"password": "another-word-8"}, {"email": "mine@example.com"}):
        error_of(admin.put(f"{USERS}/{chief.pk}", change), 403)
    assert admin.delete(f"{USERS}/{chief.pk}").status_code == 204
    assert User.objects.filter(pk=chief.pk).exists()


def test_who_manages_people_makes_no_roles(manager: Person) -> None:
    body = {"name": "x", "permission_sets_with_scope": within("SuperUser")}
    error_of(manager.post(ROLES, body), 403)
    error_of(manager.put(f"{ROLES}/managers", body), 403)
    error_of(manager.delete(f"{ROLES}/managers"), 403)


def test_bounds_are_not_left_by_giving(organization: Organization) -> None:
    """Who manages people, and devices of one group, gives that group and no other."""
    role = make_role(
        organization,
        *within("ManageUsers"),
        *within("ManageDevices", group="north"),
        name="north people",
    )
    make_role(organization, *within("ReadDevices", group="north"), name="north")
    make_role(organization, *within("ReadDevices", group="south"), name="south")
    make_role(organization, *within("ReadDevices"), name="all")
    caller, other = member(organization, role), member(organization)
    path = f"{USERS}/{id_of(other)}"
    assert caller.put(path, {"roles": ["north"]}).status_code == 204
    for beyond in ("south", "all"):
        error_of(caller.put(path, {"roles": [beyond]}), 403)


def test_a_token_lends_nobody_s_rights(organization: Organization) -> None:
    plain = member(organization, make_role(organization, *within("ReadDevices")))
    error_of(plain.post("v1/useradm/settings/tokens", {"name": "x"}), 403)
    viewer = person(organization, Role.VIEWER)
    answer = viewer.post("v1/useradm/settings/tokens", {"name": "x"})
    script = Person(token=answer.content.decode(), organization=organization)
    error_of(script.post(USERS, NEW), 403)


def test_another_organization_s_role_is_unknown(admin: Person) -> None:
    make_role(person().organization, *within("SuperUser"), name="theirs")
    error_of(admin.post(USERS, {**NEW, "roles": ["theirs"]}), 400)
