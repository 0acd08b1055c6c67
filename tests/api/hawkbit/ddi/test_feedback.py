"""What a device says of an action, what is made of it, and when it is no longer heard."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.signals import device_deployment_ended
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, feedback
from tests.api.hawkbit.ddi.making import assign, entries
from tests.make import make_deployment, make_distribution_set, make_target


@pytest.fixture
def row(box: Controller, device: Device, release: Release) -> DeviceDeployment:
    """An action that the device has come for."""
    made = assign(device, release)
    assert box.get(f"deploymentBase/{made.number}").status_code == 200
    made.refresh_from_db()
    return made


def last(row: DeviceDeployment) -> StatusEvent:
    event = row.events.last()
    assert event is not None
    return event


@pytest.mark.parametrize(
    ("execution", "finished", "state", "entry"),
    [
        ("closed", "success", "success", ("success", "")),
        ("closed", "none", "success", ("success", "")),
        ("closed", "failure", "failure", ("failure", "")),
        ("proceeding", "none", "installing", ("installing", "running")),
        ("scheduled", "none", "installing", ("installing", "running")),
        ("resumed", "none", "installing", ("installing", "running")),
        ("proceeding", "failure", "installing", ("installing", "running")),
        ("download", "none", "downloading", ("downloading", "")),
        ("downloaded", "none", "pending", ("pending", "downloaded")),
        ("canceled", "none", "pending", ("aborted", "")),
        ("canceled", "success", "pending", ("aborted", "")),
        ("rejected", "none", "pending", ("pending", "warning")),
        ("Closed", "SUCCESS", "success", ("success", "")),
    ],
)
def test_each_word(  # noqa: PLR0917 - columns of the table
    box: Controller,
    row: DeviceDeployment,
    execution: str,
    finished: str,
    state: str,
    entry: tuple[str, str],
) -> None:
    assert box.say(f"deploymentBase/{row.number}", execution, finished) == 200
    row.refresh_from_db()
    assert row.state == state
    assert entries(row)[1:] == [entry]
    assert row.is_open == (state in {"pending", "installing", "downloading"})


def test_success_is_what_the_device_runs(
    box: Controller, device: Device, row: DeviceDeployment
) -> None:
    box.put("configData", {"data": {}})
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 200
    device.refresh_from_db()
    assert device.software == "fw:2.0"
    assert device.installed_at
    assert device.wants_attributes, "what it runs is another now"
    row.deployment.refresh_from_db()


def test_failure_changes_nothing_of_the_device(
    box: Controller, device: Device, row: DeviceDeployment
) -> None:
    box.put("configData", {"data": {}})
    assert box.say(f"deploymentBase/{row.number}", "closed", "failure") == 200
    device.refresh_from_db()
    assert (device.software, device.installed_at) == ("", None)
    assert not device.wants_attributes


@pytest.mark.parametrize("finished", ["success", "failure"])
def test_what_is_closed_stays_closed(box: Controller, row: DeviceDeployment, finished: str) -> None:
    path = f"deploymentBase/{row.number}"
    assert box.say(path, "closed", finished) == 200
    for execution in ("closed", "proceeding", "rejected", "canceled"):
        response = box.post(f"{path}/feedback", feedback(execution, "success"))
        assert (response.status_code, response.content) == (410, b"")
    row.refresh_from_db()
    assert row.state == finished
    assert len(entries(row)) == 2


def test_a_download_is_all_that_was_wanted(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release, action_type="downloadonly")
    path = f"deploymentBase/{row.number}"
    assert box.say(path, "download") == 200
    assert box.say(path, "downloaded") == 200
    row.refresh_from_db()
    assert (row.state, row.is_open) == ("downloaded", False)
    assert last(row).state == "downloaded"
    assert box.say(path, "closed", "success") == 410
    assert box.does() == ""
    device.refresh_from_db()
    assert device.software == ""


def test_words_and_code_are_kept(box: Controller, row: DeviceDeployment) -> None:
    path = f"deploymentBase/{row.number}"
    box.say(path, "proceeding", details=["one", "two ü"], code=-7, progress={"cnt": 1, "of": 2})
    event = last(row)
    assert event.messages == ["one", "two ü", "Update Server: Device reported status code: -7"]
    assert event.code == -7
    row.refresh_from_db()
    assert row.status_code == -7
    box.say(path, "proceeding")
    row.refresh_from_db()
    assert row.status_code is None
    assert last(row).messages == ["Update Server: Target reported PROCEEDING."]
    box.say(path, "closed", "failure", code=500)
    row.refresh_from_db()
    assert row.status_code == 500
    assert last(row).messages[0] == "Update Server: Target reported CLOSED with ERROR!"


def test_the_clock_of_the_device(box: Controller, row: DeviceDeployment) -> None:
    body = feedback("proceeding") | {"time": "20261121T031621", "timestamp": 1_700_000_000_123}
    assert box.post(f"deploymentBase/{row.number}/feedback", body).status_code == 200
    assert last(row).device_time == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)


def test_the_id_in_the_body_is_not_looked_at(box: Controller, row: DeviceDeployment) -> None:
    body = feedback("proceeding")
    for id_ in ("4711", "", None, 5):
        sent = body | {"id": id_}
        assert box.post(f"deploymentBase/{row.number}/feedback", sent).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        {"status": None},
        {"status": {"execution": "closed"}},
        {"status": {"execution": "closed", "result": {}}},
        {"status": {"result": {"finished": "success"}}},
        feedback("nonsense"),
        feedback("closed", "perhaps"),
        feedback("closed", "success", code="x"),
        feedback("closed", "success", code=2**31),
        feedback("closed", "success", details={"a": 1}),
        feedback("closed", "success", details=[["a"]]),
        {**feedback("closed"), "timestamp": "yesterday"},
    ],
)
def test_what_cannot_be_read(box: Controller, row: DeviceDeployment, body: Any) -> None:
    response = box.post(f"deploymentBase/{row.number}/feedback", body)
    assert response.status_code == 400
    assert len(entries(row)) == 1


def test_what_is_not_its_own_is_not_heard(
    box: Controller, organization: Organization, release: Release
) -> None:
    row = assign(make_target(organization, "other"), release)
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 404
    assert box.say("deploymentBase/4711", "closed", "success") == 404


@pytest.mark.parametrize(
    "facts",
    [
        {"is_confirmation_required": True},
        {"paused_at": timezone.now()},
        {"starts_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_it_may_not_begin_is_not_heard(
    box: Controller, device: Device, release: Release, facts: dict[str, Any]
) -> None:
    row = assign(device, release, **facts)
    assert box.say(f"deploymentBase/{row.number}", "proceeding") == 404


def test_it_may_begin_without_having_come_for_it(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release)
    assert box.say(f"deploymentBase/{row.number}", "proceeding") == 200
    row.refresh_from_db()
    assert row.admitted_at
    assert entries(row) == [("pending", "retrieved"), ("installing", "running")]


def test_a_success_counts_although_it_was_to_leave(box: Controller, row: DeviceDeployment) -> None:
    DeviceDeployment.objects.update(cancel_requested_at=timezone.now())
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 200
    row.refresh_from_db()
    assert row.state == "success"


def test_an_aborted_deployment_hears_nothing(box: Controller, row: DeviceDeployment) -> None:
    now = timezone.now()
    Deployment.objects.update(aborted_at=now, finished_at=now)
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 410


def test_no_more_than_a_thousand_entries_but_how_it_ended(
    box: Controller, row: DeviceDeployment
) -> None:
    StatusEvent.objects.bulk_create(
        StatusEvent(device_deployment=row, state=row.state) for _ in range(998)
    )
    path = f"deploymentBase/{row.number}"
    assert box.say(path, "proceeding") == 200
    response = box.post(f"{path}/feedback", feedback("proceeding"))
    assert response.status_code == 403
    assert response.json()["errorCode"] == "hawkbit.server.error.quota.tooManyEntries"
    assert box.say(path, "closed", "success") == 200


def test_no_more_than_fifty_messages_at_once(box: Controller, row: DeviceDeployment) -> None:
    path = f"deploymentBase/{row.number}"
    assert box.say(path, "proceeding", details=["x"] * 50) == 200
    assert box.say(path, "proceeding", details=["x"] * 51) == 403


def test_long_messages_are_cut_and_odd_ones_mended(box: Controller, row: DeviceDeployment) -> None:
    raw = (
        b'{"status":{"execution":"proceeding","result":{"finished":"none"},"details":'
        b'["' + b"x" * 600 + b'", "nul \\u0000", "bytes \xff"]}}'
    )
    assert box.post(f"deploymentBase/{row.number}/feedback", raw).status_code == 200
    long, nul, odd = last(row).messages
    assert len(long) == 512
    assert "\0" not in nul
    assert odd == "bytes \ufffd"


def test_twenty_words_within_a_second(box: Controller, row: DeviceDeployment) -> None:
    path = f"deploymentBase/{row.number}"
    assert {box.say(path, "proceeding", details=[str(each)]) for each in range(20)} == {200}
    assert len(entries(row)) == 21


def test_the_end_is_told(box: Controller, row: DeviceDeployment) -> None:
    heard: list[Any] = []

    def hear(**facts: Any) -> None:
        heard.append((facts["device_deployment"], facts["state"]))

    device_deployment_ended.connect(hear)
    try:
        box.say(f"deploymentBase/{row.number}", "proceeding")
        box.say(f"deploymentBase/{row.number}", "closed", "failure")
    finally:
        device_deployment_ended.disconnect(hear)
    assert heard == [(row.number, "failure")]


@pytest.mark.django_db(transaction=True)
def test_the_last_word_finishes_the_deployment(
    box: Controller, device: Device, release: Release
) -> None:
    deployment = make_deployment(release=release, devices=[device])
    row = deployment.device_deployments.get()
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 200
    deployment.refresh_from_db()
    assert deployment.finished_at


def test_a_deployment_of_ours_has_it_tried_again(
    box: Controller, device: Device, release: Release
) -> None:
    deployment = make_deployment(release=release, devices=[device], retries=1)
    row = deployment.device_deployments.get()
    path = f"deploymentBase/{row.number}"
    for attempt in (1, 2):
        assert box.does() == "deploymentBase"
        assert box.get(path).status_code == 200
        row.refresh_from_db()
        assert row.attempts == attempt
        assert box.say(path, "proceeding") == 200
        assert box.say(path, "closed", "failure") == 200
        assert box.say(path, "closed", "failure") == (200 if attempt == 1 else 410)
    row.refresh_from_db()
    assert (row.state, row.is_open) == ("failure", False)
    assert [state for state, _ in entries(row)].count("failure") == 2


def test_states_are_those_of_all_dialects(box: Controller, device: Device) -> None:
    release = make_distribution_set(device.organization, "fw", "9")
    deployment = make_deployment(release=release, devices=[device])
    row = deployment.device_deployments.get()
    seen = []
    for execution in ("download", "proceeding", "closed"):
        box.say(f"deploymentBase/{row.number}", execution, "success")
        row.refresh_from_db()
        seen.append(row.state)
    assert seen == ["downloading", "installing", "success"]
    assert row.started_at
    assert row.finished_at
