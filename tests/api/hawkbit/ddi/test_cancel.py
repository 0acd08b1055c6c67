"""A device is told to leave an action, and says whether it has."""

import pytest
from django.utils import timezone

from artifacts.models import Release
from deployments.models import DeviceDeployment
from fleet.models import Device
from tests.api.hawkbit.ddi.callers import Controller, feedback
from tests.api.hawkbit.ddi.making import assign, entries


@pytest.fixture
def row(box: Controller, device: Device, release: Release) -> DeviceDeployment:
    """An action that the device has begun and is to leave."""
    made = assign(device, release)
    assert box.say(f"deploymentBase/{made.number}", "proceeding") == 200
    DeviceDeployment.objects.filter(number=made.number).update(cancel_requested_at=timezone.now())
    made.refresh_from_db()
    return made


def test_what_it_is_to_leave(box: Controller, row: DeviceDeployment) -> None:
    assert box.links()["cancelAction"].endswith(f"/cancelAction/{row.number}")
    response = box.get(f"cancelAction/{row.number}")
    assert response.json() == {
        "id": str(row.number),
        "cancelAction": {"stopId": str(row.number)},
    }
    assert box.get(f"deploymentBase/{row.number}").status_code == 404


def test_what_it_is_not_to_leave(box: Controller, device: Device, release: Release) -> None:
    row = assign(device, release)
    assert box.get(f"cancelAction/{row.number}").status_code == 404
    response = box.post(f"cancelAction/{row.number}/feedback", feedback("closed", "success"))
    assert response.status_code == 405
    assert response.json()["errorCode"] == "hawkbit.server.error.action.notCancelable"
    assert box.get("cancelAction/4711").status_code == 404
    assert box.say("cancelAction/4711", "closed", "success") == 404


@pytest.mark.parametrize(
    ("execution", "finished", "state", "is_canceling", "entry"),
    [
        ("closed", "success", "aborted", None, ("aborted", "")),
        ("closed", "none", "aborted", None, ("aborted", "")),
        ("closed", "failure", "installing", False, ("failure", "")),
        ("rejected", "none", "installing", False, ("installing", "cancel_rejected")),
        ("canceled", "none", "installing", True, ("installing", "warning")),
        ("proceeding", "none", "installing", True, ("installing", "running")),
        ("scheduled", "none", "installing", True, ("installing", "running")),
        ("resumed", "none", "installing", True, ("installing", "running")),
    ],
)
def test_each_word(  # noqa: PLR0917 - columns of the table
    box: Controller,
    row: DeviceDeployment,
    execution: str,
    finished: str,
    state: str,
    is_canceling: bool | None,
    entry: tuple[str, str],
) -> None:
    assert box.say(f"cancelAction/{row.number}", execution, finished) == 200
    row.refresh_from_db()
    assert row.state == state
    assert entries(row)[-1] == entry
    if is_canceling is not None:
        assert (row.cancel_requested_at is not None) == is_canceling
        assert box.does() == ("cancelAction" if is_canceling else "deploymentBase")
    else:
        assert box.does() == ""


def test_what_it_has_left_is_over(box: Controller, row: DeviceDeployment) -> None:
    path = f"cancelAction/{row.number}"
    assert box.say(path, "closed", "success") == 200
    assert box.get(path).status_code == 200, "what is cancelled can be looked at"
    assert box.say(path, "closed", "success") == 200
    assert box.say(f"deploymentBase/{row.number}", "proceeding") == 410
    assert box.get(f"installedBase/{row.number}").status_code == 404


def test_what_comes_next_is_told_after_that(
    box: Controller, row: DeviceDeployment, device: Device, release: Release
) -> None:
    assign(device, release)
    assert box.does() == "cancelAction"
    box.say(f"cancelAction/{row.number}", "closed", "success")
    assert box.does() == "deploymentBase"


@pytest.mark.parametrize("body", [{}, feedback("nonsense"), {"status": {"execution": "closed"}}])
def test_what_cannot_be_read(
    box: Controller, row: DeviceDeployment, body: dict[str, object]
) -> None:
    assert box.post(f"cancelAction/{row.number}/feedback", body).status_code == 400
