"""Members, and who the caller is."""

import pytest

from auditlog.models import Action, AuditEntry
from fleet.models import CustomRole, Membership, Role, User
from tests.api.v1.callers import caller
from tests.make import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_the_members_are_listed_with_their_roles() -> None:
    us = caller("administrator", email="ada@example.com")
    own = CustomRole.objects.create(organization=us.organization, name="keepers")
    bob = make_user(role="viewer", organization=us.organization, email="bob@example.com")
    membership = bob.memberships.get()
    membership.further_roles = [Role.CI]
    membership.save()
    membership.custom_roles.add(own)
    make_user()
    first, second = us.get("/members").json()["items"]
    assert (first["email"], first["roles"]) == ("ada@example.com", ["administrator"])
    assert (second["id"], second["roles"]) == (str(bob.id), ["viewer", "ci", "keepers"])
    assert not {"password", "totp_secret"} & us.get(f"/members/{bob.id}").json().keys()


@pytest.mark.parametrize("role", ["viewer", "ci", "keepers"])
def test_members_are_found_by_role(role: str) -> None:
    us = caller("administrator")
    own = CustomRole.objects.create(organization=us.organization, name="keepers")
    bob = make_user(role="viewer", organization=us.organization).memberships.get()
    Membership.objects.filter(pk=bob.pk).update(further_roles=[Role.CI])
    bob.custom_roles.add(own)
    found = us.get("/members", q=f"roles=={role}").json()["items"]
    assert [item["id"] for item in found] == [str(bob.user_id)]
    others = us.get("/members", q=f"roles!={role}").json()["items"]
    assert [item["id"] for item in others] == [str(us.membership.user_id)]


def test_a_member_is_added_changed_and_removed() -> None:
    us = caller("administrator")
    body = {"email": "bob@example.com", "roles": ["viewer"], "password": PASSWORD, "name": "Bob"}
    added = us.post("/members", body, idempotency_key="bob")
    assert added.status_code == 201
    assert us.post("/members", body, idempotency_key="bob").content == added.content
    path = f"/members/{User.objects.get(email='bob@example.com').pk}"
    assert added.headers["Location"] == f"/api/v1{path}"
    seen = us.get(path).headers["ETag"]
    changed = us.patch(path, {"roles": ["operator", "ci"]}, if_match=seen)
    assert changed.json()["roles"] == ["operator", "ci"]
    assert us.patch(path, {"roles": ["ci"]}, if_match=seen).status_code == 412
    assert us.delete(path).status_code == 204
    assert us.get(path).status_code == 404
    noted = AuditEntry.objects.filter(object_kind="user").values_list("action", flat=True)
    assert {Action.CREATE, Action.UPDATE, Action.DELETE} <= set(noted)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"roles": ["captain"]}, "roles"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"is_staff": True}, "is_staff"),
    ],
)
def test_what_no_member_can_be_is_named(wrong: dict[str, object], field: str) -> None:
    body = {"email": "bob@example.com", "roles": ["viewer"], "password": PASSWORD} | wrong
    answer = caller("administrator").post("/members", body)
    assert answer.status_code == 400
    told = answer.json()
    assert field in {told.get("field"), *(error["field"] for error in told.get("errors", []))}
    assert not User.objects.filter(email="bob@example.com").exists()


def test_who_may_not_manage_people_changes_only_themself() -> None:
    us = caller("operator", email="ada@example.com")
    other = f"/members/{make_user(organization=us.organization).pk}"
    assert us.patch(other, {"email": "new@example.com"}).status_code == 403
    assert us.post("/members", {}).status_code == us.delete(other).status_code == 403
    mine = f"/members/{us.membership.user_id}"
    wrong = us.patch(mine, {"email": "new@example.com", "current_password": "wrong"})
    assert wrong.json()["field"] == "current_password"
    changed = us.patch(mine, {"email": "new@example.com", "current_password": PASSWORD})
    assert changed.json()["email"] == "new@example.com"
    assert us.patch(mine, {"roles": ["administrator"]}).status_code == 403


def test_members_of_others_are_not_there() -> None:
    us, them = caller("administrator"), make_user(organization=make_organization())
    path = f"/members/{them.pk}"
    calls = [us.get(path), us.patch(path, {"roles": []}), us.delete(path)]
    assert {answer.status_code for answer in calls} == {404}


def test_the_last_administrator_stays() -> None:
    us = caller("administrator")
    answer = us.delete(f"/members/{us.membership.user_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
