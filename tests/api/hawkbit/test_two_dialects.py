"""One fleet, half of which speaks Mender's language and half hawkBit's: one truth about it."""

from typing import Any

import pytest

from artifacts.models import Release
from deployments.auto_assigning import assign_all
from deployments.models import Deployment, DeviceDeployment
from deployments.rollouts.running import run_rollouts
from deployments.states import State
from fleet.models import Device, Organization
from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.counting import MENDER, Counters, Counts
from tests.api.hawkbit.ddi.callers import Controller, controller, downloads
from tests.api.mender.callers import Box, box
from tests.make import make_distribution_set, make_target, upload_artifact

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 4


@pytest.fixture
def counters(organization: Organization) -> Counters:
    return Counters(organization)


@pytest.fixture
def release(organization: Organization) -> Release:
    return upload_artifact(organization, "os-2").release


@pytest.fixture
def boxes(organization: Organization) -> list[Box]:
    """Devices that speak Mender's language."""
    return [
        box(organization, device_type="board", software="os-1", name=f"box-{number}")
        for number in range(EACH)
    ]


@pytest.fixture
def targets(organization: Organization) -> list[Device]:
    return [make_target(organization, f"target-{number}") for number in range(EACH)]


@pytest.fixture
def controllers(targets: list[Device]) -> list[Controller]:
    """Devices that speak hawkBit's language, and have said of what type they are."""
    found = [controller(device) for device in targets]
    for each in found:
        said = {"data": {"device_type": "board", "artifact_name": "os-1"}}
        assert each.put("configData", said).status_code == 200
    return found


def ids(boxes: list[Box], targets: list[Device]) -> list[str]:
    return [str(device.id) for device in (*(each.device for each in boxes), *targets)]


def deploy(counters: Counters, devices: list[str], **more: Any) -> Deployment:
    """Over Mender's API."""
    body = {"name": "one truth", "artifact_name": "os-2", "devices": devices, **more}
    made = counters.mender.post(MENDER, body)
    assert made.status_code == 201, made.content
    return Deployment.objects.get(id=made.headers["Location"].rsplit("/", 1)[1])


def action_of(each: Controller) -> str:
    """The path of what the device is told to install."""
    return each.links()["deploymentBase"].split("?")[0]


def fetch(each: Controller) -> str:
    """The path of its action, which it has come for; a file of it can be downloaded."""
    action = action_of(each)
    shown = each.get(action).json()
    (file,) = downloads(shown)
    answer = each.get(file)
    assert answer.status_code == 200
    assert len(answer.getvalue()) == int(answer["Content-Length"])
    answer.close()
    return action


def test_a_deployment_over_menders_api_runs_to_the_end_in_both_languages(
    counters: Counters, boxes: list[Box], targets: list[Device], controllers: list[Controller]
) -> None:
    release = upload_artifact(targets[0].organization, "os-2").release
    deployment = deploy(counters, ids(boxes, targets))
    assert (deployment.release, deployment.size) == (release, 2 * EACH)
    told = counters.agreed(deployment)
    assert (told.counts, told.begun) == (Counts(open=8), 0)

    for each in boxes:
        assert each.poll("os-1").json()["artifact"]["artifact_name"] == "os-2"
    actions = [fetch(each) for each in controllers]
    assert counters.agreed(deployment).counts == Counts(open=8)

    for each in boxes[:2]:
        assert each.report(deployment.id, "downloading").status_code == 204
    for speaker, action in zip(controllers[:2], actions, strict=False):
        assert speaker.say(action, "download") == 200
    assert counters.agreed(deployment).counts == Counts(open=8)

    assert boxes[0].report(deployment.id, "installing").status_code == 204
    assert controllers[0].say(action_of(controllers[0]), "proceeding") == 200
    counters.agreed(deployment)

    assert boxes[0].report(deployment.id, "success").status_code == 204
    assert counters.agreed(deployment).counts == Counts(done=1, open=7)
    assert controllers[0].say(action_of(controllers[0]), "closed", "success") == 200
    assert counters.agreed(deployment).counts == Counts(done=2, open=6)

    assert boxes[1].report(deployment.id, "failure").status_code == 204
    assert controllers[1].say(action_of(controllers[1]), "closed", "failure") == 200
    assert counters.agreed(deployment).counts == Counts(done=2, failed=2, open=4)

    assert boxes[2].report(deployment.id, "already-installed").status_code == 204
    cancel(counters.hawkbit, deployment, targets[2])
    assert counters.agreed(deployment).counts == Counts(done=3, failed=2, open=3)
    leaving = controllers[2].links()["cancelAction"]
    assert controllers[2].say(leaving, "closed", "success") == 200
    assert counters.agreed(deployment).counts == Counts(done=3, failed=2, gone=1, open=2)

    cancel(counters.hawkbit, deployment, boxes[3].device)
    assert boxes[3].report(deployment.id, "success").status_code == 409
    assert counters.agreed(deployment).counts == Counts(done=3, failed=2, gone=2, open=1)
    assert controllers[3].say(action_of(controllers[3]), "closed", "success") == 200
    told = counters.agreed(deployment)
    assert (told.counts, told.is_over) == (Counts(done=4, failed=2, gone=2), True)
    assert {each.does() for each in controllers} == {""}
    assert {each.poll("os-2").status_code for each in boxes} == {204}


