"""People act by token."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from django.utils import timezone

from auditlog.models import AuditEntry
from fleet import access_tokens
from fleet.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound
from fleet.models import AccessToken, Membership, User
from fleet.people import actor_of
from tests.make import PASSWORD, make_actor, make_organization, make_user

pytestmark = pytest.mark.django_db


def membership_of(user: User) -> Membership:
    return user.memberships.select_related("user", "organization").get()


def personal(user: User, name: str = "ci", expires_in: timedelta | None = None) -> str:
    mine = membership_of(user)
    return access_tokens.issue_personal(
        actor=actor_of(mine), membership=mine, name=name, expires_in=expires_in
    )


def test_signing_in_gives_a_session_of_a_week_whatever_the_case_of_the_address():
    user = make_user(email="ann@example.com", role="operator")
    token = access_tokens.sign_in(email="Ann@Example.COM", password=PASSWORD, address="::1")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["sub"], claims["iss"], claims["mender.user"]) == (
        *(str(user.pk), "mender.useradm", True),
    )
    assert claims["exp"] - claims["iat"] == pytest.approx(7 * 24 * 3600, abs=1)
    actor = access_tokens.authenticate(token, address="::2", via="Mender API")
    assert (actor.name, actor.address, actor.via) == ("ann@example.com", "::2", "Mender API")
    assert actor.may("fleet.change_device")
    assert not actor.may("fleet.change_user")
    assert AuditEntry.objects.get().action == "sign_in"


def test_wrong_credentials_and_people_without_organization_get_none():
    user = make_user()
    assert access_tokens.sign_in(email=user.email, password="wrong") is None
    assert access_tokens.sign_in(email="nobody@example.com", password=PASSWORD) is None
    Membership.objects.all().delete()
    assert access_tokens.sign_in(email=user.email, password=PASSWORD) is None


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"password": "another"},
        {"is_active": False},
        {"two_factor": User.TwoFactor.ENABLED, "totp_secret": "x"},
    ],
    ids=["password", "switched off", "second factor"],
)
def test_what_changes_while_the_password_is_checked_counts(monkeypatch, meanwhile):
    user, check = make_user(), access_tokens.check_credentials

    def slowly(*args, **credentials):
        found = check(*args, **credentials)
        User.objects.filter(pk=user.pk).update(**meanwhile)
        return found

    monkeypatch.setattr(access_tokens, "check_credentials", slowly)
    assert access_tokens.sign_in(email=user.email, password=PASSWORD) is None
    assert not AccessToken.objects.exists()


def test_only_the_digest_is_kept():
    token = personal(make_user())
    row = AccessToken.objects.get()
    assert token not in "".join(str(getattr(row, f.attname)) for f in row._meta.fields)


def test_the_eleventh_session_ends_the_oldest():
    user = make_user()
    tokens = [access_tokens.sign_in(email=user.email, password=PASSWORD) for _ in range(11)]
    alive = [access_tokens.authenticate(token) is not None for token in tokens]
    assert alive == [False] + [True] * 10


def test_signing_out_ends_the_session_and_no_personal_token():
    user = make_user()
    session = access_tokens.sign_in(email=user.email, password=PASSWORD)
    lasting = personal(user)
    for token in (session, session, lasting, "nonsense"):
        access_tokens.sign_out(token)
    assert AuditEntry.objects.filter(action="sign_out", actor_id=str(user.pk)).count() == 1
    assert access_tokens.authenticate(session) is None
    assert access_tokens.authenticate(lasting)


@pytest.mark.parametrize("kind", ["session", "personal"])
def test_nobody_acts_who_is_switched_off_or_whose_token_has_expired(kind):
    user = make_user()
    token = (
        access_tokens.sign_in(email=user.email, password=PASSWORD)
        if kind == "session"
        else personal(user, expires_in=timedelta(days=1))
    )
    User.objects.update(is_active=False)
    assert access_tokens.authenticate(token) is None
    User.objects.update(is_active=True)
    assert access_tokens.authenticate(token)
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert access_tokens.authenticate(token) is None


def test_its_last_use_is_noted_now_and_then(django_assert_num_queries):
    token = personal(make_user())
    with django_assert_num_queries(2):
        access_tokens.authenticate(token)
    with django_assert_num_queries(1):
        actor = access_tokens.authenticate(token)
    assert actor.token == "ci"
    assert AccessToken.objects.get().last_used_at


def test_a_name_is_taken_once_by_a_member():
    user, other = make_user(), make_user()
    personal(user)
    personal(other)
    with pytest.raises(Conflict) as refused:
        personal(user)
    assert refused.value.code == "duplicate_token_name"


def test_a_person_has_ten_personal_tokens():
    user = make_user()
    for number in range(10):
        personal(user, str(number))
    with pytest.raises(LimitReached):
        personal(user, "one more")


@pytest.mark.parametrize(
    ("name", "expires_in"),
    [
        *[("", None), ("n" * 129, None), ("n", timedelta())],
        *[("n", timedelta(days=-1)), ("n", timedelta(days=366))],
    ],
)
def test_names_and_expiries_keep_the_rules(name, expires_in):
    with pytest.raises(Invalid):
        personal(make_user(), name, expires_in)


def test_a_revoked_one_is_void_and_both_are_in_the_audit_log():
    user = make_user()
    token, mine = personal(user), membership_of(user)
    row = access_tokens.personal_tokens(mine).get()
    access_tokens.revoke_personal(actor=actor_of(mine), membership=mine, token_id=row.pk)
    assert access_tokens.authenticate(token) is None
    assert list(AuditEntry.objects.order_by("id").values_list("action", "object_name")) == [
        ("create", "ci"),
        ("revoke", "ci"),
    ]
    with pytest.raises(NotFound):
        access_tokens.revoke_personal(actor=actor_of(mine), membership=mine, token_id=uuid4())


def test_only_who_manages_people_makes_tokens_for_others():
    user = make_user()
    mine = membership_of(user)
    operator = make_actor(mine.organization, "operator")
    with pytest.raises(Forbidden):
        access_tokens.issue_personal(actor=operator, membership=mine, name="ci")
    assert access_tokens.issue_personal(
        actor=make_actor(make_organization()), membership=mine, name="ci"
    )
