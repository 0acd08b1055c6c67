"""Bodies in JSON or CBOR, and what is neither."""

from typing import Any

import cbor2
import orjson
import pytest

from artifacts.models import Release
from fleet.models import Device, Inventory
from tests.api.hawkbit.ddi.callers import Controller, feedback
from tests.api.hawkbit.ddi.making import assign

DATA = {"data": {"hw": "1.1"}}


def known(device: Device) -> Any:
    row = Inventory.objects.filter(device=device).first()
    return row.attributes.get("inventory") if row else None


@pytest.mark.parametrize(
    ("content_type", "raw", "status"),
    [
        ("application/json", orjson.dumps(DATA), 200),
        ("application/json;charset=UTF-8", orjson.dumps(DATA), 200),
        ('Application/JSON; charset="utf-8"', orjson.dumps(DATA), 200),
        ("application/cbor", cbor2.dumps(DATA), 200),
        ("application/hal+json", orjson.dumps(DATA), 415),
        ("text/plain", orjson.dumps(DATA), 415),
        ("", orjson.dumps(DATA), 415),
        ("application/json", cbor2.dumps(DATA), 400),
        ("application/cbor", orjson.dumps(DATA), 400),
        ("application/json", b" ", 400),
        ("application/cbor", b"\x18", 400),
        ("application/json", b"{", 400),
        ("application/json", b"[" * 10_000, 400),
        ("application/cbor", b"\x81" * 10_000, 400),
        ("application/cbor", cbor2.dumps([]), 400),
        ("application/cbor", cbor2.dumps({"data": {1: "a"}}), 400),
        ("application/cbor", cbor2.dumps({"data": {"a": b"bytes"}}), 400),
        ("application/cbor", cbor2.dumps({"data": {"a": float("nan")}}), 200),
        ("application/cbor", cbor2.dumps({"data": [1] * 20_000}), 400),
        ("application/cbor", b"\xd8\x1c\x81\xd8\x1d\x00", 400),
    ],
)
def test_what_comes_in(
    box: Controller, device: Device, content_type: str, raw: bytes, status: int
) -> None:
    response = box.put("configData", raw, content_type=content_type)
    assert response.status_code == status
    if status == 200 and b"hw" in raw:
        assert known(device) == DATA["data"]
    elif status != 200:
        assert known(device) is None


def test_what_few_bytes_would_make_of_much(box: Controller) -> None:
    """Ten levels of a list of ten times the level below: ten thousand million values."""
    levels: Any = ["x"]
    for _ in range(10):
        levels = [levels] * 10
    raw = cbor2.dumps({"data": levels}, value_sharing=True)
    assert len(raw) < 2000
    assert box.put("configData", raw, content_type="application/cbor").status_code == 400


def test_a_device_that_speaks_cbor_alone(box: Controller, device: Device, release: Release) -> None:
    row = assign(device, release)
    response = box.get(f"deploymentBase/{row.number}", Accept="application/cbor")
    assert response.headers["Content-Type"] == "application/cbor"
    told = cbor2.loads(response.content)
    assert told["deployment"]["chunks"][0]["artifacts"][0]["size"] == 2048
    said = cbor2.dumps(feedback("closed", "success", details=["ü"]))
    answer = box.post(
        f"deploymentBase/{row.number}/feedback", said, content_type="application/cbor"
    )
    assert (answer.status_code, answer.content) == (200, b"")
    event = row.events.last()
    assert event is not None
    assert event.messages == ["ü"]


def test_an_answer_that_is_known_is_not_sent_again(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release)
    path = f"deploymentBase/{row.number}"
    tag = box.get(path).headers["ETag"]
    again = box.get(path, If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert box.get(path, Accept="application/json").headers["ETag"] == tag
    assert box.get(path, Accept="application/cbor").headers["ETag"] != tag


def test_what_nobody_can_read_is_not_begun(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release)
    assert box.get(f"deploymentBase/{row.number}", Accept="text/html").status_code == 406
    row.refresh_from_db()
    assert row.admitted_at is None
