"""Rollouts and their deploy groups over hawkBit's management API."""

from typing import Any

import pytest

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment
from deployments.rollouts.running import run_rollouts
from fleet.models import Organization, Role
from fleet.policies import set_policies
from jobs.running import run_due
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db
ERROR = "hawkbit.server.error."


@pytest.fixture
def release(distribution_set: DistributionSetMaker) -> Release:
    return distribution_set()


@pytest.fixture
def body(release: Release, target: TargetMaker) -> dict[str, Any]:
    """A rollout over four targets in two groups."""
    for number in range(4):
        target(f"t{number}")
    return {
        "name": "first",
        "targetFilterQuery": "controllerid==t*",
        "distributionSetId": release.number,
        "amountGroups": 2,
    }


@pytest.fixture
def rollout(hawkbit: Hawkbit, body: dict[str, Any]) -> int:
    made = hawkbit.post("/rollouts", body)
    assert made.status_code == 201, made.content
    number: int = made.json()["id"]
    return number


def come_round() -> None:
    run_rollouts()
    run_due()


def end(rollout: int, controller_id: str, state: str = "success") -> None:
    rows = DeviceDeployment.objects.filter(deployment=rollout, device__controller_id=controller_id)
    finished_at = Deployment.objects.get(number=rollout).created_at
    rows.update(state=state, is_open=False, finished_at=finished_at)


def status(hawkbit: Hawkbit, rollout: int) -> str:
    word: str = hawkbit.get(f"/rollouts/{rollout}").json()["status"]
    return word


def test_one_is_created_and_shown_whole(
    hawkbit: Hawkbit, body: dict[str, Any], release: Release
) -> None:
    asked = body | {"description": "why", "weight": 200, "type": "soft"}
    made = hawkbit.post("/rollouts", asked)
    told = made.json()
    at = f"http://testserver/rest/v1/rollouts/{told['id']}"
    verbs = ("start", "pause", "resume", "triggerNextGroup", "approve", "deny")
    when = {"createdAt": told["createdAt"], "lastModifiedAt": told["lastModifiedAt"]}
    assert (made.status_code, told) == (
        201,
        {
            **when,
            "createdBy": hawkbit.email,
            "lastModifiedBy": hawkbit.email,
            "name": "first",
            "description": "why",
            "id": told["id"],
            "targetFilterQuery": "controllerid==t*",
            "distributionSetId": release.number,
            "status": "ready",
            "totalTargets": 4,
            "totalTargetsPerStatus": {
                "scheduled": 0,
                "running": 0,
                "error": 0,
                "finished": 0,
                "cancelled": 0,
                "notstarted": 4,
            },
            "totalGroups": 2,
            "forcetime": 0,
            "type": "soft",
            "weight": 200,
            "dynamic": False,
            "deleted": False,
            "_links": {
                "self": {"href": at},
                **{verb: {"href": f"{at}/{verb}"} for verb in verbs},
                "groups": {
                    "href": f"{at}/deploygroups?offset=0&limit=50{{&sort,q}}",
                    "templated": True,
                },
                "distributionset": {
                    "href": f"http://testserver/rest/v1/distributionsets/{release.number}",
                    "name": release.name,
                },
            },
        },
    )
    assert hawkbit.get(f"/rollouts/{told['id']}").json() == told


def test_the_list_is_compact_unless_it_is_asked_for_in_full(hawkbit: Hawkbit, rollout: int) -> None:
    told = hawkbit.get("/rollouts").json()
    assert (told["total"], told["size"]) == (1, 1)
    (entry,) = told["content"]
    assert entry["totalTargets"] == 4
    assert "totalTargetsPerStatus" not in entry
    assert list(entry["_links"]) == ["self"]
    (whole,) = hawkbit.get("/rollouts", representation="full").json()["content"]
    assert whole == hawkbit.get(f"/rollouts/{rollout}").json()
    for q, total in (("name==first;status==ready", 1), ("status==running", 0), ("name==x", 0)):
        assert hawkbit.get("/rollouts", q=q).json()["total"] == total


def test_its_course(hawkbit: Hawkbit, rollout: int) -> None:
    assert hawkbit.post(f"/rollouts/{rollout}/start").status_code == 204
    run_due()
    assert status(hawkbit, rollout) == "running"
    groups = hawkbit.get(f"/rollouts/{rollout}/deploygroups").json()["content"]
    assert [(group["name"], group["status"]) for group in groups] == [
        ("group-1", "running"),
        ("group-2", "scheduled"),
    ]
    end(rollout, "t0")
    come_round()
    assert hawkbit.get(f"/rollouts/{rollout}").json()["totalTargetsPerStatus"] == {
        "scheduled": 0,
        "running": 3,
        "error": 0,
        "finished": 1,
        "cancelled": 0,
        "notstarted": 0,
    }
    for controller_id in ("t1", "t2", "t3"):
        end(rollout, controller_id)
    come_round()
    assert status(hawkbit, rollout) == "finished"


