"""The attributes that a device sends of itself."""

from typing import Any

import pytest

from fleet.models import Device, Inventory
from tests.api.hawkbit.ddi.callers import Controller, feedback


def known(device: Device) -> Any:
    row = Inventory.objects.filter(device=device).first()
    return row.attributes.get("inventory", {}) if row else {}


def send(box: Controller, data: Any, **more: Any) -> Any:
    return box.put("configData", {"data": data, **more})


def test_they_are_asked_for_once(box: Controller, device: Device) -> None:
    assert "configData" in box.links()
    response = send(box, {"hw": "1.1"})
    assert (response.status_code, response.content) == (200, b"")
    assert known(device) == {"hw": "1.1"}
    assert "configData" not in box.links()


def test_the_modes(box: Controller, device: Device) -> None:
    send(box, {"a": "1", "b": "2"})
    send(box, {"b": "3", "c": "4"})
    assert known(device) == {"a": "1", "b": "3", "c": "4"}
    send(box, {"a": None, "d": "5"}, mode="merge")
    assert known(device) == {"b": "3", "c": "4", "d": "5"}
    send(box, {"b": "x", "d": "x"}, mode="remove")
    assert known(device) == {"c": "4"}
    send(box, {"z": "1"}, mode="REPLACE")
    assert known(device) == {"z": "1"}


def test_real_clients_wrap_it_in_a_whole_feedback(box: Controller, device: Device) -> None:
    body = feedback("closed", "success") | {"id": "", "time": "20261121T031621"}
    assert box.put("configData", body | {"data": {"serial": "7"}}).status_code == 200
    assert known(device) == {"serial": "7"}


def test_numbers_and_truths_are_texts(box: Controller, device: Device) -> None:
    assert send(box, {"n": 1, "t": True}).status_code == 200
    assert known(device) == {"n": "1", "t": "true"}


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": []}, {"data": {}, "mode": "x"}, []])
def test_what_cannot_be_read(box: Controller, body: Any) -> None:
    response = box.put("configData", body)
    assert response.status_code == 400
    assert response.json()["errorCode"] == "hawkbit.server.error.rest.body.notReadable"


@pytest.mark.parametrize(
    "data", [{"ü": "1"}, {"a": "ü"}, {"x" * 129: "1"}, {"a": "x" * 129}, {"": "1"}]
)
def test_what_is_no_attribute(box: Controller, device: Device, data: dict[str, str]) -> None:
    response = send(box, {"fine": "1", **data})
    assert response.status_code == 400
    assert response.json()["errorCode"] == "hawkbit.server.error.repo.invalidTargetAttributes"
    assert known(device) == {}


def test_no_more_than_a_hundred(box: Controller, device: Device) -> None:
    assert send(box, {f"k{number}": "1" for number in range(101)}).status_code == 403
    assert known(device) == {}
    assert send(box, {f"k{number}": "1" for number in range(100)}).status_code == 200


def test_what_it_runs_is_known_from_elsewhere(box: Controller, device: Device) -> None:
    device.software = "fw:1.0"
    device.save()
    send(box, {"a": "1"})
    device.refresh_from_db()
    assert device.software == "fw:1.0"


def test_its_type_is_what_menders_artifacts_go_by(box: Controller, device: Device) -> None:
    send(box, {"device_type": "board"})
    device.refresh_from_db()
    assert device.device_type == "board"


def test_by_no_other_verb(box: Controller) -> None:
    for response in (box.get("configData"), box.post("configData", {"data": {}})):
        assert response.status_code == 405
        assert response.headers["Allow"] == "PUT"
