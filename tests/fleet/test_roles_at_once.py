"""Settings and roles that several people change at the same moment."""

from contextlib import suppress
from functools import partial

import pytest

from fleet import people, preferences, roles
from fleet.errors import Conflict, DomainError
from fleet.models import CustomRole, Membership, Organization, User
from tests.at_once import at_once
from tests.make import PASSWORD, make_actor, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def attempt(act, **facts):
    with suppress(DomainError):
        act(**facts)


def test_of_writers_who_read_the_same_settings_one_wins():
    home = make_organization()
    actor, tag, outcomes = make_actor(home), preferences.preferences_of(home).tag, []

    def write(number):
        with suppress(Conflict):
            preferences.keep_for_organization(
                actor=actor, organization=home, values={"n": number}, expected=tag
            )
            outcomes.append(number)

    at_once([partial(write, number) for number in range(6)])
    assert len(outcomes) == 1
    assert Organization.objects.get(pk=home.pk).settings == {"n": outcomes[0]}


def test_a_role_is_given_or_removed_but_not_both():
    for _ in range(6):
        home = make_organization()
        membership = make_user(organization=home, role="viewer").memberships.get()
        role = CustomRole.objects.create(organization=home, name="own")
        actor = make_actor(home)
        give = partial(people.set_roles, actor=actor, membership=membership, roles=[])
        at_once(
            [
                partial(attempt, give, own_roles=[role]),
                partial(attempt, roles.remove_role, actor=actor, role=role),
            ]
        )
        is_there = CustomRole.objects.filter(pk=role.pk).exists()
        assert Membership.objects.get(pk=membership.pk).custom_roles.exists() == is_there


@pytest.mark.parametrize("password", [PASSWORD, None], ids=["with password", "without"])
def test_who_is_removed_here_while_added_there_keeps_the_account_or_is_new(password):
    for number in range(8):
        home, away = make_organization(), make_organization()
        email = f"ann{number}@example.com"
        membership = make_user(organization=home, email=email, role="viewer").memberships.get()
        add = partial(people.add_member, organization=away, email=email, role="viewer")
        at_once(
            [
                partial(people.remove_member, actor=make_actor(home), membership=membership),
                partial(attempt, add, actor=make_actor(away), password=password),
            ]
        )
        is_member = Membership.objects.filter(user__email=email, organization=away).exists()
        assert User.objects.filter(email=email).exists() == is_member
        assert not Membership.objects.filter(organization=home).exists()