def test_errors_pause_it_and_it_can_be_resumed(hawkbit: Hawkbit, rollout: int) -> None:
    hawkbit.post(f"/rollouts/{rollout}/start")
    for controller_id in ("t0", "t1"):
        end(rollout, controller_id, "failure")
    come_round()
    assert status(hawkbit, rollout) == "paused"
    groups = hawkbit.get(f"/rollouts/{rollout}/deploygroups").json()["content"]
    assert [group["status"] for group in groups] == ["error", "scheduled"]
    assert hawkbit.post(f"/rollouts/{rollout}/resume").status_code == 204
    assert status(hawkbit, rollout) == "running"
    groups = hawkbit.get(f"/rollouts/{rollout}/deploygroups").json()["content"]
    assert [group["status"] for group in groups] == ["error", "running"]


def test_groups_are_told_with_their_conditions_and_targets(
    hawkbit: Hawkbit, body: dict[str, Any]
) -> None:
    del body["amountGroups"]
    asked = body | {
        "successCondition": {"condition": "THRESHOLD", "expression": "75"},
        "groups": [
            {"name": "canary", "targetPercentage": 25, "description": "one of them"},
            {
                "targetPercentage": 100,
                "successAction": {"action": "PAUSE"},
                "errorCondition": {"condition": "THRESHOLD", "expression": "5"},
                "errorAction": {"action": "PAUSE"},
            },
        ],
    }
    rollout = hawkbit.post("/rollouts", asked).json()["id"]
    at = f"/rollouts/{rollout}/deploygroups"
    told = hawkbit.get(at).json()
    assert [group["totalTargets"] for group in told["content"]] == [1, 3]
    assert "totalTargetsPerStatus" not in told["content"][0]
    first, second = (hawkbit.get(f"{at}/{group['id']}").json() for group in told["content"])
    assert first == {
        "createdBy": hawkbit.email,
        "createdAt": first["createdAt"],
        "lastModifiedBy": hawkbit.email,
        "lastModifiedAt": first["lastModifiedAt"],
        "name": "canary",
        "description": "one of them",
        "id": first["id"],
        "status": "ready",
        "targetFilterQuery": "",
        "targetPercentage": 25.0,
        "totalTargets": 1,
        "totalTargetsPerStatus": first["totalTargetsPerStatus"],
        "dynamic": False,
        "successCondition": {"condition": "THRESHOLD", "expression": "75"},
        "successAction": {"action": "NEXTGROUP", "expression": ""},
        "errorCondition": {"condition": "THRESHOLD", "expression": "50"},
        "errorAction": {"action": "PAUSE", "expression": ""},
        "_links": first["_links"],
    }
    assert (second["name"], second["successAction"]["action"]) == ("group-2", "PAUSE")
    assert second["errorCondition"]["expression"] == "5"
    targets = hawkbit.get(f"{at}/{second['id']}/targets").json()
    assert [each["controllerId"] for each in targets["content"]] == ["t1", "t2", "t3"]
    full = hawkbit.get(at, representation="full").json()["content"]
    assert full == [first, second]


def test_a_condition_without_an_expression_is_for_all(
    hawkbit: Hawkbit, body: dict[str, Any]
) -> None:
    made = hawkbit.post("/rollouts", body | {"errorCondition": {"condition": "THRESHOLD"}})
    at = f"/rollouts/{made.json()['id']}/deploygroups"
    (group, _) = hawkbit.get(at).json()["content"]
    assert group["errorCondition"]["expression"] == "100"
    assert group["successCondition"]["expression"] == "50"


