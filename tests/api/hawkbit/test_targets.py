"""Targets: list, create, show, update, delete. Source: the seed, /rest/v1/targets."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from api.hawkbit import lists
from auditlog.models import AuditEntry
from fleet.models import Contact, Device, Organization, Role, TargetType
from fleet.policies import set_policies
from fleet.security_tokens import token_of
from fleet.states import Admission
from fleet.targets import register
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import TargetMaker
from tests.make import make_actor, make_device, make_organization, make_target

SEED_NEW = {
    "securityToken": "2345678DGGDGFTDzztgf",
    "address": "https://192.168.0.1",
    "controllerId": "123456",
    "name": "controllerId",
    "description": "test",
}
SEEN = datetime(2021, 8, 18, 11, 49, 59, 685000, UTC)
SEEN_MS = 1629287399685


@pytest.fixture
def seen(target: TargetMaker) -> Device:
    """The target of the seed's examples, as far as it is told of by itself."""
    return target(
        "137",
        description="My name is 137",
        created_by="bumlux",
        updated_by="bumlux",
        address="http://192.168.0.1",
        security_token="e59a77ae35802f86e7754a88155a8fc0",
        seen_at=SEEN,
        installed_at=SEEN,
    )


def test_a_list_tells_of_each_target_what_the_seed_does(hawkbit: Hawkbit, seen: Device) -> None:
    response = hawkbit.get("/targets")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/hal+json"
    body = response.json()
    assert (body["total"], body["size"]) == (1, 1)
    entry = body["content"][0]
    assert entry.keys() >= {"createdAt", "lastModifiedAt"}
    del entry["createdAt"], entry["lastModifiedAt"]
    assert entry == {
        "createdBy": "bumlux",
        "lastModifiedBy": "bumlux",
        "name": "137",
        "description": "My name is 137",
        "controllerId": "137",
        "updateStatus": "registered",
        "lastControllerRequestAt": SEEN_MS,
        "installedAt": SEEN_MS,
        "ipAddress": "192.168.0.1",
        "address": "http://192.168.0.1",
        "pollStatus": {
            "lastRequestAt": SEEN_MS,
            "nextExpectedRequestAt": SEEN_MS + 300_000,
            "overdue": True,
        },
        "securityToken": "e59a77ae35802f86e7754a88155a8fc0",
        "requestAttributes": True,
        "_links": {"self": {"href": "http://testserver/rest/v1/targets/137"}},
    }


def test_one_target_has_all_links_of_the_seed(hawkbit: Hawkbit, seen: Device) -> None:
    at = "http://testserver/rest/v1/targets/137"
    assert hawkbit.get("/targets/137").json()["_links"] == {
        "self": {"href": at},
        "assignedDS": {"href": f"{at}/assignedDS"},
        "installedDS": {"href": f"{at}/installedDS"},
        "attributes": {"href": f"{at}/attributes"},
        "actions": {"href": f"{at}/actions?offset=0&limit=50&sort=id:DESC"},
        "metadata": {"href": f"{at}/metadata?offset=0&limit=50{{&sort,q}}", "templated": True},
    }


def test_times_are_milliseconds(hawkbit: Hawkbit, seen: Device) -> None:
    Device.objects.update(created_at=SEEN, updated_at=SEEN + timedelta(milliseconds=73))
    told = hawkbit.get("/targets/137").json()
    assert (told["createdAt"], told["lastModifiedAt"]) == (SEEN_MS, SEEN_MS + 73)


