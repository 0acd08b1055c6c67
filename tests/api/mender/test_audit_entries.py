"""An entry of the audit log has Mender's shape and Mender's words, one for each event."""

import json
from typing import Any

import pytest

from auditlog.actor import Actor, ActorKind, system
from auditlog.models import Action
from fleet import accounts, people
from fleet.models import Organization, Role
from fleet.states import Admission
from tests.api.mender.audit import entries, write
from tests.api.mender.callers import Person
from tests.make import make_actor, make_deployment, make_device, upload_artifact

DEPLOYMENTS = "v1/deployments/deployments"
IDENTITY = {"sn": "1229224105105176", "mac_address": "2C:54:91:88:C9:E3"}
TEXT = '{"mac_address":"2C:54:91:88:C9:E3","sn":"1229224105105176"}'


def test_a_decommissioned_device_is_shown_as_documented(
    admin: Person, organization: Organization
) -> None:
    device = make_device(organization, identity=IDENTITY)
    me = admin.get("v1/useradm/users/me").json()
    admin.delete(f"v2/devauth/devices/{device.id}")
    (entry,) = entries(admin)
    assert entry.pop("time").endswith("Z")
    assert json.loads(entry.pop("change")) == {"identity": TEXT}
    assert entry == {
        "actor": {"id": me["id"], "type": "user", "email": me["email"]},
        "action": "decommission",
        "object": {
            "id": str(device.id),
            "type": "device",
            "device": {"id": str(device.id), "identity_data": TEXT},
        },
    }


def test_a_deployment_has_its_artifact_s_name_when_it_ends_too(admin: Person) -> None:
    artifact = upload_artifact(admin.organization, "Application 0.0.1")
    deployment = make_deployment(
        admin.organization, release=artifact.release, devices=["1"], name="production"
    )
    admin.put(f"{DEPLOYMENTS}/{deployment.id}/status", {"status": "aborted"})
    aborted, created = entries(admin)
    assert [created["action"], aborted["action"]] == ["create", "abort"]
    assert "change" not in aborted
    assert aborted["object"] == created["object"]
    assert created["object"] == {
        "id": str(deployment.id),
        "type": "deployment",
        "deployment": {"name": "production", "artifact_name": "Application 0.0.1"},
    }


def test_a_change_of_a_person_is_a_text_of_differences(admin: Person) -> None:
    home = admin.organization
    member = people.add_member(
        actor=make_actor(home),
        organization=home,
        email="user@acme.com",
        role="viewer",
        password="long-word-7",
    )
    people.change_role(actor=make_actor(home), membership=member, role="operator")
    accounts.change_password(
        actor=people.actor_of(member),
        user=member.user,
        password="another-word-8",
        current="long-word-7",
    )
    password, role, created = entries(admin, "object_type=user")
    assert created["object"]["user"] == {"email": "user@acme.com"}
    assert created["change"] == '{"role":"viewer"}'
    first, *rest = role["change"].splitlines()
    assert first == "Updated user user@acme.com:"
    assert rest[-2:] == ["-role: viewer", "+role: operator"]
    assert password["change"].splitlines()[-1] == "+password: changed"


def test_artifacts_and_tokens_have_mender_s_words(
    admin: Person, organization: Organization
) -> None:
    actor = make_actor(organization)
    write(organization, "1", kind="artifact", action=Action.UPLOAD, name="app", actor=actor)
    write(organization, "2", kind="user_access_token", action=Action.REVOKE, actor=actor)
    token, artifact = entries(admin)
    assert (token["action"], token["object"]) == (
        "delete",
        {"id": "2", "type": "user_access_token"},
    )
    assert artifact["object"] == {"id": "1", "type": "artifact", "artifact": {"name": "app"}}


def test_what_mender_does_not_record_is_shown_on_request(
    admin: Person, organization: Organization
) -> None:
    device = make_device(organization, status=Admission.PENDING)
    path = f"v2/devauth/devices/{device.id}/auth/{device.auth_sets.get().id}/status"
    for status in ("accepted", "rejected"):
        assert admin.put(path, {"status": status}).status_code == 204
    admin.put(f"v1/inventory/devices/{device.id}/group", {"group": "lab"})
    people.add_member(
        actor=system(organization.pk),
        organization=organization,
        email="shell@acme.com",
        role=Role.VIEWER,
        password="long-word-7",
    )
    write(organization, "3", kind="organization", action=Action.UPDATE)
    assert [entry["action"] for entry in entries(admin)] == ["reject"]
    assert entries(admin, "all=false") == entries(admin)
    everything = entries(admin, "all=true&sort=asc")
    told = [(entry["action"], entry["object"]["type"]) for entry in everything]
    assert ("accept", "device") in told
    assert told[-3:] == [("update", "device"), ("create", "user"), ("update", "tenant")]
    assert everything[-2]["actor"] == {"id": "slipway", "type": "system"}
    group = everything[-3]["object"]["device"]
    assert json.loads(group["identity_data"]) == device.identity


@pytest.mark.parametrize(
    ("size", "change"), [(1, {}), (600, {"identity": '{"a":"' + "x" * 600 + '"}'})]
)
def test_a_device_that_acts_shows_its_identity(
    admin: Person, organization: Organization, size: int, change: dict[str, Any]
) -> None:
    whole = json.dumps({"a": "x" * size}, separators=(",", ":"))
    box = Actor(ActorKind.DEVICE, "7", whole, organization.pk)
    write(organization, "7", actor=box, action=Action.CREATE, **change)
    (entry,) = entries(admin, "all=true&actor_type=device")
    assert entry["actor"] == {"id": "7", "type": "device", "identity_data": whole}


def test_a_device_nobody_knows_has_an_empty_identity(
    admin: Person, organization: Organization
) -> None:
    write(organization, "ghost", action=Action.ABORT)
    (entry,) = entries(admin, "all=true&object_id=ghost")
    assert entry["object"]["device"] == {"id": "ghost", "identity_data": "{}"}
