"""Django's admin calls the operations, and shows to each what they administer."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.urls import reverse

from auditlog.models import AuditEntry
from fleet import access_tokens
from fleet.models import (
    AccessToken,
    AuthSet,
    CustomRole,
    Device,
    Membership,
    Organization,
    User,
)
from tests.make import PASSWORD, make_auth_set, make_device, make_organization, make_user

pytestmark = pytest.mark.django_db


def url(model, view="changelist", *args):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{view}", args=args)


def act(client, model, action, rows, **more):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(url(model), chosen, follow=True)


@pytest.fixture
def home(client):
    """The organization that the client's person administers; they only view another."""
    home = make_organization("Home", key="HOME")
    user = make_user(organization=home, email="ann@example.com", is_staff=True)
    user.memberships.create(organization=make_organization("Away", key="AWAY"), role="viewer")
    client.force_login(user)
    return home


@pytest.fixture
def chief(client):
    user = User.objects.create_superuser("chief@example.com", PASSWORD)
    client.force_login(user)
    return user


MODELS = [model for model in site._registry if model._meta.app_label in {"fleet", "jobs"}]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_opens_searches_and_takes_few_queries(
    client, home, model, django_assert_max_num_queries
):
    for _ in range(5):
        access_tokens.sign_in(email=make_user(organization=home).email, password=PASSWORD)
        make_device(home)
    with django_assert_max_num_queries(20):
        response = client.get(url(model), {"q": "x"} if site._registry[model].search_fields else {})
    assert response.status_code == 200
    assert client.get(url(model)).status_code == 200


def test_only_rows_of_ones_own_organizations_are_there(client, home):
    away = Organization.objects.get(key="AWAY")
    mine, theirs = make_device(home, name="mine"), make_device(away, name="theirs")
    page = client.get(url(Device)).content.decode()
    assert "mine" in page
    assert "theirs" not in page
    assert client.get(url(Device, "change", mine.pk)).status_code == 200
    for row in (theirs, theirs.auth_sets.get(), away, away.memberships.first()):
        assert client.get(url(type(row), "change", row.pk)).status_code == 302
    autocomplete = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "fleet", "model_name": "membership", "field_name": "organization"},
    )
    assert [row["text"] for row in autocomplete.json()["results"]] == ["Home"]


def test_a_superuser_sees_all_and_filters_by_organization(client, chief):
    one, two = make_organization("One"), make_organization("Two")
    make_device(one, name="first")
    make_device(two, name="second")
    page = client.get(url(Device)).content.decode()
    assert "first" in page
    assert f"organization__id__exact={two.pk}" in page
    page = client.get(url(Device), {"organization__id__exact": two.pk}).content.decode()
    assert "first" not in page


def test_selected_devices_are_accepted_and_rejected_by_the_operation(client, home):
    home.device_limit = 2
    home.save()
    devices = [make_device(home, status="pending") for _ in range(3)]
    page = act(client, Device, "accept_selected", devices).content.decode()
    assert "2 devices accepted." in page
    assert "1 left: The maximum number of accepted devices is reached." in page
    act(client, Device, "reject_selected", devices)
    assert set(Device.objects.values_list("status", flat=True)) == {"rejected"}
    entry = AuditEntry.objects.filter(action="accept").first()
    assert (entry.actor_name, entry.via, entry.organization_id) == (
        *("ann@example.com", "admin", home.pk),
    )


def test_selected_keys_are_accepted_one_by_one(client, home):
    device = make_device(home)
    rivals = [make_auth_set(device), make_auth_set(device, status="preauthorized")]
    page = act(client, AuthSet, "accept_selected", rivals).content.decode()
    assert "1 keys accepted." in page
    assert "a preauthorized key is accepted by its device" in page


def test_deleting_a_device_decommissions_it_and_a_key_is_dismissed(client, home):
    one, two, three = (make_device(home) for _ in range(3))
    client.post(url(Device, "delete", one.pk), {"post": "yes"})
    act(client, Device, "delete_selected", [two], post="yes")
    client.post(url(AuthSet, "delete", three.auth_sets.get().pk), {"post": "yes"})
    assert Device.objects.get().status == "noauth"
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        *("decommission", "decommission", "dismiss"),
    ]


def test_limits_are_set_by_the_operation_and_the_rest_cannot_be_edited(client, chief):
    home = make_organization("Home", key="HOME")
    edit = url(Organization, "change", home.pk)
    client.post(edit, {"device_limit": "7", "storage_limit": "", "key": "EVIL"})
    home.refresh_from_db()
    assert (home.device_limit, home.key) == (7, "HOME")
    assert AuditEntry.objects.get().change["device_limit"] == [None, 7]


def test_an_administrator_cannot_lift_the_limits_of_the_organization(client, home):
    client.post(url(Organization, "change", home.pk), {"device_limit": "", "storage_limit": "7"})
    home.refresh_from_db()
    assert (home.device_limit, home.storage_limit) == (None, None)
    assert not AuditEntry.objects.exists()
    assert client.get(url(Organization, "add")).status_code == 403


