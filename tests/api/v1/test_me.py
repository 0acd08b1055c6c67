"""Who the caller is."""

import pytest

from tests.api.v1.callers import caller

pytestmark = pytest.mark.django_db


def test_a_caller_is_told_who_they_are() -> None:
    us = caller("viewer", email="ada@example.com")
    told = us.get("/me").json()
    assert (told["email"], told["token"], told["roles"]) == (
        "ada@example.com",
        "script",
        ["viewer"],
    )
    assert told["organization"]["id"] == str(us.organization.id)
    assert "fleet.view_device" in told["permissions"]
    assert told["permissions_within"] == {}
