import pytest
from django.core.management import call_command
from pytest_django import Settings

from config.bootstrap import begin
from fleet.models import Membership, Organization, Role, User

pytestmark = pytest.mark.django_db


def test_it_makes_an_organization_and_its_administrator(settings: Settings) -> None:
    settings.ORGANIZATION, settings.ADMIN_EMAIL = "Acme Labs", "Root@Example.com"
    password = begin()
    membership = Membership.objects.get()
    assert membership.organization.key == "ACME-LABS"
    assert membership.role == Role.ADMINISTRATOR
    assert membership.user.email == "root@example.com"
    assert membership.user.is_superuser
    assert password
    assert membership.user.check_password(password)


def test_it_uses_the_password_of_the_settings_and_does_not_repeat_it(
    settings: Settings,
) -> None:
    settings.ADMIN_PASSWORD = "correct horse"
    assert begin() is None
    assert User.objects.get().check_password("correct horse")


def test_a_second_start_changes_nothing(settings: Settings) -> None:
    begin()
    before = User.objects.values().get()
    settings.ADMIN_PASSWORD = "another password"
    assert begin() is None
    assert User.objects.values().get() == before


def test_a_membership_that_was_ended_stays_ended() -> None:
    begin()
    Membership.objects.all().delete()
    begin()
    assert not Membership.objects.exists()


def test_a_second_organization_gets_the_same_administrator(settings: Settings) -> None:
    begin()
    settings.ORGANIZATION = "Other"
    assert begin() is None
    assert Membership.objects.filter(user=User.objects.get()).count() == 2


@pytest.mark.django_db(transaction=True)
def test_it_begins_again_after_flush() -> None:
    begin()
    call_command("flush", interactive=False, verbosity=0)
    assert begin()
    assert Organization.objects.count() == 1
