"""The log a device sends."""

from typing import Any

import pytest

from deployments.logs import LIMIT, log_text, save_log, utc
from deployments.models import DeviceDeployment
from deployments.offers import poll
from fleet.errors import DomainError, Invalid, LimitReached, NotFound
from fleet.models import Device
from tests.make import make_claims, make_deployment, make_device

pytestmark = pytest.mark.django_db
OK = {"timestamp": "2016-03-11T13:03:17.063493443Z", "level": "INFO", "message": "OK"}


@pytest.fixture
def row() -> DeviceDeployment:
    device = make_device()
    make_deployment(devices=[device])
    poll(make_claims(device), {"device_type": "board", "artifact_name": "old"})
    return DeviceDeployment.objects.get()


def device_of(row: DeviceDeployment) -> Device:
    assert row.device
    return row.device


def save(row: DeviceDeployment, *messages: Any) -> None:
    save_log(device=device_of(row), deployment_id=row.deployment.id, messages=messages)


def test_it_reads_as_lines(row: DeviceDeployment) -> None:
    save(row, OK, {**OK, "timestamp": "2016-03-11T14:03:18+02:00", "message": "zoë\0"})
    assert log_text(row) == (
        "2016-03-11T13:03:17.063493443Z INFO: OK\n2016-03-11T12:03:18Z INFO: zoë\ufffd\n"
    )
    row.refresh_from_db()
    assert row.has_log


def test_the_newest_replaces(row: DeviceDeployment) -> None:
    save(row, OK)
    save(row, {**OK, "message": "again"})
    assert log_text(row).endswith(": again\n")
    assert log_text(row).count("\n") == 1


def test_there_is_none_at_first(row: DeviceDeployment) -> None:
    with pytest.raises(NotFound):
        log_text(row)


@pytest.mark.parametrize(
    "message",
    [
        "text",
        {**OK, "level": 3},
        {**OK, "message": None},
        {"level": "INFO", "message": "OK"},
        {**OK, "timestamp": "yesterday"},
        {**OK, "timestamp": "2016-13-11T13:03:17Z"},
        {**OK, "timestamp": "2016-03-11T13:03:17"},
        {**OK, "timestamp": "0001-01-01T00:00:00+05:00"},
    ],
)
def test_a_message_that_is_not_one_is_refused(row: DeviceDeployment, message: object) -> None:
    with pytest.raises(Invalid):
        save(row, OK, message)


def test_an_empty_log_is_refused(row: DeviceDeployment) -> None:
    with pytest.raises(Invalid):
        save(row)


def test_more_than_a_mebibyte_is_refused(row: DeviceDeployment) -> None:
    with pytest.raises(LimitReached):
        save(row, {**OK, "message": "x" * LIMIT})


def test_only_of_a_part_the_device_has(row: DeviceDeployment) -> None:
    with pytest.raises(DomainError, match="not part of"):
        save_log(device=make_device(), deployment_id=row.deployment.id, messages=[OK])


def test_go_says_unset_like_this() -> None:
    assert utc("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z"