def test_a_superuser_adds_an_organization(client, chief):
    client.post(url(Organization, "add"), {"name": "Acme Labs"})
    assert Organization.objects.get().key == "ACME-LABS"
    page = client.post(url(Organization, "add"), {"name": "acme labs"}, follow=True)
    assert "already" in page.content.decode()


def test_members_come_change_and_go_by_the_operations(client, home):
    person = {"email": "bob@example.com", "password": PASSWORD, "organization": str(home.pk)}
    client.post(url(Membership, "add"), {**person, "role": "viewer"})
    bob = Membership.objects.get(user__email="bob@example.com")
    edit = url(Membership, "change", bob.pk)
    mine = CustomRole.objects.create(organization=home, name="mine")
    theirs = CustomRole.objects.create(organization=make_organization(), name="theirs")
    client.post(edit, {"built_in": ["operator", "ci"], "own": [str(mine.pk)]})
    refused = client.post(edit, {"built_in": ["viewer"], "own": [str(theirs.pk)]})
    assert "not one of the available choices" in refused.content.decode()
    bob.refresh_from_db()
    assert (bob.role, bob.further_roles) == ("operator", ["ci"])
    assert bob.custom_roles.get() == mine
    assert client.post(url(Membership, "delete", bob.pk), {"post": "yes"}).status_code == 302
    assert not Membership.objects.filter(pk=bob.pk).exists()
    ann = home.memberships.get()
    page = client.post(url(Membership, "delete", ann.pk), {"post": "yes"}, follow=True)
    assert "this is the last one" in page.content.decode()
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        *("create", "update", "delete"),
    ]


def test_own_roles_come_change_and_go_by_the_operations(client, home):
    sets = '[{"name": "ReadDevices", "scope": {"type": "DeviceGroups", "value": ["north"]}}]'
    said = {"organization": str(home.pk), "name": "north", "permission_sets": sets}
    wrong = client.post(url(CustomRole, "add"), {**said, "permission_sets": '[{"name": "All"}]'})
    assert "there is no permission set All" in wrong.content.decode()
    away = Organization.objects.get(key="AWAY")
    client.post(url(CustomRole, "add"), {**said, "organization": str(away.pk)})
    assert not CustomRole.objects.exists()
    client.post(url(CustomRole, "add"), said)
    role = CustomRole.objects.get()
    edit = url(CustomRole, "change", role.pk)
    client.post(edit, {"description": "d", "permission_sets": '[{"name": "SuperUser"}]'})
    role.refresh_from_db()
    assert (role.name, role.permission_sets) == ("north", [{"name": "SuperUser"}])
    client.post(url(CustomRole, "delete", role.pk), {"post": "yes"})
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        *("create", "update", "delete"),
    ]
    theirs = CustomRole.objects.create(organization=away, name="theirs")
    assert client.get(url(CustomRole, "change", theirs.pk)).status_code == 302


def test_a_member_cannot_be_added_elsewhere(client, home):
    away = Organization.objects.get(key="AWAY")
    person = {"email": "bob@example.com", "password": PASSWORD, "organization": str(away.pk)}
    response = client.post(url(Membership, "add"), {**person, "role": "viewer"})
    assert "Select a valid choice" in response.content.decode()
    assert not User.objects.filter(email="bob@example.com").exists()


def test_people_are_switched_off_by_superusers_only(client, home):
    bob = make_user(organization=home)
    edit = url(User, "change", bob.pk)
    assert client.post(edit, {"name": "x"}).status_code == 403
    client.force_login(User.objects.create_superuser("chief@example.com", PASSWORD))
    client.post(edit, {"name": "Bob"})
    bob.refresh_from_db()
    assert (bob.is_active, bob.name) == (False, "Bob")
    assert AuditEntry.objects.get().object_name == bob.email


def test_tokens_are_revoked_and_their_digests_not_shown(client, home):
    ann = home.memberships.select_related("user").get()
    access_tokens.sign_in(email=ann.user.email, password=PASSWORD)
    row = AccessToken.objects.get()
    assert row.digest not in client.get(url(AccessToken, "change", row.pk)).content.decode()
    client.post(url(AccessToken, "delete", row.pk), {"post": "yes"})
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    "lookup",
    ["password__startswith", "password", "totp_secret__gt", "memberships__tokens__digest"],
)
def test_secrets_cannot_be_guessed_by_filters(client, home, lookup):
    assert client.get(url(User), {lookup: "pbkdf2"}).status_code == 400
    assert client.get(url(User), {"email__startswith": "ann"}).status_code == 200
    assert client.get(url(AccessToken), {"digest__startswith": "a"}).status_code == 400


def test_who_administers_nothing_is_not_let_in(client):
    client.force_login(make_user(role="operator"))
    assert client.get(url(Device)).status_code == 302


def test_roles_are_there_to_look_at(client, chief):
    page = client.get(reverse("admin:auth_group_changelist"))
    assert "Release manager" in page.content.decode()
    group = Group.objects.get(name="Viewer")
    opened = client.get(reverse("admin:auth_group_change", args=[group.pk]))
    assert opened.status_code == 200
    assert 'name="_save"' not in opened.content.decode()
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
