"""The device search and single devices, as the public client asks for them."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from fleet.models import Device, Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.searched import HERE, REFUSED, ROWS, settle, settle_one, take_part
from tests.make import make_device, make_organization

DEVICES = "/appservices/v6/orgs/{org_key}/devices"
SEARCH = f"{DEVICES}/_search"


@pytest.fixture
def fleet(organization: Organization) -> Organization:
    settle(organization)
    return organization


def found(script: CarbonBlack, **body: Any) -> list[int]:
    response = script.post(SEARCH, body)
    assert response.status_code == 200, response.content
    return [each["id"] for each in response.json()["results"]]


def refusal(response: HttpResponse) -> tuple[int, str, list[Any]]:
    told = response.json()
    assert list(told) == ["error_code", "message", "args"]
    return response.status_code, told["error_code"], told["args"]


def test_the_search_finds_what_criteria_and_query_select(
    script: CarbonBlack, fleet: Organization
) -> None:
    wrong = {}
    for criteria, query, expected in ROWS:
        told = script.post(SEARCH, {"criteria": criteria, "query": query}).json()
        ids = [each["id"] for each in told["results"]]
        if ids != [int(each) for each in expected.split()] or told["num_found"] != len(ids):
            wrong[f"{criteria} {query}"] = told
    assert wrong == {}


def test_what_cannot_be_read_is_refused(script: CarbonBlack, fleet: Organization) -> None:
    wrong = {}
    for criteria, query, code, args in REFUSED:
        response = script.post(SEARCH, {"criteria": criteria, "query": query})
        if refusal(response) != (400, code, args):
            wrong[f"{criteria} {query}"] = response.content
    assert wrong == {}


def test_a_device_is_told_in_the_public_clients_words(
    script: CarbonBlack, fleet: Organization
) -> None:
    device = Device.objects.get(number=101)
    told = script.get(f"{DEVICES}/101").json()
    seen_at = device.contact.seen_at
    assert told == {
        "id": 101,
        "organization_id": fleet.number,
        "organization_name": fleet.name,
        "name": "Machost1-MAD",
        "os": "MAC",
        "os_version": "",
        "sensor_version": "3.5.3.82",
        "sensor_kit_type": "MAC",
        "sensor_out_of_date": True,
        "status": "REGISTERED",
        "deployment_type": "ENDPOINT",
        "policy_id": 6525,
        "policy_name": "6525",
        "target_priority": "MEDIUM",
        "last_contact_time": f"{seen_at:%Y-%m-%dT%H:%M:%S}.{seen_at.microsecond // 1000:03}Z",
        "registered_time": told["registered_time"],
        "quarantined": False,
        "passive_mode": False,
    }
    assert script.post(SEARCH, {"criteria": {"id": 101}}).json() == {
        "results": [told],
        "num_found": 1,
    }


def test_each_device_has_one_status_for_its_admission(
    script: CarbonBlack, organization: Organization
) -> None:
    states = ["pending", "preauthorized", "accepted", "rejected", "noauth"]
    for state in states:
        make_device(organization, status=state)
    make_device(organization, is_leaving=True)
    told = script.post(SEARCH, {"criteria": {"status": ["ALL"]}}).json()["results"]
    assert [each["status"] for each in told] == [
        "PENDING",
        "PENDING",
        "REGISTERED",
        "DEREGISTERED",
        "DEREGISTERED",
        "UNINSTALLED",
    ]
    assert [each["last_contact_time"] for each in told] == [None] * 6


def test_a_device_that_failed_last_is_in_error(
    script: CarbonBlack, organization: Organization
) -> None:
    devices = [make_device(organization) for _ in range(4)]
    for device, states in zip(
        devices, ("failure", "failure success", "success failure", ""), strict=True
    ):
        take_part(device, states.split())
    assert found(script, criteria={"status": ["ERROR"]}) == [devices[0].number, devices[2].number]


def test_a_group_has_a_number_of_its_own(script: CarbonBlack, organization: Organization) -> None:
    for group in ("North", "north", "7", "07", ""):
        make_device(organization, group=group, name=group or "none")
    told = {
        each["policy_name"]: each["policy_id"] for each in script.post(SEARCH, {}).json()["results"]
    }
    assert (told["7"], told[""]) == (7, 0)
    assert len({*told.values()}) == 5
    assert all(2**31 <= told[name] < 2**53 for name in ("North", "north", "07"))
    for name, number in told.items():
        for spelt in (number, str(number)):
            results = script.post(SEARCH, {"criteria": {"policy_id": [spelt]}}).json()["results"]
            assert [each["policy_name"] for each in results] == [name]


def test_what_a_device_says_of_its_system(script: CarbonBlack, organization: Organization) -> None:
    def one(**facts: Any) -> tuple[str, str, str]:
        device = settle_one(organization, None, {"name": "x", "kit": "OTHER"} | facts)
        told = script.get(f"{DEVICES}/{device.number}").json()
        return told["os"], told["os_version"], told["deployment_type"]

    assert one(os="Android 13") == ("ANDROID", "Android 13", "ENDPOINT")
    assert one(os="iOS 17", os_version="17.2") == ("IOS", "17.2", "ENDPOINT")
    assert one(os="QNX", deployment_type="vdi") == ("OTHER", "QNX", "VDI")
    assert one(kit="SUSE", os="android") == ("LINUX", "android", "ENDPOINT")
    assert one(deployment_type="unheard of") == ("OTHER", "", "ENDPOINT")


def test_what_is_excluded_is_left_out(script: CarbonBlack, fleet: Organization) -> None:
    """The public client sends `exclusions` with each search."""
    assert found(script, criteria={}, exclusions={}) == [101, 102, 103, 104, 105]
    assert found(script, exclusions={"sensor_version": ["3.5.3.82", "2.0.0.0"]}) == [102, 103, 104]
    assert found(script, exclusions={"os": []}, query=None) == [101, 102, 103, 104, 105]
    response = script.post(SEARCH, {"exclusions": {"os": "beos"}})
    assert refusal(response) == (400, "SUS_4003_INVALID_ENUM_VALUE", ["os", "beos"])


def test_pages_are_counted_from_1(script: CarbonBlack, fleet: Organization) -> None:
    assert found(script, rows=2) == [101, 102]
    assert found(script, rows=2, start=0) == [101, 102]
    assert found(script, rows=2, start=1) == [101, 102]
    assert found(script, rows=2, start=3) == [103, 104]
    assert found(script, rows=2, start=5) == [105]
    assert found(script, rows=2, start=10**12) == []
    assert script.post(SEARCH, {"rows": 0}).json() == {"results": [], "num_found": 5}
    for rows in (10_001, -1, 1.5, "10", True):
        response = script.post(SEARCH, {"rows": rows})
        assert refusal(response) == (400, "SUS_4009_INVALID_ROWS", [10_000])


def test_a_page_has_20_devices_unless_more_are_asked_for(
    script: CarbonBlack, organization: Organization
) -> None:
    for _ in range(21):
        make_device(organization)
    assert len(found(script)) == 20
    assert len(found(script, rows=10_000)) == 21


SORTED = {
    "id": "101 102 103 104 105 106",
    "NAME": "101 102 106 105 104 103",
    "os": "103 101 102 106 104 105",
    "sensor_version": "105 104 106 103 101 102",
    "sensor_kit_type": "101 102 106 105 104 103",
    "deployment_type": "101 102 103 106 104 105",
    "policy_id": "105 103 104 101 102 106",
    "policy_name": "105 101 102 106 103 104",
    "target_priority": "105 106 101 103 102 104",
    "last_contact_time": "105 106 103 104 101 102",
    "status": "105 101 102 103 104 106",
    "os_version": "101 102 103 104 105 106",
}


@pytest.mark.parametrize(("field", "expected"), SORTED.items())
def test_devices_are_sorted_by_any_field(
    script: CarbonBlack, fleet: Organization, field: str, expected: str
) -> None:
    everybody = {"status": ["ALL"]}
    upwards = found(script, criteria=everybody, sort=[{"field": field}])
    assert upwards == [int(each) for each in expected.split()]
    both = [{"field": field, "order": "desc"}, {"field": "id", "order": "DESC"}]
    assert found(script, criteria=everybody, sort=both) == upwards[::-1]


def test_versions_are_sorted_as_versions(script: CarbonBlack, organization: Organization) -> None:
    for version in ("3.10", "3.9", ""):
        make_device(organization, sensor_version=version)
    make_device(organization, software="3.9.1")
    told = script.post(SEARCH, {"sort": [{"field": "sensor_version"}]}).json()["results"]
    assert [each["sensor_version"] for each in told] == ["", "3.9", "3.9.1", "3.10"]


@pytest.mark.parametrize(
    ("sort", "code", "args"),
    [
        ([{"field": "colour"}], "SUS_4003_INVALID_ENUM_VALUE", ["sort.field", "colour"]),
        ([{"field": "id", "order": "UP"}], "SUS_4003_INVALID_ENUM_VALUE", ["sort.order", "UP"]),
        ([{"order": "ASC"}], "SUS_4001_MISSING_FIELD", ["sort.field"]),
        ("id", "SUS_4002_INVALID_FIELD_TYPE", ["sort"]),
    ],
)
def test_an_order_that_there_is_not_is_refused(
    script: CarbonBlack, sort: Any, code: str, args: list[Any]
) -> None:
    assert refusal(script.post(SEARCH, {"sort": sort})) == (400, code, args)


def test_a_body_that_is_none_is_refused(script: CarbonBlack) -> None:
    for body in (b"", b"[]", b"{", b'{"query": "\xff"}', b'{"rows": 1, "rows": 2}'):
        assert refusal(script.post(SEARCH, body)) == (400, "SUS_4000_MALFORMED_REQUEST", [])
    for body, path in (({"criteria": []}, "criteria"), ({"exclusions": 1}, "exclusions")):
        response = script.post(SEARCH, body)
        assert refusal(response) == (400, "SUS_4002_INVALID_FIELD_TYPE", [path])
    response = script.send("POST", SEARCH, b"<a/>", content_type="text/xml")
    assert refusal(response) == (415, "UNSUPPORTED_MEDIA_TYPE", [])


def test_ids_without_end_are_one_parameter(script: CarbonBlack, fleet: Organization) -> None:
    assert found(script, criteria={"id": list(range(1, 100_000))}) == [101, 102, 103, 104, 105]


@pytest.mark.parametrize("number", ["9" * 10, "1" * 5000, "0101", "²", "-101", ""])
def test_a_number_that_no_device_can_have_finds_nothing(
    script: CarbonBlack, fleet: Organization, number: str
) -> None:
    assert found(script, criteria={"id": [number]}) == []
    assert found(script, criteria={"id": [number, "101"]}) == [101]


def test_a_word_may_be_repeated(script: CarbonBlack, fleet: Organization) -> None:
    assert found(script, criteria={"os": ["mac", "MAC"] * 5000}) == [101, 102]


def test_what_is_asked_twice_is_found_out_once(
    script: CarbonBlack, fleet: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Each of these takes a look at all devices."""
    found(script)
    terms = ("sensor_version:3.*", "status:SENSOR_OUTOFDATE", "policy_id:6525", "os_version:1*")
    with CaptureQueriesContext(connection) as once:
        ids = found(script, query=" OR ".join(terms))
    with django_assert_num_queries(len(once)):
        assert found(script, query=" OR ".join(terms * 5)) == ids


