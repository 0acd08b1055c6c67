"""What every test stands on: quick passwords, storage of its own, a database that threads share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from fleet import presence

# How long an example takes says nothing on a machine that others use too.
hypothesis_settings.register_profile("slipway", deadline=None)
hypothesis_settings.load_profile("slipway")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: what starts a server would keep one process busy while others rest."""
    items.sort(key=lambda item: item.get_closest_marker("server") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in production: threads meet at its locks, not in shared memory."""
    database: dict[str, Any] = configured.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _static_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    """There for the whole run: a live server outlives the settings of a test."""
    configured.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def _own_settings(settings: Settings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.USER_RATE = settings.DEVICE_RATE = settings.SIGN_IN_RATE = 0
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {"location": tmp_path / "files"},
        },
        "artifacts": {
            **settings.STORAGES["artifacts"],
            "OPTIONS": {
                **settings.STORAGES["artifacts"]["OPTIONS"],
                "location": tmp_path / "artifacts",
            },
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _presence_waits_to_be_flushed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No thread writes behind a test's back; a test that wants the rows calls `flush`."""
    monkeypatch.setattr(presence, "_start_flushing", lambda: None)
    yield
    presence.forget()
