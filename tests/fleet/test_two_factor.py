"""A second factor at the same moment in two places, and without one's app."""

import pytest
from django.core.management import CommandError, call_command

from auditlog.models import AuditEntry
from fleet import access_tokens, two_factor
from tests.at_once import at_once
from tests.codes import code_of, enable
from tests.make import PASSWORD, make_user


@pytest.mark.django_db(transaction=True)
def test_a_code_opens_one_door_however_many_try_it_at_once():
    user = make_user()
    enable(user)
    code, opened = code_of(user), []

    def enter():
        opened.append(access_tokens.sign_in(email=user.email, password=PASSWORD, code=code))

    at_once([enter] * 6)
    assert len([token for token in opened if token]) == 1


@pytest.mark.django_db
def test_whoever_runs_the_server_lets_in_who_lost_the_app(capsys):
    user = make_user(email="ann@example.com")
    enable(user)
    call_command("disable_two_factor", "Ann@example.com")
    assert "ann@example.com signs in by password alone" in capsys.readouterr().out
    assert access_tokens.sign_in(email=user.email, password=PASSWORD)
    entry = AuditEntry.objects.filter(via="command line").get()
    assert entry.change == {"two_factor": ["enabled", "disabled"]}
    for email in ("ann@example.com", "nobody@example.com"):
        with pytest.raises(CommandError):
            call_command("disable_two_factor", email)


@pytest.mark.django_db
def test_the_secret_is_not_kept_in_clear():
    user = make_user()
    enable(user)
    assert two_factor._secret(user) not in user.totp_secret
    assert len(user.totp_secret) < 255
