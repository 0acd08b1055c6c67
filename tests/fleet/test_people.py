"""People and organizations."""

import pytest
from django.contrib.auth import authenticate

from auditlog.actor import system
from auditlog.models import AuditEntry
from fleet import access_tokens, accounts, organizations, people
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.models import Membership, User
from tests.make import PASSWORD, make_actor, make_organization, make_user

pytestmark = pytest.mark.django_db


def add(email="ann@example.com", role="operator", password=PASSWORD, organization=None):
    organization = organization or make_organization()
    return people.add_member(
        actor=make_actor(organization),
        organization=organization,
        email=email,
        role=role,
        password=password,
    )


def test_a_new_person_signs_in_whatever_the_case_of_the_address():
    membership = add("Ann@Example.com")
    assert membership.user.email == "ann@example.com"
    assert authenticate(None, username="ANN@example.com", password=PASSWORD) == membership.user
    assert AuditEntry.objects.get().object_name == "ann@example.com"


def test_a_known_person_becomes_a_member_and_keeps_the_password():
    first = add("ann@example.com")
    second = add("ANN@example.com", password=None)
    assert first.user == second.user
    assert User.objects.get().check_password(PASSWORD)
    with pytest.raises(Conflict):
        add("ann@example.com", organization=second.organization)


def test_administrators_may_use_the_admin_and_others_not():
    assert add("ann@example.com", "administrator").user.is_staff
    assert not add("bob@example.com", "operator").user.is_staff


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.com"}, "email"),
        ({"role": "king"}, "role"),
        ({"password": None}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "ann@example.com"}, "password"),
    ],
)
def test_what_breaks_a_rule_names_the_field_and_leaves_no_row(facts, field):
    with pytest.raises(Invalid) as refused:
        add(**facts)
    assert refused.value.field == field
    assert not User.objects.exists()


def test_the_last_administrator_can_neither_go_nor_step_down():
    home = make_organization()
    boss = make_user(organization=home).memberships.get()
    actor = make_actor(home)
    with pytest.raises(Conflict):
        people.change_role(actor=actor, membership=boss, role="viewer")
    with pytest.raises(Conflict):
        people.remove_member(actor=actor, membership=boss)
    second = make_user(organization=home, role="viewer").memberships.get()
    people.change_role(actor=actor, membership=second, role="administrator")
    people.remove_member(actor=actor, membership=boss)
    assert Membership.objects.get().role == "administrator"
    assert Membership.objects.get().user.is_staff


def test_a_new_password_ends_the_sessions_by_token():
    user = make_user(role="viewer")
    token = access_tokens.sign_in(email=user.email, password=PASSWORD)
    oneself = people.actor_of(user.memberships.get())
    accounts.change_password(
        actor=oneself, user=user, password="another-long-one", current=PASSWORD
    )
    assert access_tokens.authenticate(token) is None
    assert access_tokens.sign_in(email=user.email, password="another-long-one")


def test_nobody_takes_the_address_of_who_has_left():
    home = make_organization()
    boss = add("boss@example.com", organization=home)
    ann = add("ann@example.com", organization=home)
    people.remove_member(actor=make_actor(home), membership=boss)
    oneself = people.actor_of(ann)
    with pytest.raises(Conflict):
        people.change_member(
            actor=oneself, membership=ann, email="Boss@example.com", current_password=PASSWORD
        )
    for email in ("ann2@example.com", "ann@example.com"):
        people.change_member(actor=oneself, membership=ann, email=email, current_password=PASSWORD)
    assert User.objects.get().email == "ann@example.com"


def test_nobody_changes_the_password_of_who_is_elsewhere_too_or_may_more():
    home = make_organization()
    guest = make_user(role="viewer")
    add(guest.email, "viewer", password=None, organization=home)
    chief = make_user(organization=home, role="viewer", is_superuser=True)
    for user in (guest, chief):
        with pytest.raises(Forbidden):
            accounts.change_password(actor=make_actor(home), user=user, password="another-long-one")
        assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_an_organization_has_a_key_made_from_its_name():
    made = organizations.add_organization(actor=system(), name="  Käse & Söhne (Nord) ")
    assert (made.key, made.name) == ("KASE-SOHNE-NORD", "Käse & Söhne (Nord)")
    assert AuditEntry.objects.get().organization_id == made.pk
    with pytest.raises(Conflict):
        organizations.add_organization(actor=system(), name="Kase Sohne-Nord")
    for name in ("", "???", "n" * 129):
        with pytest.raises(Invalid):
            organizations.add_organization(actor=system(), name=name)
    with pytest.raises(Forbidden):
        organizations.add_organization(actor=make_actor(made), name="Another")


def test_limits_are_set_lifted_and_left():
    home = make_organization()
    actor = make_actor(home)

    def set_limits(**limits):
        now = organizations.set_limits(actor=actor, organization=home, **limits)
        return now.device_limit, now.storage_limit

    assert set_limits(devices=0, storage=1024) == (0, 1024)
    assert set_limits(devices=-1) == (None, 1024)
    assert AuditEntry.objects.first().change == {"device_limit": [0, None]}
    for limit in (-2, 2**31):
        with pytest.raises(Invalid):
            set_limits(devices=limit)
