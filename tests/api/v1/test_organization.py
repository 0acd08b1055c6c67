"""The organization: what it uses of its limits, and what may be changed."""

import pytest

from auditlog.models import AuditEntry
from fleet.models import Organization
from tests.api.v1.callers import caller
from tests.make import make_artifact, make_device, make_organization, make_release

pytestmark = pytest.mark.django_db


def test_limits_are_told_with_what_is_used() -> None:
    us = caller("viewer", make_organization(device_limit=5, storage_limit=10_000))
    make_device(us.organization)
    make_device(us.organization, status="pending")
    make_artifact(make_release(us.organization), size=700)
    told = us.get("/organization").json()
    assert (told["device_limit"], told["devices_accepted"]) == (5, 1)
    assert (told["storage_limit"], told["storage_used"]) == (10_000, 700)


def test_the_tenant_token_is_told_to_who_may_change_the_organization() -> None:
    viewer = caller("viewer")
    assert viewer.get("/organization").json()["tenant_token"] is None
    admin = caller("administrator", viewer.organization)
    told = admin.get("/organization").json()["tenant_token"]
    assert told == viewer.organization.tenant_token
    assert told not in admin.get("/organizations").content.decode()
    fresh = admin.post("/organization/tenant-token").json()["tenant_token"]
    assert fresh not in {"", told}
    entry = AuditEntry.objects.get(object_kind="organization")
    assert fresh not in str(entry.change)
    assert viewer.post("/organization/tenant-token").status_code == 403


def test_name_and_settings_are_changed() -> None:
    us = caller("administrator")
    seen = us.get("/organization").headers["ETag"]
    changed = us.patch("/organization", {"name": "Acme", "settings": {"color": 1}}, if_match=seen)
    assert (changed.json()["name"], changed.json()["settings"]) == ("Acme", {"color": 1})
    assert us.patch("/organization", {"name": "Late"}, if_match=seen).status_code == 412
    assert us.patch("/organization", {"name": "?"}).json()["field"] == "name"
    assert us.patch("/organization", {"device_limit": 9}).status_code == 400
    assert Organization.objects.get(pk=us.organization.pk).name == "Acme"
    assert AuditEntry.objects.filter(object_kind="organization").count() == 2
    viewer = caller("viewer", us.organization)
    assert viewer.patch("/organization", {"name": "Mine"}).status_code == 403


def test_one_s_organizations_are_listed_and_no_others() -> None:
    us = caller("ci")
    make_organization()
    (item,) = us.get("/organizations").json()["items"]
    assert item["id"] == str(us.organization.id)
    assert us.get("/organizations", fields="settings").status_code == 400
