"""Members who go while they sign in, or while another organization changes them."""

import pytest

from fleet import access_tokens, people
from fleet.errors import NotFound
from fleet.models import AccessToken, Membership
from tests.at_once import at_once
from tests.make import PASSWORD, make_actor, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def removing(membership):
    actor = make_actor(membership.organization)
    return lambda: people.remove_member(actor=actor, membership=membership)


def test_who_was_removed_gets_no_token():
    membership = make_user(role="viewer").memberships.get()
    removing(membership)()
    with pytest.raises(NotFound):
        access_tokens.issue_personal(
            actor=people.actor_of(membership), membership=membership, name="late"
        )
    assert not AccessToken.objects.exists()


def test_members_sign_in_while_they_are_removed():
    home = make_organization()
    make_user(organization=home)
    leavers = [make_user(organization=home) for _ in range(12)]

    def signing_in(user):
        return lambda: access_tokens.sign_in(email=user.email, password=PASSWORD)

    calls = [removing(user.memberships.get()) for user in leavers]
    at_once([*calls, *map(signing_in, leavers)])
    assert Membership.objects.count() == 1
    assert not AccessToken.objects.exists()


def test_the_admin_stays_open_to_who_steps_down_in_one_of_two_organizations():
    for _ in range(8):
        user = make_user(is_staff=True)
        old, new = user.memberships.get(), make_organization()
        make_user(organization=old.organization)
        second = Membership.objects.create(user=user, organization=new, role="viewer")
        at_once(
            [
                lambda old=old: people.change_role(
                    actor=make_actor(old.organization), membership=old, role="viewer"
                ),
                lambda second=second, new=new: people.change_role(
                    actor=make_actor(new), membership=second, role="administrator"
                ),
            ]
        )
        user.refresh_from_db()
        assert user.is_staff
