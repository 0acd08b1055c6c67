"""What roles may do."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from fleet.models import Role
from fleet.people import actor_of
from fleet.permissions import ROLE_PERMISSIONS, SUPERUSER
from tests.make import make_user

pytestmark = pytest.mark.django_db


def test_every_permission_named_is_one_of_djangos():
    known = {
        f"{app}.{codename}"
        for app, codename in Permission.objects.values_list("content_type__app_label", "codename")
    }
    assert known >= SUPERUSER


@pytest.mark.parametrize("role", Role)
def test_there_is_a_group_that_shows_what_a_role_may_do(role):
    group = Group.objects.get(name=role.label)
    assert group.permissions.count() == len(ROLE_PERMISSIONS[role])


def test_roles_may_do_what_their_names_say():
    may = {role: ROLE_PERMISSIONS[role] for role in Role}
    assert "fleet.change_device" in may[Role.OPERATOR]
    assert "artifacts.add_artifact" not in may[Role.OPERATOR]
    assert "artifacts.add_artifact" in may[Role.RELEASE_MANAGER]
    assert "fleet.change_device" not in may[Role.RELEASE_MANAGER]
    changes = {name for name in may[Role.VIEWER] if ".view_" not in name}
    assert changes == {"fleet.add_accesstoken"}
    assert all(may[role] <= may[Role.ADMINISTRATOR] for role in Role)


def test_a_person_holds_the_permissions_of_their_roles_in_django():
    user = make_user(role="operator")
    assert user.has_perm("fleet.change_device")
    assert not user.has_perm("artifacts.add_artifact")
    assert not make_user(is_active=False).has_perm("fleet.view_device")


def test_a_superuser_may_everything_and_who_is_switched_off_nothing():
    chief = make_user(role="viewer", is_superuser=True).memberships.get()
    assert actor_of(chief).permissions == SUPERUSER
    gone = make_user(is_active=False).memberships.get()
    assert not actor_of(gone).permissions


@pytest.mark.django_db(transaction=True)
def test_a_flushed_database_works_again():
    call_command("flush", interactive=False, verbosity=0)
    assert Group.objects.count() == len(Role)
    call_command("add_organization", "Acme", verbosity=0)
    call_command(
        "add_member",
        "ann@example.com",
        organization="ACME",
        role="viewer",
        password="a-long-enough-one",
    )
