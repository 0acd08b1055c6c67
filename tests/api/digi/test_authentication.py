"""Who may call: people by e-mail address, scripts by keys."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from fleet.api_keys import issue, revoke
from fleet.models import Organization, Role
from tests.api.digi.callers import Digi, digi_caller, refused
from tests.api.digi.conftest import DeploymentMaker
from tests.api.hawkbit.callers import basic
from tests.make import PASSWORD, make_actor, make_device, make_organization, make_user

PATH = "/ws/v1/jobs/inventory"


def ask(path: str = PATH, method: str = "GET", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(enforce_csrf_checks=True).generic(method, path, headers=named)


def key_of(organization: Organization, level: Role = Role.ADMINISTRATOR) -> tuple[str, str, Any]:
    actor = make_actor(organization)
    issued = issue(actor=actor, organization=organization, name=f"script {level}", level=level)
    return issued.key.key_id, issued.secret, issued.key


def test_an_e_mail_address_and_a_password(organization: Organization) -> None:
    user = make_user(organization=organization)
    assert ask(authorization=basic(user.email, PASSWORD)).status_code == 200
    assert ask(authorization=basic(user.email.upper(), PASSWORD)).status_code == 200
    refused(ask(authorization=basic(user.email, "wrong")), 401)


def test_a_personal_token(digi: Digi) -> None:
    assert ask(authorization=digi.authorization).status_code == 200


def test_an_api_key_in_headers_of_its_own(organization: Organization) -> None:
    key_id, secret, _ = key_of(organization)
    assert ask(x_api_key_id=key_id, x_api_key_secret=secret).status_code == 200
    refused(ask(x_api_key_id=key_id, x_api_key_secret="wrong"), 401)
    refused(ask(x_api_key_id=key_id), 401)
    refused(ask(x_api_key_secret=secret), 401)


def test_an_api_key_as_user_name_and_password(organization: Organization) -> None:
    key_id, secret, _ = key_of(organization)
    assert ask(authorization=basic(key_id, secret)).status_code == 200
    refused(ask(authorization=basic(key_id, secret[:-1])), 401)


def test_a_revoked_key(organization: Organization) -> None:
    key_id, secret, key = key_of(organization)
    revoke(actor=make_actor(organization), organization=organization, key_id=key.pk)
    refused(ask(x_api_key_id=key_id, x_api_key_secret=secret), 401)
    refused(ask(authorization=basic(key_id, secret)), 401)


@pytest.mark.parametrize(
    "authorization",
    [
        *("", "Basic", "Basic !", "Basic Og==", "Bearer x", "basic dXNlcjpwYXNz", "Digest x"),
        *(basic("a\0b", "c"), basic("nobody@example.com", ""), basic("", "x"), "Basic w6k="),
    ],
)
def test_nobody(db: None, authorization: str) -> None:
    answer = ask(authorization=authorization)
    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Digi"'


def test_a_key_may_what_its_level_may(organization: Organization, job: DeploymentMaker) -> None:
    number = job(devices=[make_device(organization)]).number
    for level, allowed in [(Role.VIEWER, False), (Role.RELEASE_MANAGER, True)]:
        key_id, secret, _ = key_of(organization, level)
        headers = {"x_api_key_id": key_id, "x_api_key_secret": secret}
        assert ask(**headers).status_code == 200
        answer = ask(f"/ws/v1/jobs/cancel/{number}", "PUT", **headers)
        assert answer.status_code == (200 if allowed else 403)


def test_the_account_is_the_caller_s(organization: Organization, job: DeploymentMaker) -> None:
    number = job(devices=[make_device(organization)]).number
    assert digi_caller(organization).listed() == [number]
    assert digi_caller(make_organization()).listed() == []
