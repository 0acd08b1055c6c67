from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config import health
from jobs.running import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_for_the_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_last", (-health.FRESH, {}))
    monkeypatch.setattr(health, "_since", timezone.now())


def test_all_is_well(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "storage": "ok", "jobs": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_it_names_the_jobs_when_nobody_does_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_since", timezone.now() - timedelta(minutes=1))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["jobs"] == "failing"
    assert response.json()["database"] == "ok"

    sweep()
    monkeypatch.setattr(health, "_last", (-health.FRESH, {}))
    assert client.get("/healthz").status_code == 200


def test_it_names_the_storage_that_refuses(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    options = {**settings.STORAGES["artifacts"]["OPTIONS"], "location": "/proc/nowhere"}
    artifacts = {**settings.STORAGES["artifacts"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "artifacts": artifacts}
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "database": "ok",
        "storage": "failing",
        "jobs": "ok",
    }
    assert "/proc/nowhere" not in response.text
    assert "/proc/nowhere" in caplog.text


def test_it_names_the_database_and_keeps_its_secrets(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("password of slipway@db is wrong")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "failing"
    assert "slipway@db" not in response.text


def test_many_questions_are_one_examination(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def ask() -> bool:
        asked.append(1)
        return True

    monkeypatch.setitem(health._CHECKS, "database", ask)
    for _ in range(5):
        client.get("/healthz")
    assert len(asked) == 1


def test_it_takes_no_other_method(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
