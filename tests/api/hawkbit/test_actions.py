"""Actions of targets. Source: the seed, GET /rest/v1/targets/{targetId}/actions and below it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deployments.actions import hold_with_device
from deployments.events import Said, note
from deployments.models import DeviceDeployment, Phase, StatusEvent
from deployments.reporting import report
from deployments.states import State
from fleet.errors import Conflict
from fleet.models import AutoConfirmation, Organization, Role
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.api.hawkbit.ddi.callers import allow
from tests.api.hawkbit.test_assigning import assigned, error_of, standing
from tests.make import make_artifact, make_deployment, make_device, make_release


def assign(hawkbit: Hawkbit, controller_id: str, release: Any, **facts: Any) -> str:
    """The address of the action."""
    body = {"id": release.number} | facts
    made = hawkbit.post(f"/targets/{controller_id}/assignedDS", body).json()
    return f"/targets/{controller_id}/actions/{made['assignedActions'][0]['id']}"


def row_of(path: str) -> DeviceDeployment:
    return DeviceDeployment.objects.get(number=int(path.rpartition("/")[2]))


def end(path: str, state: State) -> None:
    """As if its device had said so."""
    row, now = row_of(path), timezone.now()
    hold_with_device(row).update(
        state=state, is_open=False, admitted_at=now, started_at=now, finished_at=now
    )
    note(row, state=state)
    if state is State.SUCCESS and row.device is not None:
        row.device.software = row.deployment.release_name
        row.device.save(update_fields=["software"])


def details(hawkbit: Hawkbit, path: str) -> tuple[str, str, str, bool]:
    shown = hawkbit.get(path).json()
    return shown["type"], shown["status"], shown["detailStatus"], shown["active"]


def test_an_action_as_the_seed_shows_it(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    release = distribution_set()
    path = assign(hawkbit, "137", release, weight=600)
    number, at = int(path.rpartition("/")[2]), f"http://testserver/rest/v1{path}"
    shown = hawkbit.get(path).json()
    made_at = shown["createdAt"]
    assert shown["lastModifiedAt"] == made_at
    assert shown == {
        "createdBy": hawkbit.email,
        "createdAt": made_at,
        "lastModifiedBy": hawkbit.email,
        "lastModifiedAt": made_at,
        "type": "update",
        "status": "pending",
        "detailStatus": "running",
        "active": True,
        "weight": 600,
        "id": number,
        "forceType": "forced",
        "_links": {
            "self": {"href": at},
            "target": {"href": "http://testserver/rest/v1/targets/137", "name": "137"},
            "distributionset": {
                "href": f"http://testserver/rest/v1/distributionsets/{release.number}",
                "name": "fw:1.0",
            },
            "status": {"href": f"{at}/status?offset=0&limit=50&sort=id:DESC"},
        },
    }
    listed = hawkbit.get("/targets/137/actions").json()
    assert (listed["total"], listed["size"]) == (1, 1)
    assert listed["content"] == [shown | {"_links": {"self": {"href": at}}}]


def test_an_unknown_target_or_action(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137"), target("other")
    path = assign(hawkbit, "137", distribution_set())
    number = path.rpartition("/")[2]
    assert error_of(hawkbit.get("/targets/nobody/actions")) == (404, "repo.entityNotFound")
    assert error_of(hawkbit.get("/targets/137/actions/999999")) == (404, "repo.entityNotFound")
    assert error_of(hawkbit.get("/targets/137/actions/x")) == (400, "rest.body.notReadable")
    assert hawkbit.get(f"/actions/{2**40}").status_code == 404
    elsewhere = hawkbit.get(f"/targets/other/actions/{number}")
    assert (elsewhere.status_code, elsewhere.content) == (404, b"")
    assert hawkbit.get("/targets/other/actions").json() == {"content": [], "total": 0, "size": 0}


def test_another_organizations_actions_are_nobodys(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    path = assign(hawkbit, "137", distribution_set())
    stranger = hawkbit_caller()
    number = path.rpartition("/")[2]
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/actions/{number}").status_code == 404
    assert stranger.get("/actions").json()["total"] == 0
    assert stranger.delete(path).status_code == 404
    assert stranger.delete("/actions", [int(number)]).status_code == 204
    assert hawkbit.get(f"/actions/{number}").status_code == 200


def test_soft_becomes_forced_and_never_back(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    path = assign(hawkbit, "137", distribution_set(), type="soft")
    assert hawkbit.get(path).json()["forceType"] == "soft"
    shown = hawkbit.put(path, {"forceType": "forced"}).json()
    assert (shown["forceType"], shown["status"]) == ("forced", "pending")
    assert hawkbit.get(path).json()["forceType"] == "forced"
    for body in ({"forceType": "soft"}, {}):
        answer = hawkbit.put(path, body)
        assert error_of(answer) == (400, "repo.constraintViolation")
        assert answer.json()["message"] == "Resource supports only switch to FORCED."
    answer = hawkbit.put(path, {"forceType": "harder"})
    assert error_of(answer) == (400, "rest.body.notReadable")
    assert hawkbit.send("PUT", path, {}, content_type="text/plain").status_code == 415


def test_timeforced_stays_timeforced(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    path = assign(hawkbit, "137", distribution_set(), type="timeforced", forcetime=4102444800000)
    assert hawkbit.put(path, {"forceType": "forced"}).json()["forceType"] == "timeforced"


def test_a_target_is_asked_to_cancel_and_may_be_made_to(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    path = assign(hawkbit, "137", distribution_set())
    assert error_of(hawkbit.delete(path, force="true")) == (405, "action.notForceQuitable")
    assert hawkbit.delete(path).status_code == 204
    assert details(hawkbit, path) == ("cancel", "pending", "canceling", True)
    links = hawkbit.get(path).json()["_links"]
    assert links["canceledaction"]["href"] == links["self"]["href"]
    assert standing(hawkbit, "137") == "pending"
    assert error_of(hawkbit.delete(path)) == (405, "action.notCancelable")
    assert hawkbit.delete(path, force="true").status_code == 204
    assert details(hawkbit, path) == ("cancel", "finished", "canceled", False)
    assert standing(hawkbit, "137") == "in_sync"
    assert assigned(hawkbit, "137") is None
    assert error_of(hawkbit.delete(path)) == (405, "action.notCancelable")
    assert error_of(hawkbit.delete(path, force="true")) == (405, "action.notForceQuitable")
    history = hawkbit.get(f"{path}/status", sort="id:ASC").json()["content"]
    assert [each["type"] for each in history] == ["running", "canceling", "canceled"]
    assert history[1]["messages"] == ["Update Server: manual cancelation requested"]


def test_who_speaks_mender_is_not_asked(hawkbit: Hawkbit, organization: Organization) -> None:
    device = make_device(organization, device_type="board")
    release = make_artifact(make_release(organization)).release
    path = assign(hawkbit, str(device.id), release)
    row = row_of(path)
    hold_with_device(row).update(admitted_at=timezone.now(), is_instructed=True)
    assert hawkbit.delete(path).status_code == 204
    assert details(hawkbit, path) == ("cancel", "finished", "canceled", False)
    with pytest.raises(Conflict) as refusal:
        report(
            device=device,
            deployment_id=row.deployment.id,
            state=State.DOWNLOADING,
            substate=None,
        )
    assert refusal.value.code == "deployment_aborted"


def test_a_new_assignment_takes_back_the_one_before(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    one, other = distribution_set(version="1"), distribution_set(version="2")
    first, second = assign(hawkbit, "137", one), assign(hawkbit, "137", other)
    assert details(hawkbit, first) == ("cancel", "pending", "canceling", True)
    assert details(hawkbit, second) == ("update", "pending", "running", True)
    assert assigned(hawkbit, "137") == other.number
    last = hawkbit.get(f"{first}/status").json()["content"][0]
    message = "Update Server: cancel obsolete action due to new update"
    assert (last["type"], last["messages"]) == ("canceling", [message])


def test_a_migration_step_is_kept(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    step = distribution_set(version="1", is_migration_step=True)
    first = assign(hawkbit, "137", step)
    assign(hawkbit, "137", distribution_set(version="2"))
    assert details(hawkbit, first) == ("update", "pending", "running", True)


def test_obsolete_actions_end_at_once_where_the_organization_wants_it(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    allow(hawkbit.organization, autoclose_enabled=True)
    target("137")
    first = assign(hawkbit, "137", distribution_set(version="1"))
    assign(hawkbit, "137", distribution_set(version="2"))
    assert details(hawkbit, first) == ("cancel", "finished", "canceled", False)


def test_what_was_installed_last_is_assigned_again_after_a_cancelation(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    old, new = distribution_set(version="1"), distribution_set(version="2")
    end(assign(hawkbit, "137", old), State.SUCCESS)
    assert (standing(hawkbit, "137"), assigned(hawkbit, "137")) == ("in_sync", old.number)
    path = assign(hawkbit, "137", new)
    assert (standing(hawkbit, "137"), assigned(hawkbit, "137")) == ("pending", new.number)
    hawkbit.delete(path), hawkbit.delete(path, force="true")
    assert (standing(hawkbit, "137"), assigned(hawkbit, "137")) == ("in_sync", old.number)


def test_after_an_error_nothing_is_assigned(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    release = distribution_set()
    path = assign(hawkbit, "137", release)
    end(path, State.FAILURE)
    assert details(hawkbit, path) == ("update", "finished", "error", False)
    assert (standing(hawkbit, "137"), assigned(hawkbit, "137")) == ("error", None)
    assert hawkbit.post("/targets/137/assignedDS", {"id": release.number}).json()["assigned"] == 1


def test_the_history_of_an_action(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    path = assign(hawkbit, "137", distribution_set())
    told = Said(("fetching", "stored"), 7, timezone.now())
    event = note(row_of(path), kind=StatusEvent.Kind.WARNING, said=told)
    answer = hawkbit.get(f"{path}/status", limit=1).json()
    assert (answer["total"], answer["size"]) == (2, 1)
    (shown,) = answer["content"]
    assert abs(shown["reportedAt"] - timezone.now().timestamp() * 1000) < 60_000
    assert shown["timestamp"] <= shown["reportedAt"]
    assert {name: shown[name] for name in ("id", "type", "messages", "code")} == {
        "id": event.pk,
        "type": "warning",
        "messages": ["fetching", "stored"],
        "code": 7,
    }


def test_somebody_confirms_for_a_target(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    allow(hawkbit.organization, confirmation_flow_enabled=True)
    target("137")
    path = assign(hawkbit, "137", distribution_set())
    assert details(hawkbit, path) == ("update", "pending", "wait_for_confirmation", True)
    confirmation = f"{path}/confirmation"
    body = {"confirmation": "denied", "code": 20, "details": ["not now"]}
    assert hawkbit.put(confirmation, body).status_code == 204
    assert details(hawkbit, path)[2] == "wait_for_confirmation"
    last = hawkbit.get(f"{path}/status").json()["content"][0]
    assert (last["type"], last["messages"], last["code"]) == (
        "wait_for_confirmation",
        ["not now"],
        20,
    )
    assert hawkbit.get(path).json()["lastStatusCode"] == 20
    assert hawkbit.put(confirmation, {"confirmation": "confirmed"}).status_code == 204
    assert details(hawkbit, path)[2] == "running"
    again = hawkbit.put(confirmation, {"confirmation": "confirmed"})
    assert error_of(again) == (404, "repo.entityNotFound")
    answer = hawkbit.put(confirmation, {"confirmation": "maybe"})
    assert error_of(answer) == (400, "rest.body.notReadable")
    end(path, State.SUCCESS)
    closed = hawkbit.put(confirmation, {"confirmation": "confirmed"})
    assert (closed.status_code, closed.content) == (410, b"")


def test_a_target_that_begins_to_confirm_by_itself_confirms_what_waits(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    allow(hawkbit.organization, confirmation_flow_enabled=True)
    target("137")
    path = assign(hawkbit, "137", distribution_set())
    body = {"initiator": "the house", "remark": "always"}
    assert hawkbit.post("/targets/137/autoConfirm/activate", body).status_code == 204
    assert details(hawkbit, path)[2] == "running"
    AutoConfirmation.objects.all().delete()
    assert details(hawkbit, path)[2] == "running"
    (message,) = hawkbit.get(f"{path}/status").json()["content"][0]["messages"]
    assert "automatically confirmed by initiator 'the house'" in message


def test_finished_actions_can_be_deleted(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137")
    release = distribution_set()
    path = assign(hawkbit, "137", release)
    number = path.rpartition("/")[2]
    assert error_of(hawkbit.delete(f"/actions/{number}")) == (405, "action.notDeletable")
    end(path, State.SUCCESS)
    assert hawkbit.delete(f"/actions/{number}").status_code == 204
    assert hawkbit.get(path).status_code == 404
    assert hawkbit.get("/targets/137/actions").json()["total"] == 0
    # Where the target stands, and what its deployment counts, is as it was.
    assert (standing(hawkbit, "137"), assigned(hawkbit, "137")) == ("in_sync", release.number)
    assert row_of(path).deployment.size == 1


def test_the_oldest_or_some_of_a_targets_actions_are_deleted(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    target("137"), target("other")
    paths = []
    for version in range(4):
        paths.append(assign(hawkbit, "137", distribution_set(version=str(version))))
        end(paths[-1], State.SUCCESS)
    numbers = [int(path.rpartition("/")[2]) for path in paths]
    for bad in ({"keepLast": "x"}, {"keepLast": "-1"}, {}):
        answer = hawkbit.delete("/targets/137/actions", **bad)
        assert error_of(answer) == (400, "rest.body.notReadable")
    both = hawkbit.delete("/targets/137/actions", numbers[:1], keepLast=1)
    assert error_of(both) == (400, "rest.body.notReadable")

    def left() -> list[int]:
        listed = hawkbit.get("/targets/137/actions", sort="id:ASC").json()["content"]
        return [each["id"] for each in listed]

    assert hawkbit.delete("/targets/other/actions", numbers).status_code == 204
    assert left() == numbers
    assert hawkbit.delete("/targets/137/actions", [*numbers[1:2], 2**40]).status_code == 204
    assert left() == [numbers[0], numbers[2], numbers[3]]
    assert hawkbit.delete("/targets/137/actions", keepLast=2).status_code == 204
    assert left() == numbers[2:]
    open_path = assign(hawkbit, "137", distribution_set(version="next"))
    refused = hawkbit.delete("/targets/137/actions", keepLast=0)
    assert error_of(refused) == (405, "action.notDeletable")
    assert len(left()) == 3
    assert row_of(open_path).is_open


def test_the_organization_says_which_actions_may_be_deleted(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    allow(hawkbit.organization, deletable_statuses=["ERROR"])
    target("137")
    good, bad = (assign(hawkbit, "137", distribution_set(version=each)) for each in "12")
    end(good, State.SUCCESS), end(bad, State.FAILURE)
    answer = hawkbit.delete("/actions", q="active==false")
    assert error_of(answer) == (405, "action.notDeletable")
    assert hawkbit.delete("/actions", q="detailstatus==error").status_code == 204
    assert hawkbit.get("/actions").json()["total"] == 1


def test_actions_of_all_targets(
    hawkbit: Hawkbit,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
    django_assert_max_num_queries: Any,
) -> None:
    release = distribution_set()
    for number in range(12):
        target(f"t{number}")
        assign(hawkbit, f"t{number}", release, type="soft")
    end(assign(hawkbit, "t3", distribution_set(version="2")), State.SUCCESS)
    with django_assert_max_num_queries(15):
        full = hawkbit.get("/actions", representation="full").json()
    assert full["total"] == 13
    assert all("distributionset" in each["_links"] for each in full["content"])
    assert hawkbit.get("/actions").json()["content"][0]["_links"].keys() == {"self"}
    for query, total in {
        "status==pending": 12,
        "status==finished": 1,
        "detailstatus==finished": 1,
        "detailstatus==canceling": 1,
        "status==running": 11,
        "active==true": 12,
        "target.controllerid==t3": 2,
        f"distributionset.id=={release.number}": 12,
    }.items():
        assert hawkbit.get("/actions", q=query).json()["total"] == total, query


def test_what_was_planned_is_an_action_of_a_rollout(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    device = make_device(organization, device_type="board")
    deployment = make_deployment(organization, devices=[device], name="spring")
    (shown,) = hawkbit.get(f"/targets/{device.controller_id}/actions").json()["content"]
    assert (shown["rollout"], shown["rolloutName"]) == (deployment.number, "spring")
    assert (shown["detailStatus"], "weight" in shown) == ("running", False)
    row = deployment.device_deployments.get()
    path = f"/targets/{device.controller_id}/actions/{row.number}"
    hold_with_device(row).update(
        admitted_at=timezone.now(), state=State.DOWNLOADING, is_instructed=True
    )
    assert details(hawkbit, path) == ("update", "pending", "download", True)
    links = hawkbit.get(path).json()["_links"]
    assert links["rollout"]["href"].endswith(f"/rest/v1/rollouts/{deployment.number}")


def test_what_has_yet_to_open_is_scheduled(hawkbit: Hawkbit, organization: Organization) -> None:
    device = make_device(organization)
    deployment = make_deployment(organization, devices=[device])
    row = deployment.device_deployments.get()
    path = f"/targets/{device.controller_id}/actions/{row.number}"
    Phase.objects.update(starts_at=timezone.now() + timedelta(hours=1))
    assert details(hawkbit, path) == ("update", "finished", "scheduled", False)
    assert error_of(hawkbit.delete(path)) == (405, "action.notCancelable")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CI])
def test_who_may_only_look(
    role: Role,
    hawkbit: Hawkbit,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
) -> None:
    target("137")
    path = assign(hawkbit, "137", distribution_set())
    caller = hawkbit_caller(role, hawkbit.organization)
    assert caller.get(path).status_code == (200 if role == Role.VIEWER else 403)
    for answer in (
        caller.delete(path),
        caller.put(path, {"forceType": "forced"}),
        caller.put(f"{path}/confirmation", {"confirmation": "confirmed"}),
        caller.delete("/targets/137/actions", keepLast=0),
        caller.delete("/actions", q="id==1"),
    ):
        assert error_of(answer) == (403, "insufficientPermission")
