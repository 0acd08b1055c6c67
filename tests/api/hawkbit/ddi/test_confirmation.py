"""An action that waits for the device, or somebody for it, to agree."""

from typing import Any

import pytest

from artifacts.models import Release
from deployments.models import DeviceDeployment
from fleet.models import AutoConfirmation, Device
from tests.api.hawkbit.ddi.callers import Controller
from tests.api.hawkbit.ddi.making import assign, entries


@pytest.fixture
def row(device: Device, release: Release) -> DeviceDeployment:
    return assign(device, release, is_confirmation_required=True)


def answer(box: Controller, row: DeviceDeployment, word: str, **more: Any) -> int:
    path = f"confirmationBase/{row.number}/feedback"
    return int(box.post(path, {"confirmation": word, **more}).status_code)


def test_what_is_to_be_confirmed(box: Controller, row: DeviceDeployment) -> None:
    links = box.links()
    assert f"/confirmationBase/{row.number}?c=" in links["confirmationBase"]
    told = box.get(links["confirmationBase"]).json()
    assert told["id"] == str(row.number)
    assert told["confirmation"]["download"] == "forced"
    assert told["confirmation"]["chunks"][0]["name"] == "fw-os"
    assert box.get(f"deploymentBase/{row.number}").status_code == 404
    row.refresh_from_db()
    assert row.admitted_at is None


def test_what_waits_for_nothing(box: Controller, device: Device, release: Release) -> None:
    row = assign(device, release)
    assert box.get(f"confirmationBase/{row.number}").status_code == 404
    assert answer(box, row, "confirmed") == 404
    assert box.get("confirmationBase/4711").status_code == 404


def test_confirmed(box: Controller, row: DeviceDeployment) -> None:
    assert answer(box, row, "confirmed", details=["fine"], code=4) == 200
    assert box.does() == "deploymentBase"
    event = row.events.get()
    assert event.code == 4
    assert event.messages[0] == "fine"
    assert box.get(f"confirmationBase/{row.number}").status_code == 404
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 200
    assert answer(box, row, "confirmed") == 410


def test_denied(box: Controller, row: DeviceDeployment) -> None:
    assert answer(box, row, "denied") == 200
    assert box.does() == "confirmationBase"
    assert entries(row) == [("pending", "waiting_for_confirmation")]
    assert answer(box, row, "confirmed") == 200


@pytest.mark.parametrize("body", [{}, {"confirmation": "perhaps"}, {"confirmation": None}, []])
def test_what_cannot_be_read(box: Controller, row: DeviceDeployment, body: Any) -> None:
    response = box.post(f"confirmationBase/{row.number}/feedback", body)
    assert response.status_code == 400


def test_whether_it_confirms_by_itself(box: Controller, row: DeviceDeployment) -> None:
    base = f"http://testserver{box.root}/confirmationBase"
    assert box.get("confirmationBase").json() == {
        "autoConfirm": {"active": False},
        "_links": {
            "activateAutoConfirm": {"href": f"{base}/activateAutoConfirm"},
            "confirmationBase": {"href": f"{base}/{row.number}"},
        },
    }
    body = {"initiator": "somebody", "remark": "always"}
    activate = "confirmationBase/activateAutoConfirm"
    response = box.post(activate, body)
    assert (response.status_code, response.content) == (200, b"")
    told = box.get("confirmationBase").json()
    at = told["autoConfirm"].pop("activatedAt")
    assert at > 1_600_000_000_000
    assert told == {
        "autoConfirm": {"active": True, **body},
        "_links": {"deactivateAutoConfirm": {"href": f"{base}/deactivateAutoConfirm"}},
    }
    assert box.does() == "deploymentBase"
    again = box.post(activate, body)
    assert again.status_code == 409
    assert again.json()["errorCode"] == "hawkbit.server.error.repo.autoConfAlreadyActive"


def test_without_a_word_of_who(box: Controller, device: Device) -> None:
    assert box.post("confirmationBase/activateAutoConfirm").status_code == 200
    assert box.get("confirmationBase").json()["autoConfirm"].keys() == {"active", "activatedAt"}
    assert box.post("confirmationBase/deactivateAutoConfirm").status_code == 200
    assert not AutoConfirmation.objects.exists()
    assert box.post("confirmationBase/deactivateAutoConfirm").status_code == 200
