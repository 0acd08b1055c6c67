"""Tags and attributes in use."""

import pytest

from tests.api.v1.callers import caller
from tests.make import make_device, make_organization

pytestmark = pytest.mark.django_db


def test_tags_and_attributes_in_use_are_counted() -> None:
    us = caller("viewer")
    make_device(us.organization, tags={"region": "eu", "lot": 7}, inventory={"kernel": "6.1"})
    make_device(us.organization, tags={"region": "us/east"}, inventory={"kernel": "6.1"})
    make_device(us.organization, tags={"region": "eu"}, inventory={"kernel": ["a", "b"]})
    make_device(make_organization(), tags={"theirs": "x"})
    assert us.get("/tags").json()["items"] == [
        {"name": "region", "device_count": 3},
        {"name": "lot", "device_count": 1},
    ]
    values = us.get("/tags/region/values").json()["items"]
    assert values == [
        {"value": "eu", "device_count": 2},
        {"value": "us/east", "device_count": 1},
    ]
    attributes = us.get("/attributes", q="name==kernel").json()["items"]
    assert attributes == [{"name": "kernel", "scope": "inventory", "device_count": 3}]
    table = us.get("/attributes", q="name==kernel", format="csv").content.decode()
    assert table.splitlines() == ["name,scope,device_count", "kernel,inventory,3"]
    assert us.get("/tags", q="nothing==1").json()["field"] == "q"
    assert us.get("/tags", limits=1).json()["code"] == "unknown_parameter"
    by_name = us.get("/tags", sort="name", fields="name").json()["items"]
    assert by_name == [{"name": "lot"}, {"name": "region"}]
    kernels = us.get("/attributes/kernel/values").json()["items"]
    assert kernels[1]["value"] == ["a", "b"]
    assert us.get("/tags/theirs/values").status_code == 404