def cancel(hawkbit: Hawkbit, deployment: Deployment, device: Device) -> None:
    row = DeviceDeployment.objects.get(deployment=deployment, device=device)
    path = f"/targets/{device.controller_id}/actions/{row.number}"
    assert hawkbit.delete(path).status_code == 204


def test_phases_are_groups(
    counters: Counters,
    release: Release,
    boxes: list[Box],
    targets: list[Device],
    controllers: list[Controller],
) -> None:
    """The first half that asks is let in, whatever it speaks."""
    phases = [{"batch_size": 50}, {"start_ts": "2099-01-01T00:00:00Z"}]
    deployment = deploy(counters, ids(boxes, targets), phases=phases)
    assert boxes[0].poll("os-1").status_code == 200
    for each in controllers[:3]:
        fetch(each)
    assert counters.agreed_on_phases(deployment).counts == Counts(open=8)
    assert boxes[1].poll("os-1").status_code == 204
    assert controllers[3].does() == ""
    for each in controllers[:3]:
        assert each.say(action_of(each), "closed", "success") == 200
    assert counters.agreed_on_phases(deployment).counts == Counts(done=3, open=5)


def test_who_has_not_said_its_type_waits_until_it_has(
    counters: Counters, release: Release, targets: list[Device]
) -> None:
    deployment = deploy(counters, [str(targets[0].id)])
    silent = controller(targets[0])
    assert silent.does() == ""
    assert counters.agreed(deployment).counts == Counts(open=1)
    assert silent.put("configData", {"data": {"device_type": "board"}}).status_code == 200
    assert silent.does() == "deploymentBase"


def rollout(hawkbit: Hawkbit, release: Release, groups: int = 2) -> Deployment:
    """Over hawkBit's API, to everybody, and started."""
    body = {
        "name": "winter",
        "distributionSetId": release.number,
        "targetFilterQuery": "id==*",
        "amountGroups": groups,
        "successCondition": {"condition": "THRESHOLD", "expression": "100"},
        "errorCondition": {"condition": "THRESHOLD", "expression": "90"},
        "errorAction": {"action": "PAUSE", "expression": ""},
    }
    made: Any = hawkbit.post("/rollouts", body)
    assert made.status_code == 201, made.content
    deployment = Deployment.objects.get(number=made.json()["id"])
    run_rollouts()
    started = hawkbit.post(f"/rollouts/{deployment.number}/start")
    assert started.status_code in {200, 204}, started.content
    run_rollouts()
    return deployment


def test_a_rollout_over_hawkbits_api_runs_to_the_end_in_both_languages(
    counters: Counters,
    hawkbit: Hawkbit,
    release: Release,
    boxes: list[Box],
    controllers: list[Controller],
) -> None:
    deployment = rollout(hawkbit, release)
    assert counters.agreed_on_phases(deployment).counts == Counts(open=8)
    assert {each.does() for each in controllers} == {""}
    for each in boxes:
        assert each.poll("os-1").status_code == 200
        assert each.report(deployment.id, "success").status_code == 204
        counters.agreed_on_phases(deployment)
    run_rollouts()
    assert counters.agreed(deployment).counts == Counts(done=4, open=4)
    for speaker in controllers:
        assert speaker.say(fetch(speaker), "closed", "success") == 200
        # Whether a rollout is over is judged within a second.
        run_rollouts()
        counters.agreed(deployment)
    told = counters.agreed(deployment)
    assert (told.counts, told.is_over) == (Counts(done=8), True)


def test_modules_that_are_no_mender_artifact_fit_no_mender_device(
    counters: Counters,
    organization: Organization,
    hawkbit: Hawkbit,
    boxes: list[Box],
    controllers: list[Controller],
) -> None:
    raw = make_distribution_set(organization, "fw", "2.0", files={"a.bin": b"firmware"})
    deployment = rollout(hawkbit, raw, groups=1)
    assert {each.poll("os-1").status_code for each in boxes} == {204}
    run_rollouts()
    states = DeviceDeployment.objects.filter(device__in=[each.device for each in boxes])
    assert set(states.values_list("state", flat=True)) == {State.NO_ARTIFACT}
    assert counters.agreed(deployment).counts == Counts(gone=4, open=4)
    for speaker in controllers:
        assert speaker.say(fetch(speaker), "closed", "success") == 200
    run_rollouts()
    told = counters.agreed(deployment)
    assert (told.counts, told.is_over) == (Counts(done=4, gone=4), True)


