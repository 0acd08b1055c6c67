"""The audit log is narrowed down and sorted, and is that of one's own organization."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditlog.actor import Actor, ActorKind, system
from auditlog.models import Action
from fleet.models import Organization
from tests.api.mender.audit import LOGS, ids, write
from tests.api.mender.callers import Person, error_of, person
from tests.make import make_actor, make_organization

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
SECOND = int(NOON.timestamp())


@pytest.fixture
def log(organization: Organization) -> Organization:
    """Five entries, a second apart, and one that only `all` shows."""
    ann = make_actor(organization, id="ann", name="ann@acme.com")
    bob = make_actor(organization, id="bob", name="bob@acme.com")
    pump = Actor(ActorKind.DEVICE, "pump", '{"sn":"1"}', organization.pk)
    device, deployment = {"kind": "device"}, {"kind": "deployment", "action": Action.CREATE}
    for number, (object_id, actor, facts) in enumerate(
        [
            ("d1", ann, device),
            ("p1", ann, deployment | {"name": "production", "release": "app 1"}),
            ("p2", bob, deployment | {"name": "Production", "release": "app 2"}),
            ("u1", bob, {"kind": "user", "action": Action.CREATE, "name": "production"}),
            ("d2", pump, device),
            ("s1", system(organization.pk), device),
        ]
    ):
        more: dict[str, Any] = facts
        moment = NOON + timedelta(seconds=number, milliseconds=500)
        write(organization, object_id, actor=actor, at=moment, **more)
    return organization


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "d2 u1 p2 p1 d1"),
        ("sort=desc", "d2 u1 p2 p1 d1"),
        ("sort=asc", "d1 p1 p2 u1 d2"),
        (f"all=true&created_after={SECOND}", "s1 d2 u1 p2 p1 d1"),
        ("actor_id=ann", "p1 d1"),
        ("actor_id=an", ""),
        ("actor_type=user", "u1 p2 p1 d1"),
        ("actor_type=device", "d2"),
        ("actor_type=system", ""),
        ("all=true&actor_type=system", "s1"),
        ("actor_email=bob@acme.com", "u1 p2"),
        ("actor_email=BOB@acme.com", "u1 p2"),
        ("actor_email=b_b@acme.com", ""),
        ("object_id=p2", "p2"),
        ("object_type=device", "d2 d1"),
        ("object_type=deployment", "p2 p1"),
        ("object_type=user", "u1"),
        ("object_type=artifact", ""),
        ("object_type=tenant", ""),
        ("object_deployment_name=production", "p1"),
        ("object_deployment_name=product", ""),
        ("actor_id=ann&object_type=deployment", "p1"),
        ("actor_id=&object_type=&created_after=&sort=", "d2 u1 p2 p1 d1"),
        (f"created_after={SECOND + 3}", "d2 u1"),
        (f"created_before={SECOND + 1}", "p1 d1"),
        (f"created_after={SECOND + 2}&created_before={SECOND + 2}", "p2"),
        (f"created_after={SECOND + 9}", ""),
    ],
)
def test_the_list_narrows_and_sorts(
    admin: Person, log: Organization, query: str, expected: str
) -> None:
    assert ids(admin, query) == expected.split()


def test_entries_of_one_moment_keep_their_order(admin: Person, organization: Organization) -> None:
    for number in range(4):
        write(organization, str(number), at=NOON)
    assert ids(admin) == ["3", "2", "1", "0"]
    assert ids(admin, "sort=asc") == ["0", "1", "2", "3"]


@pytest.mark.parametrize("path", [LOGS, f"{LOGS}/export"])
@pytest.mark.parametrize(
    "query",
    [
        "created_after=yesterday",
        "created_after=1.5",
        "created_before=99999999999999999999",
        "actor_type=robot",
        "object_type=planet",
        "sort=up",
        "all=yes",
    ],
)
def test_a_malformed_query_is_refused_by_name(admin: Person, path: str, query: str) -> None:
    assert query.partition("=")[0] in error_of(admin.get(f"{path}?{query}"), 400)


def test_another_organization_s_entries_are_not_there(admin: Person, log: Organization) -> None:
    other = person(make_organization())
    write(other.organization, "p1", kind="deployment", action=Action.ABORT, name="production")
    assert ids(other) == ["p1"]
    (theirs,) = other.get(f"{LOGS}?all=true&object_id=p1").json()
    assert theirs["object"]["deployment"]["artifact_name"] == ""
    assert b"app 1" not in b"".join(other.get(f"{LOGS}/export?all=true"))
    assert ids(admin, "object_id=p1") == ["p1"]
