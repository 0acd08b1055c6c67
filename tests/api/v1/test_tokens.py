"""Personal access tokens through the API."""

import pytest

from api.models import KeptAnswer
from auditlog.models import Action, AuditEntry
from fleet.models import AccessToken
from tests.api.v1.callers import caller
from tests.make import make_organization

pytestmark = pytest.mark.django_db


def test_a_token_is_told_once_and_works() -> None:
    us = caller("viewer")
    made = us.post("/tokens", {"name": "ci", "expires_in": 3600})
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    token = made.json().pop("token")
    kept = AccessToken.objects.get(name="ci")
    assert us.get(f"/tokens/{kept.id}").json() == {
        name: value for name, value in made.json().items() if name != "token"
    }
    answer = us._client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["token"] == "ci"
    assert token not in us.get("/tokens").content.decode()
    assert kept.digest not in us.get("/tokens").content.decode()


def test_a_token_whose_answer_got_lost_is_told_again_to_who_has_the_key() -> None:
    us = caller("viewer")
    first, again = (us.post("/tokens", {"name": "ci"}, idempotency_key="lost") for _ in range(2))
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    assert again.headers["Cache-Control"] == "no-store"
    assert AccessToken.objects.filter(name="ci").count() == 1
    token = first.json()["token"].encode()
    assert token not in bytes(KeptAnswer.objects.get().body)
    other = caller("viewer", us.organization).post(
        "/tokens", {"name": "ci"}, idempotency_key="lost"
    )
    assert token not in other.content


def test_a_revoked_token_is_gone_and_noted() -> None:
    us = caller("viewer")
    us.post("/tokens", {"name": "ci"})
    path = f"/tokens/{AccessToken.objects.get(name='ci').id}"
    assert us.delete(path).status_code == 204
    assert us.get(path).status_code == us.delete(path).status_code == 404
    assert AuditEntry.objects.filter(action=Action.REVOKE).exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [({"name": ""}, "name"), ({"name": "x", "expires_in": 0}, "expires_in"), ({}, "name")],
)
def test_what_no_token_can_be_is_named(body: dict[str, object], field: str) -> None:
    answer = caller("viewer").post("/tokens", body)
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_one_sees_one_s_own_and_an_administrator_all_of_the_organization() -> None:
    organization = make_organization()
    one, two = caller("viewer", organization), caller("viewer", organization)
    foreign = caller("viewer")
    admin = caller("administrator", organization)
    (mine,) = one.get("/tokens").json()["items"]
    assert mine["member.id"] == str(one.membership.user_id)
    other = two.get("/tokens").json()["items"][0]["id"]
    assert one.get(f"/tokens/{other}").status_code == 404
    assert one.delete(f"/tokens/{other}").status_code == 404
    owners = {item["member.id"] for item in admin.get("/tokens").json()["items"]}
    assert owners == {str(each.membership.user_id) for each in (one, two, admin)}
    assert admin.delete(f"/tokens/{other}").status_code == 204
    theirs = foreign.get("/tokens").json()["items"][0]["id"]
    assert admin.delete(f"/tokens/{theirs}").status_code == 404


def test_tokens_of_others_take_the_right_to_change_people() -> None:
    organization = make_organization()
    viewer, admin = caller("viewer", organization), caller("administrator", organization)
    body = {"name": "robot", "member": str(viewer.membership.user_id)}
    assert admin.post("/tokens", body).json()["member.email"] == viewer.membership.user.email
    other = {"name": "robot", "member": str(admin.membership.user_id)}
    assert viewer.post("/tokens", other).status_code == 403
    stranger = {"name": "robot", "member": str(caller().membership.user_id)}
    assert admin.post("/tokens", stranger).status_code == 404