def test_an_assignment_over_hawkbits_api_is_a_deployment_to_mender(
    counters: Counters, hawkbit: Hawkbit, release: Release, boxes: list[Box]
) -> None:
    """And a newer one takes the older back, which the device learns when it reports."""
    newer = upload_artifact(release.organization, "os-3").release
    path = f"/targets/{boxes[0].device.controller_id}/assignedDS"
    assign(hawkbit, path, release)
    first = Deployment.objects.get()
    assert boxes[0].poll("os-1").json()["id"] == str(first.id)
    assign(hawkbit, path, newer)
    second = Deployment.objects.exclude(pk=first.pk).get()
    assert boxes[0].report(first.id, "success").status_code == 409
    assert boxes[0].poll("os-1").json()["id"] == str(second.id)
    for status in ("downloading", "installing", "success"):
        assert boxes[0].report(second.id, status).status_code == 204
    assigned: Any = hawkbit.get(path)
    assert assigned.json()["id"] == newer.number
    listed = counters.mender.get("v2/deployments/deployments").json()
    assert {each["id"]: each["statistics"]["status"]["aborted"] for each in listed} == {
        str(first.id): 1,
        str(second.id): 0,
    }


def assign(hawkbit: Hawkbit, path: str, release: Release) -> None:
    answer: Any = hawkbit.post(path, {"id": release.number})
    assert answer.json()["assigned"] == 1


def listed_everywhere(counters: Counters, name: str) -> list[bool]:
    """Whether Mender's list, our own, the dashboard's and hawkBit's name it."""
    answers: list[Any] = [
        counters.mender.get("v2/deployments/deployments?per_page=500"),
        counters.own.get("/deployments", limit=500),
        counters.browser.get("/deployments/?show=all"),
        counters.hawkbit.get("/rollouts", limit=500),
    ]
    assert {each.status_code for each in answers} == {200}
    return [name in each.content.decode() for each in answers]


def test_what_is_deleted_over_hawkbits_api_is_gone_everywhere(
    counters: Counters, hawkbit: Hawkbit, release: Release, boxes: list[Box]
) -> None:
    deployment = rollout(hawkbit, release)
    assert boxes[0].poll("os-1").status_code == 200
    assert listed_everywhere(counters, "winter") == [True] * 4
    assert hawkbit.delete(f"/rollouts/{deployment.number}").status_code in {200, 204}
    run_rollouts()
    assert listed_everywhere(counters, "winter")[:3] == [False] * 3
    gone: list[Any] = [
        counters.mender.get(f"{MENDER}/{deployment.id}"),
        counters.own.get(f"/deployments/{deployment.id}"),
        counters.browser.get(f"/deployments/{deployment.id}/"),
    ]
    assert {each.status_code for each in gone} == {404}
    device = boxes[0].device
    history = counters.mender.get(f"{MENDER}/devices/{device.id}")
    assert history.json() == []
    assert "winter" not in counters.browser.get(f"/devices/{device.id}/").content.decode()
    assert boxes[0].report(deployment.id, "success").status_code == 409
    for each in boxes[1:]:
        assert each.poll("os-1").status_code == 204


def test_an_automatic_assignment_is_a_dynamic_deployment_everywhere(
    counters: Counters,
    hawkbit: Hawkbit,
    release: Release,
    boxes: list[Box],
    controllers: list[Controller],
) -> None:
    saved: Any = hawkbit.post("/targetfilters", {"name": "all of them", "query": "name==*"})
    path = f"/targetfilters/{saved.json()['id']}/autoAssignDS"
    assert hawkbit.post(path, {"id": release.number}).status_code == 200
    assign_all()
    deployment = Deployment.objects.get()
    assert deployment.origin == Deployment.Origin.AUTO_ASSIGNMENT
    page: Any = counters.browser.get(f"/deployments/{deployment.id}/")
    assert "all of them" in page.content.decode()
    told = counters.mender.get(f"{MENDER}/{deployment.id}").json()
    assert (told["dynamic"], told["filter"]["name"]) == (True, "all of them")
    own: Any = counters.own.get(f"/deployments/{deployment.id}")
    assert own.json()["origin"] == "auto_assignment"
    for each in boxes[:2]:
        assert each.poll("os-1").status_code == 200
        assert each.report(deployment.id, "success").status_code == 204
    for speaker in controllers[:2]:
        assert speaker.say(fetch(speaker), "closed", "success") == 200
    assert counters.agreed_on_phases(deployment).counts == Counts(done=4, open=4)
    asked = f"distributionset.id=={release.number};active==false"
    actions: Any = hawkbit.get("/actions", q=asked)
    assert actions.json()["total"] == 4
