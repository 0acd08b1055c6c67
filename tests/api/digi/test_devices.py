"""The list of devices, with which clients of Digi check their credentials."""

from typing import Any

import pytest
from django.utils import timezone

from fleet.models import Organization
from fleet.states import Admission
from tests.api.digi.callers import Digi, digi_caller, refused, told
from tests.make import make_device

PATH = "/ws/DeviceCore"


@pytest.fixture
def devices(organization: Organization) -> list[int]:
    return [
        make_device(
            organization,
            name=f"Router-{each}",
            identity={"mac": f"00:40:9D:00:00:0{each}"},
            group="north" if each else "",
            device_type="EX50",
        ).number
        for each in range(3)
    ]


def walked(digi: Digi, size: int, **query: Any) -> list[int]:
    """The numbers of all devices, as python-devicecloud reads them."""
    found: list[int] = []
    offset, remaining = 0, 1
    while remaining > 0:
        page = told(digi.get(PATH, start=offset, size=size, **query))
        offset += size
        remaining = int(page["remainingSize"])
        found += [int(each["id"]["devId"]) for each in page["items"]]
    return found


def test_credentials_are_checked_with_it(digi: Digi) -> None:
    """https://github.com/digidotcom/python-devicecloud: ping()."""
    assert told(digi.get(f"{PATH}?size=1")) == {
        "resultTotalRows": "0",
        "requestedStartRow": "0",
        "resultSize": "0",
        "requestedSize": "1",
        "remainingSize": "0",
        "items": [],
    }


def test_a_device_tells_what_is_known_of_it(digi: Digi) -> None:
    device = make_device(
        digi.organization,
        name="Router-A",
        identity={"mac": "00409d000001", "serial_number": "S1"},
        group="test",
        device_type="EX50",
        software="3.9.0",
        description="on the roof",
        tags={"sensor": "", "site": "7"},
        inventory={"ipv4_eth0": "10.0.0.7/24", "vendor_id": "4261412864"},
        seen_at=timezone.now(),
    )
    found = told(digi.get(f"{PATH}/.json"))["items"][0]
    assert found.pop("devRecordStartDate").endswith("Z")
    assert found.pop("dpLastConnectTime").endswith("Z")
    digits = device.id.hex.upper()
    assert found == {
        "id": {"devId": str(device.number), "devVersion": "0"},
        "cstId": str(digi.organization.number),
        "devConnectwareId": "-".join(digits[at : at + 8] for at in (0, 8, 16, 24)),
        "devMac": "00:40:9D:00:00:01",
        "dpConnectionStatus": "1",
        "dpDescription": "on the roof",
        "dpDeviceName": "Router-A",
        "dpDeviceType": "EX50",
        "dpFirmwareLevelDesc": "3.9.0",
        "dpLastKnownIp": "10.0.0.7",
        "dpRestrictedStatus": "0",
        "dpTags": "sensor,site=7",
        "dvVendorId": "4261412864",
        "grpPath": "/test",
    }


@pytest.mark.parametrize(
    ("status", "restricted"),
    [
        (Admission.ACCEPTED, "0"),
        (Admission.PENDING, "1"),
        (Admission.PREAUTHORIZED, "1"),
        (Admission.REJECTED, "2"),
        (Admission.NOAUTH, "3"),
    ],
)
def test_who_is_not_accepted_is_restricted(digi: Digi, status: Admission, restricted: str) -> None:
    make_device(digi.organization, status=status)
    found = told(digi.get(PATH))["items"][0]
    assert (found["dpRestrictedStatus"], found["dpConnectionStatus"]) == (restricted, "0")
    assert "dpLastConnectTime" not in found


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_pages_are_walked_as_clients_do(digi: Digi, devices: list[int], size: int) -> None:
    assert walked(digi, size) == devices


def test_a_page_says_where_it_is(digi: Digi, devices: list[int]) -> None:
    page = told(digi.get(PATH, start=1, size=1))
    assert {name: value for name, value in page.items() if name != "items"} == {
        "resultTotalRows": "3",
        "requestedStartRow": "1",
        "resultSize": "1",
        "requestedSize": "1",
        "remainingSize": "1",
    }


def test_behind_the_last_is_nothing(digi: Digi, devices: list[int]) -> None:
    page = told(digi.get(PATH, start=999_999_999))
    assert (page["remainingSize"], page["items"]) == ("0", [])


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("", [0, 1, 2]),
        ("devMac='00:40:9D:00:00:01'", [1]),
        ("devmac = '00:40:9d:00:00:01' or dpDeviceName='router-2'", [1, 2]),
        ("grpPath='/north' and dpDeviceName='Router-2'", [2]),
        ("dpDeviceType = 'EX50'", [0, 1, 2]),
        ("dpTags = 'none'", []),
        ("devConnectwareId = '00000000-00000000-00409DFF-FF000001'", []),
    ],
)
def test_a_condition_says_which(
    digi: Digi, devices: list[int], condition: str, found: list[int]
) -> None:
    assert walked(digi, 2, condition=condition) == [devices[index] for index in found]


@pytest.mark.parametrize(
    "query",
    [
        {"condition": "devMac like '%1'"},
        {"condition": "colour = 'red'"},
        {"condition": "devMac ="},
        {"condition": "\0"},
        {"start": "-1"},
        {"start": "x"},
        {"start": ""},
        {"size": "0"},
        {"size": "1001"},
        {"size": "1.5"},
    ],
)
def test_what_is_asked_wrongly(digi: Digi, query: dict[str, str]) -> None:
    for path in (PATH, f"{PATH}/.json"):
        refused(digi.get(path, **query), 400)


def test_a_page_is_two_queries(
    digi: Digi, devices: list[int], django_assert_max_num_queries: Any
) -> None:
    digi.get(PATH)
    with django_assert_max_num_queries(8):
        assert len(told(digi.get(PATH))["items"]) == 3


def test_others_have_their_own(digi: Digi, devices: list[int]) -> None:
    assert told(digi_caller().get(PATH))["resultTotalRows"] == "0"
