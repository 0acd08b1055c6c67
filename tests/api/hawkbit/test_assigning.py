"""Distribution sets are assigned to targets. Source: the seed, POST assignedDS; hawkBit, 1.7."""

from typing import Any

import pytest
from django.utils import timezone

from artifacts.models import ReleaseType
from auditlog.models import AuditEntry
from deployments.models import Deployment, DeviceDeployment
from fleet.models import AutoConfirmation, Device, Organization, Role, TargetType
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.api.hawkbit.ddi.callers import allow
from tests.make import make_device, make_distribution_set, make_target

WINDOW = {"schedule": "0 15 10 * * ?", "duration": "00:10:00", "timezone": "+00:00"}


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errorCode"].removeprefix("hawkbit.server.error.")


def standing(hawkbit: Hawkbit, controller_id: str) -> str:
    return str(hawkbit.get(f"/targets/{controller_id}").json()["updateStatus"])


def assigned(hawkbit: Hawkbit, controller_id: str) -> int | None:
    answer = hawkbit.get(f"/targets/{controller_id}/assignedDS")
    return None if answer.status_code == 204 else int(answer.json()["id"])


def test_a_set_is_assigned_to_a_target(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    release = distribution_set()
    answer = hawkbit.post("/targets/137/assignedDS", {"id": release.number})
    assert answer.status_code == 200
    row = DeviceDeployment.objects.get()
    at = f"http://testserver/rest/v1/targets/137/actions/{row.number}"
    assert answer.json() == {
        "alreadyAssigned": 0,
        "assigned": 1,
        "total": 1,
        "assignedActions": [{"id": row.number, "_links": {"self": {"href": at}}}],
    }
    assert assigned(hawkbit, "137") == release.number
    assert standing(hawkbit, "137") == "pending"
    release.refresh_from_db()
    assert release.is_locked
    assert all(module.is_locked for module in release.modules.all())
    status = hawkbit.get(f"/targets/137/actions/{row.number}/status").json()["content"]
    message = f"Assignment initiated by user '{hawkbit.email}'"
    assert [(each["type"], each["messages"]) for each in status] == [("running", [message])]


def test_as_the_seed_shows_it(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    body = {
        "id": distribution_set().number,
        "type": "timeforced",
        "forcetime": 1629287391486,
        "weight": 600,
        "maintenanceWindow": WINDOW,
    }
    answer = hawkbit.post("/targets/137/assignedDS", body)
    number = answer.json()["assignedActions"][0]["id"]
    shown = hawkbit.get(f"/targets/137/actions/{number}").json()
    window = shown.pop("maintenanceWindow")
    assert window.pop("nextStartAt") > timezone.now().timestamp() * 1000 - 600_000
    assert window == WINDOW
    told = {name: shown[name] for name in ("forceType", "forceTime", "weight", "status", "type")}
    assert told == {
        "forceType": "timeforced",
        "forceTime": 1629287391486,
        "weight": 600,
        "status": "pending",
        "type": "update",
    }


def test_timeforced_without_a_time_is_forced_since_1970(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    body = {"id": distribution_set().number, "type": "timeforced"}
    number = hawkbit.post("/targets/137/assignedDS", body).json()["assignedActions"][0]["id"]
    assert hawkbit.get(f"/targets/137/actions/{number}").json()["forceTime"] == 0


def test_what_is_assigned_already_is_passed_over(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    body = {"id": distribution_set().number}
    hawkbit.post("/targets/137/assignedDS", body)
    answer = hawkbit.post("/targets/137/assignedDS", body)
    assert answer.json() == {
        "alreadyAssigned": 1,
        "assigned": 0,
        "total": 1,
        "assignedActions": [],
    }
    assert DeviceDeployment.objects.count() == 1


def test_what_is_wished_for_twice_counts_once(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    body = {"id": distribution_set().number, "type": "soft"}
    assert hawkbit.post("/targets/137/assignedDS", [body, body]).json()["assigned"] == 1
    assert hawkbit.post("/targets/137/assignedDS", []).json()["total"] == 0


def test_two_different_sets_at_once_are_for_who_has_it_enabled(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    one, other = distribution_set(version="1"), distribution_set(version="2")
    bodies = [{"id": one.number, "weight": 500}, {"id": other.number, "weight": 800}]
    answer = hawkbit.post("/targets/137/assignedDS", bodies)
    assert error_of(answer) == (400, "multiAssignmentNotEnabled")
    assert not DeviceDeployment.objects.exists()
    allow(hawkbit.organization, multi_assignment_enabled=True)
    answer = hawkbit.post("/targets/137/assignedDS", bodies).json()
    assert (answer["assigned"], answer["total"]) == (2, 2)
    listed = hawkbit.get("/targets/137/actions", sort="id:ASC").json()["content"]
    assert [each["weight"] for each in listed] == [500, 800]
    assert {each["status"] for each in listed} == {"pending"}
    without = hawkbit.post("/targets/137/assignedDS", {"id": one.number})
    assert error_of(without) == (400, "noWeightProvidedInMultiAssignmentMode")
    # Nothing is taken back in this mode, nor anything passed over.
    again = hawkbit.post("/targets/137/assignedDS", bodies[0]).json()
    assert again["assigned"] == 1
    assert hawkbit.get("/targets/137/actions", q="status==pending").json()["total"] == 3


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"weight": -1}, "repo.constraintViolation"),
        ({"weight": 1001}, "repo.constraintViolation"),
        ({"type": "gently"}, "rest.body.notReadable"),
        ({"id": None}, "rest.body.notReadable"),
        ({"id": "x"}, "rest.body.notReadable"),
        ({"weight": "heavy"}, "rest.body.notReadable"),
        ({"maintenanceWindow": "nightly"}, "rest.body.notReadable"),
        ({"maintenanceWindow": {"schedule": "0 0 3 * * ?"}}, "maintenanceScheduleInvalid"),
        ({"maintenanceWindow": WINDOW | {"duration": "x"}}, "maintenanceScheduleInvalid"),
        (
            {"maintenanceWindow": WINDOW | {"schedule": "0 0 0 1 1 ? 2001"}},
            "maintenanceScheduleInvalid",
        ),
    ],
)
def test_what_is_wrong_with_an_assignment(
    body: dict[str, Any],
    key: str,
    hawkbit: Hawkbit,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
) -> None:
    target("137")
    answer = hawkbit.post("/targets/137/assignedDS", {"id": distribution_set().number} | body)
    assert error_of(answer) == (400, key)
    assert not Deployment.objects.exists()


def test_who_and_what_nobody_knows(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    release, foreign = distribution_set(), make_distribution_set()
    make_target(controller_id="elsewhere")
    assert hawkbit.post("/targets/137/assignedDS", {"id": foreign.number}).status_code == 404
    answer = hawkbit.post("/targets/elsewhere/assignedDS", {"id": release.number})
    assert error_of(answer) == (404, "repo.entityNotFound")
    assert "{elsewhere}" in answer.json()["message"]
    beyond = hawkbit.post("/targets/137/assignedDS", {"id": 2**40})
    assert error_of(beyond) == (404, "repo.entityNotFound")
    body = [{"id": "137"}, {"id": "elsewhere"}, {"id": "nobody"}]
    answer = hawkbit.post(f"/distributionsets/{release.number}/assignedTargets", body)
    assert (answer.json()["assigned"], answer.json()["total"]) == (1, 1)


def test_a_set_must_be_complete_and_valid(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    incomplete = distribution_set(version="1")
    incomplete.modules.clear()
    invalid = distribution_set(version="2", invalidated_at=timezone.now())
    answer = hawkbit.post("/targets/137/assignedDS", {"id": incomplete.number})
    assert error_of(answer) == (400, "distributionset.incomplete")
    answer = hawkbit.post("/targets/137/assignedDS", {"id": invalid.number})
    assert error_of(answer) == (400, "distributionset.invalid")


def test_a_target_takes_the_sets_of_its_type(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    kind = TargetType.objects.create(organization=hawkbit.organization, key="gw", name="Gateway")
    release = distribution_set()
    target("137", target_type=kind)
    answer = hawkbit.post("/targets/137/assignedDS", {"id": release.number})
    assert error_of(answer) == (400, "target.type.incompatible")
    ReleaseType.objects.get(pk=release.type_id).target_types.add(kind)
    assert hawkbit.post("/targets/137/assignedDS", {"id": release.number}).status_code == 200


def test_what_was_installed_without_us(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    device, busy = target("137"), target("busy")
    release = distribution_set()
    body = {"id": distribution_set(version="2").number}
    hawkbit.post("/targets/busy/assignedDS", body)
    at = f"/distributionsets/{release.number}/assignedTargets?offline=true"
    answer = hawkbit.post(at, [{"id": "137"}, {"id": "busy"}])
    assert (answer.json()["assigned"], answer.json()["alreadyAssigned"]) == (1, 1)
    action = hawkbit.get("/targets/137/actions").json()["content"][0]
    assert (action["status"], action["detailStatus"], action["active"]) == (
        "finished",
        "finished",
        False,
    )
    assert standing(hawkbit, "137") == "in_sync"
    assert assigned(hawkbit, "137") == release.number
    assert hawkbit.get("/targets/137/installedDS").json()["id"] == release.number
    device.refresh_from_db()
    assert device.installed_at is not None
    assert Deployment.objects.get(release=release).size == 1
    assert hawkbit.get("/targets/busy/actions").json()["total"] == 1
    assert busy.software == ""


def test_many_targets_are_a_few_statements(
    hawkbit: Hawkbit,
    organization: Organization,
    distribution_set: DistributionSetMaker,
    django_assert_max_num_queries: Any,
) -> None:
    before, release = distribution_set(version="1"), distribution_set(version="2")
    targets = [make_target(organization, f"t{number}") for number in range(30)]
    bodies = [{"id": each.controller_id, "type": "soft"} for each in targets]
    hawkbit.post(f"/distributionsets/{before.number}/assignedTargets", bodies)
    with django_assert_max_num_queries(60):
        answer = hawkbit.post(f"/distributionsets/{release.number}/assignedTargets", bodies)
    assert answer.json()["assigned"] == 30
    deployment = Deployment.objects.get(release=release)
    assert (deployment.size, deployment.origin) == (30, "assignment")
    at = f"/distributionsets/{release.number}/assignedTargets"
    assert hawkbit.get(at, limit=5, sort="controllerid:ASC").json()["total"] == 30
    created = AuditEntry.objects.filter(object_id=str(deployment.id), action="create")
    assert created.count() == 1


def test_at_most_5000_at_once(hawkbit: Hawkbit, distribution_set: DistributionSetMaker) -> None:
    at = f"/distributionsets/{distribution_set().number}/assignedTargets"
    answer = hawkbit.post(at, [{"id": str(number)} for number in range(5001)])
    assert error_of(answer) == (403, "quota.tooManyEntries")


def test_at_most_2000_actions_of_a_target(
    hawkbit: Hawkbit,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deployments.assigning.MOST_ACTIONS", 2)
    target("137")
    sets = [distribution_set(version=str(number)) for number in range(3)]
    answers = [hawkbit.post("/targets/137/assignedDS", {"id": each.number}) for each in sets]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert error_of(answers[2]) == (403, "quota.tooManyEntries")
    assert assigned(hawkbit, "137") == sets[1].number


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ADMINISTRATOR, 200),
        (Role.OPERATOR, 200),
        (Role.VIEWER, 403),
        (Role.DEPLOYMENTS_MANAGER, 403),
        (Role.CI, 403),
    ],
)
def test_who_may_assign(
    role: Role,
    status: int,
    organization: Organization,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
) -> None:
    target("137")
    caller = hawkbit_caller(role, organization)
    answer = caller.post("/targets/137/assignedDS", {"id": distribution_set().number})
    assert answer.status_code == status


def test_confirmation_is_asked_for_where_the_organization_wants_it(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    allow(hawkbit.organization, confirmation_flow_enabled=True)
    target("asked"), target("not asked")
    AutoConfirmation.objects.create(device=target("itself"))
    release = distribution_set()
    at = f"/distributionsets/{release.number}/assignedTargets"
    bodies: list[dict[str, Any]] = [
        {"id": "asked"},
        {"id": "itself"},
        {"id": "not asked", "confirmationRequired": False},
    ]
    assert hawkbit.post(at, bodies).json()["assigned"] == 3
    content = hawkbit.get("/actions", representation="full", sort="id:ASC").json()["content"]
    found = {each["_links"]["target"]["name"]: each["detailStatus"] for each in content}
    assert found == {
        "asked": "wait_for_confirmation",
        "itself": "running",
        "not asked": "running",
    }


def test_a_device_that_speaks_mender_is_a_target_too(
    hawkbit: Hawkbit, organization: Organization, distribution_set: DistributionSetMaker
) -> None:
    device = make_device(organization)
    release = distribution_set()
    answer = hawkbit.post(f"/targets/{device.id}/assignedDS", {"id": release.number})
    assert answer.json()["assigned"] == 1
    assert Device.objects.get().device_deployments.get().deployment.release == release