def test_what_there_is_not_is_left_out(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("quiet")
    assert set(hawkbit.get("/targets/quiet").json()) == {
        "createdAt",
        "lastModifiedAt",
        "name",
        "controllerId",
        "updateStatus",
        "securityToken",
        "requestAttributes",
        "_links",
    }


def test_a_target_that_called_in_time_is_not_overdue(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("prompt", seen_at=timezone.now() - timedelta(minutes=9))
    target("late", seen_at=timezone.now() - timedelta(minutes=11))
    entries = hawkbit.get("/targets").json()["content"]
    overdue = {entry["name"]: entry["pollStatus"]["overdue"] for entry in entries}
    assert overdue == {"late": True, "prompt": False}


def test_polling_times_are_those_of_the_organization(hawkbit: Hawkbit, seen: Device) -> None:
    actor = make_actor(hawkbit.organization)
    set_policies(actor=actor, organization=hawkbit.organization, values={"polling_time": 43200})
    poll_status = hawkbit.get("/targets/137").json()["pollStatus"]
    assert poll_status["nextExpectedRequestAt"] == SEEN_MS + 43_200_000


def test_lists_are_sorted_by_controller_id_and_paged(hawkbit: Hawkbit, target: TargetMaker) -> None:
    for name in ("c", "a", "B", "d"):
        target(name)
    body = hawkbit.get("/targets", limit=2, offset=1).json()
    assert [entry["controllerId"] for entry in body["content"]] == ["a", "c"]
    assert (body["total"], body["size"]) == (4, 2)
    beyond = hawkbit.get("/targets", offset=9).json()
    assert beyond == {"content": [], "total": 4, "size": 0}


def test_the_request_example_of_the_seed_selects_by_name(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    target("1", name="a")
    target("2", name="b")
    body = hawkbit.get("/targets?limit=10&sort=name:ASC&offset=0&q=name%3D%3Da").json()
    assert [entry["controllerId"] for entry in body["content"]] == ["1"]


def test_a_page_of_500_costs_a_handful_of_queries(
    hawkbit: Hawkbit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    new = [{"controllerId": f"t{number}"} for number in range(500)]
    with django_assert_max_num_queries(40):
        assert hawkbit.post("/targets", new).status_code == 201
    Contact.objects.bulk_create(
        Contact(device=device, seen_at=SEEN) for device in Device.objects.all()
    )
    with django_assert_max_num_queries(10):
        assert hawkbit.get("/targets", limit=500).json()["size"] == 500


def test_targets_are_created_as_in_the_seed(hawkbit: Hawkbit) -> None:
    response = hawkbit.post("/targets", [SEED_NEW])
    assert response.status_code == 201
    made = response.json()
    created, modified = made[0].pop("createdAt"), made[0].pop("lastModifiedAt")
    assert created == modified
    assert made == [
        {
            "createdBy": hawkbit.email,
            "lastModifiedBy": hawkbit.email,
            "name": "controllerId",
            "description": "test",
            "controllerId": "123456",
            "updateStatus": "unknown",
            "ipAddress": "192.168.0.1",
            "address": "https://192.168.0.1",
            "securityToken": "2345678DGGDGFTDzztgf",
            "requestAttributes": True,
            "_links": {"self": {"href": "http://testserver/rest/v1/targets/123456"}},
        }
    ]


def test_a_created_target_is_an_accepted_device_that_the_audit_log_knows(hawkbit: Hawkbit) -> None:
    hawkbit.post("/targets", [SEED_NEW])
    device = Device.objects.get()
    assert device.status == Admission.ACCEPTED
    assert device.identity == {"controllerId": "123456"}
    entry = AuditEntry.objects.get(object_kind="device")
    assert (entry.action, entry.object_id) == ("create", str(device.id))
    assert (entry.actor_name, entry.via) == (hawkbit.email, "hawkBit API")


def test_a_target_has_its_id_as_its_name_and_a_token_unless_given(hawkbit: Hawkbit) -> None:
    made = hawkbit.post("/targets", [{"controllerId": "bare"}]).json()[0]
    assert made["name"] == "bare"
    assert len(made["securityToken"]) == 32
    int(made["securityToken"], 16)


def test_targets_come_back_in_the_order_in_which_they_were_given(hawkbit: Hawkbit) -> None:
    made = hawkbit.post("/targets", [{"controllerId": each} for each in ("z", "a", "m")]).json()
    assert [each["controllerId"] for each in made] == ["z", "a", "m"]


def test_a_single_object_stands_for_a_list_of_it(hawkbit: Hawkbit) -> None:
    made = hawkbit.post("/targets", {"controllerId": "one", "unknown": {"member": 1}})
    assert made.status_code == 201
    assert [each["controllerId"] for each in made.json()] == ["one"]


def test_an_empty_list_creates_nothing(hawkbit: Hawkbit) -> None:
    response = hawkbit.post("/targets", [])
    assert (response.status_code, response.json()) == (201, [])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"controllerId": None}, "repo.constraintViolation"),
        ({"controllerId": ""}, "repo.constraintViolation"),
        ({"controllerId": "has blank"}, "repo.constraintViolation"),
        ({"controllerId": "x" * 257}, "repo.constraintViolation"),
        ({"name": ""}, "repo.constraintViolation"),
        ({"name": "x" * 129}, "repo.constraintViolation"),
        ({"name": "<b>bold</b>"}, "repo.constraintViolation"),
        ({"description": "x" * 513}, "repo.constraintViolation"),
        ({"address": "x" * 513}, "repo.constraintViolation"),
        ({"securityToken": "x" * 129}, "repo.constraintViolation"),
        ({"address": "not an address"}, "repo.invalidTargetAddress"),
        ({"address": "http://[broken"}, "repo.invalidTargetAddress"),
        ({"controllerId": ["list"]}, "rest.body.notReadable"),
        ({"targetType": "x"}, "rest.body.notReadable"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_kept(
    hawkbit: Hawkbit, change: dict[str, object], key: str
) -> None:
    response = hawkbit.post("/targets", [{"controllerId": "fine"}, SEED_NEW | change])
    assert response.status_code == 400
    assert response.json()["errorCode"] == f"hawkbit.server.error.{key}"
    assert not Device.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b'"text"', b"[1]", b"\xff"])
def test_a_body_that_is_none_is_not_readable(hawkbit: Hawkbit, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = hawkbit.post("/targets", body, headers=headers)
    assert response.status_code == 400
    assert response.json() == {
        "exceptionClass": "org.eclipse.hawkbit.rest.exception.MessageNotReadableException",
        "errorCode": "hawkbit.server.error.rest.body.notReadable",
        "message": "The given request body is not well formed",
    }


def test_a_target_that_exists_or_comes_twice_is_a_conflict_and_nothing_is_kept(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    target("137")
    for ids in (["new", "137"], ["twice", "twice"]):
        response = hawkbit.post("/targets", [{"controllerId": each} for each in ids])
        assert response.status_code == 409
        assert response.json() == {
            "exceptionClass": (
                "org.eclipse.hawkbit.repository.exception.EntityAlreadyExistsException"
            ),
            "errorCode": "hawkbit.server.error.repo.entityAlreadyExists",
            "message": "The given entity already exists in database",
        }
    assert Device.objects.count() == 1


def test_more_devices_than_the_organization_may_have_are_refused(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    target("first")
    Organization.objects.update(device_limit=2)
    response = hawkbit.post("/targets", [{"controllerId": "a"}, {"controllerId": "b"}])
    assert response.status_code == 403
    assert response.json()["errorCode"] == "hawkbit.server.error.quota.tooManyEntries"
    assert hawkbit.post("/targets", [{"controllerId": "a"}]).status_code == 201


def test_another_media_type_is_not_taken(hawkbit: Hawkbit) -> None:
    response = hawkbit.send("POST", "/targets", [SEED_NEW], content_type="text/plain")
    assert response.status_code == 415
    assert response.json()["errorCode"] == "hawkbit.server.error.rest.mediaType.notSupported"


def test_another_media_type_is_not_given(hawkbit: Hawkbit) -> None:
    assert hawkbit.get("/targets", headers={"accept": "text/html"}).status_code == 406
    response = hawkbit.get("/targets", headers={"accept": "application/json"})
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_there_is_not_is_not_allowed(hawkbit: Hawkbit, method: str) -> None:
    response = hawkbit.send(method, "/targets")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_target_is_updated_as_in_the_seed(hawkbit: Hawkbit, seen: Device) -> None:
    Device.objects.update(wants_attributes=False)
    response = hawkbit.put(
        "/targets/137",
        {
            "securityToken": "2345678DGGDGFTDzztgf",
            "requestAttributes": True,
            "address": "https://192.168.0.1",
            "controllerId": "another",
            "name": "newTargetName",
            "description": "I've been updated",
        },
    )
    assert response.status_code == 200
    told = response.json()
    expected = {
        "createdBy": "bumlux",
        "lastModifiedBy": hawkbit.email,
        "controllerId": "137",
        "name": "newTargetName",
        "description": "I've been updated",
        "address": "https://192.168.0.1",
        "securityToken": "2345678DGGDGFTDzztgf",
        "requestAttributes": True,
    }
    assert {name: told[name] for name in expected} == expected
    assert told == hawkbit.get("/targets/137").json()


def test_an_update_keeps_what_it_does_not_name(hawkbit: Hawkbit, seen: Device) -> None:
    before = hawkbit.get("/targets/137").json()
    after = hawkbit.put("/targets/137", {"name": "renamed", "description": None}).json()
    changing = {"name", "lastModifiedAt", "lastModifiedBy"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    assert after["name"] == "renamed"
    change = AuditEntry.objects.get(object_kind="device", action="update").change
    assert change == {"name": ["137", "renamed"]}


def test_an_update_that_changes_nothing_leaves_no_trace(hawkbit: Hawkbit, seen: Device) -> None:
    before = hawkbit.get("/targets/137").json()
    assert hawkbit.put("/targets/137", {"name": "137"}).json() == before
    assert not AuditEntry.objects.filter(object_kind="device").exists()


def test_attributes_cannot_be_unrequested(hawkbit: Hawkbit, seen: Device) -> None:
    response = hawkbit.put("/targets/137", {"requestAttributes": False, "name": "renamed"})
    assert (response.status_code, response.content) == (400, b"")
    seen.refresh_from_db()
    assert (seen.wants_attributes, seen.name) == (True, "137")


def test_what_an_update_may_not_say_is_refused(hawkbit: Hawkbit, seen: Device) -> None:
    for body in ({"name": ""}, {"securityToken": ""}, {"description": "x" * 513}):
        response = hawkbit.put("/targets/137", body)
        assert response.status_code == 400, body
        assert response.json()["errorCode"].endswith("repo.constraintViolation")
    assert hawkbit.put("/targets/137", {"address": "a b"}).status_code == 400
    assert hawkbit.put("/targets/137", []).status_code == 400


def test_a_target_is_of_a_type_from_creation_or_update_on(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    gateway = TargetType.objects.create(organization=hawkbit.organization, key="gw", name="Gateway")
    made = hawkbit.post("/targets", [{"controllerId": "typed", "targetType": gateway.pk}])
    assert (made.json()[0]["targetType"], made.json()[0]["targetTypeName"]) == (
        gateway.pk,
        "Gateway",
    )
    target("137")
    told = hawkbit.put("/targets/137", {"targetType": gateway.pk}).json()
    assert told["_links"]["targetType"] == {
        "href": f"http://testserver/rest/v1/targettypes/{gateway.pk}"
    }
    told = hawkbit.put("/targets/137", {"targetType": -1}).json()
    assert "targetType" not in told
    assert "targetType" not in told["_links"]


@pytest.mark.parametrize("number", [0, 4711, 2**40, -1])
def test_a_type_that_there_is_not_is_not_found(hawkbit: Hawkbit, number: int) -> None:
    foreign = TargetType.objects.create(organization=make_organization(), key="gw", name="gw")
    for given in (number, foreign.pk):
        response = hawkbit.post("/targets", [{"controllerId": "typed", "targetType": given}])
        assert response.status_code == 404
        assert response.json()["errorCode"] == "hawkbit.server.error.repo.entityNotFound"


def test_a_deleted_target_is_gone(hawkbit: Hawkbit, seen: Device) -> None:
    response = hawkbit.delete("/targets/137")
    assert (response.status_code, response.content) == (204, b"")
    assert hawkbit.get("/targets/137").status_code == 404
    assert hawkbit.delete("/targets/137").status_code == 404
    assert AuditEntry.objects.get(action="decommission").object_id == str(seen.id)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_target_that_there_is_not_is_not_found(hawkbit: Hawkbit, method: str) -> None:
    make_target(make_organization(), "bubu")
    response = hawkbit.send(method, "/targets/bubu", {})
    assert response.status_code == 404
    body = response.json()
    assert body["message"] == "Target with given identifier {bubu} does not exist."
    assert body["errorCode"] == "hawkbit.server.error.repo.entityNotFound"
    assert body["info"] == {"type": "Target", "entityId": "bubu"}


@pytest.mark.parametrize(
    "controller_id", ["a\u00b7b", "ä%20ö", "a?b#c", "dev:1;x=2", "..", "a+b&c"]
)
def test_a_controller_id_may_have_any_characters_but_blanks(
    hawkbit: Hawkbit, controller_id: str
) -> None:
    made = hawkbit.post("/targets", [{"controllerId": controller_id}]).json()[0]
    at = made["_links"]["self"]["href"].removeprefix("http://testserver/rest/v1")
    assert hawkbit.get(at).json()["controllerId"] == controller_id
    assert hawkbit.get(f"{at}/attributes").status_code == 204


def test_a_device_of_mender_is_a_target_by_its_id(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    device = make_device(organization, name="edge-1")
    told = hawkbit.get(f"/targets/{device.id}").json()
    assert (told["controllerId"], told["name"]) == (str(device.id), "edge-1")
    assert "securityToken" not in told


def test_whoever_calls_without_credentials_is_asked_for_them(hawkbit: Hawkbit) -> None:
    response = hawkbit.get("/targets", headers={"authorization": ""})
    assert (response.status_code, response.content) == (401, b"")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="hawkBit"'


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, {"GET"}),
        (Role.OPERATOR, {"GET", "POST", "PUT", "DELETE"}),
        (Role.RELEASE_MANAGER, {"GET"}),
        (Role.CI, set()),
    ],
)
def test_roles_allow_what_they_allow_elsewhere(
    organization: Organization, target: TargetMaker, role: Role, allowed: set[str]
) -> None:
    target("137")
    caller = hawkbit_caller(role, organization)
    answers = {
        "GET": caller.get("/targets/137"),
        "POST": caller.post("/targets", [{"controllerId": "new"}]),
        "PUT": caller.put("/targets/137", {"name": "renamed"}),
        "DELETE": caller.delete("/targets/137"),
    }
    assert {name for name, answer in answers.items() if answer.status_code < 300} == allowed
    refused = [answer for answer in answers.values() if answer.status_code >= 300]
    assert {answer.status_code for answer in refused} <= {403}
    for answer in refused:
        assert answer.json()["errorCode"] == "hawkbit.server.error.insufficientPermission"


def test_who_may_only_look_is_not_told_the_token(
    organization: Organization, target: TargetMaker
) -> None:
    target("137")
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert "securityToken" not in viewer.get("/targets/137").json()
    assert "securityToken" not in viewer.get("/targets").json()["content"][0]


def test_registered_devices_say_so(hawkbit: Hawkbit, organization: Organization) -> None:
    device = register(organization=organization, controller_id="pnp", address="http://10.0.0.7")
    assert device is not None
    told = hawkbit.get("/targets/pnp").json()
    expected = {
        "createdBy": "CONTROLLER_PLUG_AND_PLAY",
        "updateStatus": "registered",
        "ipAddress": "10.0.0.7",
        "securityToken": token_of(device),
    }
    assert {name: told[name] for name in expected} == expected


def test_pages_far_down_the_list_are_like_any_other(
    hawkbit: Hawkbit, target: TargetMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        target(f"t{number}", name=f"n{number % 2}")
    query = {"sort": "name:DESC", "limit": 3, "offset": 2}
    near = hawkbit.get("/targets", **query).json()
    monkeypatch.setattr(lists, "FAR", 1)
    assert hawkbit.get("/targets", **query).json() == near
    assert [each["controllerId"] for each in near["content"]] == ["t1", "t4", "t2"]