@pytest.mark.parametrize(
    ("change", "code", "key"),
    [
        ({"name": None}, 400, "repo.constraintViolation"),
        ({"name": "<b>x</b>"}, 400, "repo.constraintViolation"),
        ({"targetFilterQuery": None}, 400, "rest.param.rsqlParamSyntax"),
        ({"targetFilterQuery": "name="}, 400, "rest.param.rsqlParamSyntax"),
        ({"targetFilterQuery": "nosuch==1"}, 400, "rest.param.rsqlInvalidField"),
        ({"targetFilterQuery": "name==nobody"}, 400, "repo.constraintViolation"),
        ({"distributionSetId": None}, 400, "repo.constraintViolation"),
        ({"distributionSetId": 99999999}, 404, "repo.entityNotFound"),
        ({"distributionSetId": "x"}, 400, "rest.body.notReadable"),
        ({"amountGroups": 0}, 400, "repo.constraintViolation"),
        ({"amountGroups": 501}, 403, "quota.tooManyEntries"),
        ({"groups": [{"targetPercentage": 100}]}, 400, "repo.constraintViolation"),
        ({"type": "harder"}, 400, "rest.body.notReadable"),
        ({"weight": 1001}, 400, "repo.constraintViolation"),
        ({"successAction": {"action": "DANCE"}}, 400, "rest.body.notReadable"),
        ({"errorAction": {"action": "NEXTGROUP"}}, 400, "rest.body.notReadable"),
        ({"successCondition": {"condition": "MOOD"}}, 400, "rest.body.notReadable"),
        (
            {"successCondition": {"condition": "THRESHOLD", "expression": "most"}},
            400,
            "repo.constraintViolation",
        ),
        ({"dynamic": True}, 400, "repo.constraintViolation"),
    ],
)
def test_what_is_wrong_with_it_is_told(
    hawkbit: Hawkbit, body: dict[str, Any], change: dict[str, Any], code: int, key: str
) -> None:
    answer = hawkbit.post("/rollouts", body | change)
    assert (answer.status_code, answer.json()["errorCode"]) == (code, ERROR + key)
    assert not Deployment.objects.exists()


def test_groups_that_leave_some_out_are_refused(hawkbit: Hawkbit, body: dict[str, Any]) -> None:
    del body["amountGroups"]
    answer = hawkbit.post("/rollouts", body | {"groups": [{"targetPercentage": 50}]})
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == ERROR + "repo.constraintViolation"


def test_a_name_is_taken_once(hawkbit: Hawkbit, rollout: int, body: dict[str, Any]) -> None:
    answer = hawkbit.post("/rollouts", body)
    assert answer.status_code == 409
    assert answer.json()["errorCode"] == ERROR + "repo.entityAlreadyExists"
    other = hawkbit.post("/rollouts", body | {"name": "other"}).json()["id"]
    assert hawkbit.put(f"/rollouts/{other}", {"name": "first"}).status_code == 409
    assert hawkbit.get(f"/rollouts/{rollout}").json()["name"] == "first"


@pytest.mark.parametrize(
    "verb", ["pause", "resume", "triggerNextGroup", "approve", "deny", "retry"]
)
def test_in_a_wrong_state_nothing_is_done(hawkbit: Hawkbit, rollout: int, verb: str) -> None:
    answer = hawkbit.post(f"/rollouts/{rollout}/{verb}")
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == ERROR + "rollout.illegalState"
    assert status(hawkbit, rollout) == "ready"


