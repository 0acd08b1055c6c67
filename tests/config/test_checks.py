import pytest
from django.core.checks import run_checks
from pytest_django import Settings


def ids(*, deploy: bool = False) -> set[str]:
    found = run_checks(include_deployment_checks=deploy)
    return {message.id for message in found if message.id and message.id.startswith("slipway.")}


def test_the_defaults_are_sound() -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "short", "slipway.E001"),
        ("PUBLIC_URL", "updates.example", "slipway.E003"),
        ("PORT", 70_000, "slipway.E004"),
        ("SERVE_THREADS", 0, "slipway.E004"),
    ],
)
def test_it_names_a_bad_value(settings: Settings, name: str, value: object, complaint: str) -> None:
    setattr(settings, name, value)
    assert ids() == {complaint}


def test_debugging_is_for_this_machine_alone(settings: Settings) -> None:
    settings.DEBUG = True
    assert "slipway.E002" not in ids()
    settings.HOST = "192.0.2.1"
    assert "slipway.E002" in ids()


def test_others_should_not_reach_us_in_the_clear(settings: Settings) -> None:
    settings.HOST = "::"
    assert ids() == {"slipway.W001"}
    settings.HTTPS = True
    assert ids() == set()


def test_a_proxy_must_be_known(settings: Settings) -> None:
    settings.HTTPS = True
    assert ids(deploy=True) == {"slipway.W002", "slipway.W003"}
    settings.ALLOWED_HOSTS = ["slipway.example"]
    settings.TRUSTED_PROXIES = 1
    assert ids(deploy=True) == set()