def test_more_values_than_a_statement_can_have_are_refused(script: CarbonBlack) -> None:
    names = [str(number) for number in range(10_001)]
    response = script.post(SEARCH, {"criteria": {"name": names}})
    assert refusal(response) == (400, "SUS_4014_INVALID_VALUE", ["criteria.name"])


@pytest.mark.parametrize(
    "device_id", ["999", "0", "x", "0101", "-101", "99999999999999999999", "²"]
)
def test_a_device_that_there_is_not(
    script: CarbonBlack, fleet: Organization, device_id: str
) -> None:
    assert refusal(script.get(f"{DEVICES}/{device_id}"))[:2] == (404, "NOT_FOUND")


def test_nobody_sees_devices_of_another_organization(script: CarbonBlack, db: None) -> None:
    other = make_organization()
    settle(other)
    assert script.post(SEARCH, {"criteria": {"status": ["ALL"]}}).json()["num_found"] == 0
    assert found(script, criteria={"id": list(HERE), "status": "ALL"}) == []
    for number in HERE:
        assert script.get(f"{DEVICES}/{number}").status_code == 404


def test_a_long_page_takes_no_more_queries_than_a_short_one(
    script: CarbonBlack, fleet: Organization, django_assert_max_num_queries: Any
) -> None:
    for _ in range(50):
        make_device(fleet, inventory={"os": "x"})
    with django_assert_max_num_queries(20):
        assert len(found(script, rows=100)) == 55


def test_who_may_not_act_may_still_search(organization: Organization) -> None:
    viewer = CarbonBlack(organization, level="viewer")
    assert viewer.post(SEARCH, {}).status_code == 200
    assert viewer.get(f"{DEVICES}/1").status_code == 404