def test_it_is_paused_resumed_triggered_and_stopped(hawkbit: Hawkbit, rollout: int) -> None:
    for verb, word in (
        ("start", "running"),
        ("pause", "paused"),
        ("resume", "running"),
        ("triggerNextGroup", "running"),
        ("stop", "stopping"),
    ):
        answer = hawkbit.post(f"/rollouts/{rollout}/{verb}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert status(hawkbit, rollout) == word
    come_round()
    assert status(hawkbit, rollout) == "stopped"
    assert hawkbit.post(f"/rollouts/{rollout}/start").status_code == 400


def test_it_is_approved_or_denied_with_a_remark(
    hawkbit: Hawkbit, organization: Organization, body: dict[str, Any]
) -> None:
    actor, values = make_actor(organization), {"rollout_approval_enabled": True}
    set_policies(actor=actor, organization=organization, values=values)
    first = hawkbit.post("/rollouts", body).json()
    assert first["status"] == "waiting_for_approval"
    assert hawkbit.post(f"/rollouts/{first['id']}/start").status_code == 400
    answer = hawkbit.post(f"/rollouts/{first['id']}/approve?remark=fine")
    assert answer.status_code == 204
    told = hawkbit.get(f"/rollouts/{first['id']}").json()
    facts = (told["status"], told["approveDecidedBy"], told["approvalRemark"])
    assert facts == ("ready", hawkbit.email, "fine")
    second = hawkbit.post("/rollouts", body | {"name": "second"}).json()["id"]
    assert hawkbit.post(f"/rollouts/{second}/deny?remark=no").status_code == 204
    assert status(hawkbit, second) == "approval_denied"


def test_who_failed_is_tried_again(hawkbit: Hawkbit, rollout: int) -> None:
    hawkbit.post(f"/rollouts/{rollout}/start")
    for controller_id in ("t0", "t2", "t3"):
        end(rollout, controller_id)
    end(rollout, "t1", "failure")
    come_round()
    assert status(hawkbit, rollout) == "finished"
    again = hawkbit.post(f"/rollouts/{rollout}/retry")
    told = again.json()
    assert (again.status_code, told["name"], told["totalTargets"]) == (201, "first_retry", 1)
    assert hawkbit.post(f"/rollouts/{rollout}/retry").status_code == 409


def test_it_is_called_otherwise(hawkbit: Hawkbit, rollout: int) -> None:
    answer = hawkbit.put(f"/rollouts/{rollout}", {"description": "because", "unknown": 1})
    assert (answer.status_code, answer.json()["description"]) == (200, "because")
    assert answer.json()["name"] == "first"


def test_one_that_never_began_is_deleted_for_good(hawkbit: Hawkbit, rollout: int) -> None:
    assert hawkbit.delete(f"/rollouts/{rollout}").status_code == 204
    assert hawkbit.get("/rollouts").json()["total"] == 0
    come_round()
    answer = hawkbit.get(f"/rollouts/{rollout}")
    assert answer.status_code == 404
    message = f"Rollout with given identifier {{{rollout}}} does not exist."
    assert answer.json()["message"] == message


def test_one_that_has_begun_is_remembered_as_deleted(hawkbit: Hawkbit, rollout: int) -> None:
    hawkbit.post(f"/rollouts/{rollout}/start")
    assert hawkbit.delete(f"/rollouts/{rollout}").status_code == 204
    come_round()
    told = hawkbit.get(f"/rollouts/{rollout}").json()
    assert (told["status"], told["deleted"]) == ("deleted", True)
    assert told["totalTargetsPerStatus"]["cancelled"] == 4
    assert hawkbit.get("/rollouts").json()["total"] == 0
    assert hawkbit.delete(f"/rollouts/{rollout}").status_code == 404


def test_a_dynamic_one_says_so(hawkbit: Hawkbit, body: dict[str, Any]) -> None:
    template = {"nameSuffix": "-more", "targetCount": 10}
    asked = body | {"dynamic": True, "dynamicGroupTemplate": template}
    told = hawkbit.post("/rollouts", asked).json()
    assert (told["dynamic"], told["totalGroups"]) == (True, 3)
    groups = hawkbit.get(f"/rollouts/{told['id']}/deploygroups").json()["content"]
    assert [(group["name"], group["dynamic"]) for group in groups] == [
        ("group-1", False),
        ("group-2", False),
        ("group-3-more", True),
    ]


def test_times_are_milliseconds(hawkbit: Hawkbit, body: dict[str, Any]) -> None:
    asked = body | {"startAt": 32503680000000, "type": "timeforced", "forcetime": 32503680001000}
    told = hawkbit.post("/rollouts", asked).json()
    assert (told["startAt"], told["forcetime"]) == (32503680000000, 32503680001000)
    assert told["status"] == "ready"


def test_a_deployment_made_elsewhere_is_a_rollout_too(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    make_device(organization)
    plan = make_deployment(organization, name="plan")
    told = hawkbit.get(f"/rollouts/{plan.number}").json()
    assert (told["name"], told["status"], told["targetFilterQuery"]) == ("plan", "running", "id==*")
    assert told["totalTargetsPerStatus"]["running"] == 1
    (group,) = hawkbit.get(f"/rollouts/{plan.number}/deploygroups").json()["content"]
    assert (group["name"], group["status"]) == ("group-1", "running")
    assert "successCondition" not in group
    assert hawkbit.post(f"/rollouts/{plan.number}/pause").status_code == 204
    assert status(hawkbit, plan.number) == "paused"
    assert hawkbit.post(f"/rollouts/{plan.number}/resume").status_code == 204
    assert hawkbit.post(f"/rollouts/{plan.number}/triggerNextGroup").status_code == 400
    assert hawkbit.post(f"/rollouts/{plan.number}/stop").status_code == 204
    assert status(hawkbit, plan.number) == "stopped"


def test_what_is_not_there_is_not_found(hawkbit: Hawkbit, rollout: int) -> None:
    other = hawkbit.post("/rollouts/1000000/start")
    assert other.status_code == 404
    assert hawkbit.get(f"/rollouts/{rollout}/deploygroups/1000000").status_code == 404
    assert hawkbit.get("/rollouts/1000000/deploygroups").status_code == 404
    elsewhere = hawkbit_caller(organization=make_organization())
    assert elsewhere.get(f"/rollouts/{rollout}").status_code == 404
    assert elsewhere.get("/rollouts").json()["total"] == 0
    assert elsewhere.post(f"/rollouts/{rollout}/start").status_code == 404


def test_who_only_looks_changes_nothing(
    organization: Organization, rollout: int, body: dict[str, Any]
) -> None:
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert viewer.get(f"/rollouts/{rollout}").status_code == 200
    for answer in (
        viewer.post("/rollouts", body),
        viewer.post(f"/rollouts/{rollout}/start"),
        viewer.post(f"/rollouts/{rollout}/approve"),
        viewer.put(f"/rollouts/{rollout}", {"name": "x"}),
        viewer.delete(f"/rollouts/{rollout}"),
    ):
        assert answer.status_code == 403
        assert answer.json()["errorCode"] == ERROR + "insufficientPermission"
