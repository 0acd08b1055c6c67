"""A deployment for one device that waits for somebody to start it, and parts taken back."""

from threading import Event, Thread

import pytest
from django.db import connection

from auditlog.models import AuditEntry
from deployments import holding
from deployments.aborting import abort
from deployments.explaining import explain
from deployments.holding import create_held, is_held, release_hold, take_back_row
from deployments.models import Deployment
from deployments.outcomes import COURSE, Course
from deployments.states import State, Status
from deployments.statistics import counts, status_of
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.models import Device, Role
from tests.deployments.calls import call, offered, part, say
from tests.deployments.rollouts.makers import make_started
from tests.make import make_actor, make_artifact, make_deployment, make_device, make_release

pytestmark = pytest.mark.django_db(transaction=True)


def hold(device: Device, role: Role = Role.ADMINISTRATOR, name: str = "held") -> Deployment:
    home = device.organization
    release = make_artifact(make_release(home)).release
    actor = make_actor(home, role=role)
    return create_held(actor=actor, organization=home, device=device, release=release, name=name)


def release(deployment: Deployment) -> None:
    release_hold(actor=make_actor(deployment.organization), deployment=deployment)


def take_back(device: Device, deployment: Deployment) -> None:
    take_back_row(actor=make_actor(deployment.organization), row=part(device, deployment))


def course(deployment: Deployment) -> str:
    return str(Deployment.objects.annotate(course=COURSE).get(number=deployment.number).course)


@pytest.fixture
def device() -> Device:
    return make_device(device_type="board", software="old")


def test_nobody_is_told_until_it_is_released(device: Device) -> None:
    deployment = hold(device)
    assert is_held(deployment)
    assert call(device) is None
    assert status_of(deployment, counts([deployment.number])[deployment.number]) == Status.SCHEDULED
    release(deployment)
    assert not is_held(deployment)
    assert offered(device) == str(deployment.id)
    say(device, deployment, "success")
    deployment.refresh_from_db()
    assert deployment.finished_at
    assert [entry.change.get("held") for entry in AuditEntry.objects.order_by("id")] == [True, None]


def test_why_a_device_waits(device: Device) -> None:
    deployment = hold(device)
    found = explain(device, deployment)
    assert found.reasons[0].code == "held"
    assert found.reasons[0].text == "Held until somebody starts it"
    release(deployment)
    assert explain(device, Deployment.objects.get()).offered


def test_it_is_released_once_and_only_what_is_held(device: Device) -> None:
    deployment = hold(device)
    release(deployment)
    for other in (deployment, make_deployment(devices=[device]), make_started(1, amount=1)[0]):
        with pytest.raises(Conflict) as raised:
            release(other)
        assert raised.value.code == "not_held"


def test_what_was_stopped_is_not_released(device: Device) -> None:
    deployment = hold(device)
    abort(actor=make_actor(device.organization), deployment=deployment)
    assert not is_held(deployment)
    with pytest.raises(Conflict):
        release(deployment)


def test_who_has_gone_on_with_what_is_newer_never_comes_back_to_it(device: Device) -> None:
    deployment = hold(device)
    newer = make_deployment(devices=[device])
    assert offered(device) == str(newer.id)
    say(device, newer, "success")
    with pytest.raises(Conflict) as raised:
        release(deployment)
    assert raised.value.code == "newer_done"


def test_what_cannot_be_held(device: Device) -> None:
    with pytest.raises(Invalid):
        hold(device, name="")
    empty = make_release(device.organization)
    actor = make_actor(device.organization)
    with pytest.raises(Conflict, match="No artifact"):
        create_held(
            actor=actor, organization=device.organization, device=device, release=empty, name="x"
        )
    with pytest.raises(Forbidden):
        hold(device, Role.VIEWER)
    assert not Deployment.objects.exists()


@pytest.mark.parametrize("is_released", [False, True])
def test_to_take_back_the_only_part_is_to_stop_it(device: Device, is_released: bool) -> None:
    deployment = hold(device)
    if is_released:
        release(deployment)
    take_back(device, deployment)
    row = part(device, deployment)
    assert (row.state, row.message) == (State.ABORTED, "Stopped by someone@example.com")
    assert call(device) is None
    deployment.refresh_from_db()
    assert (deployment.stop, course(deployment)) == ("graceful", Course.CANCELED)
    assert deployment.finished_at


def test_for_everybody_else_it_goes_on(device: Device) -> None:
    other = make_device(device.organization, device_type="board", software="old")
    deployment = make_deployment(devices=[device, other])
    take_back(device, deployment)
    assert call(device) is None
    assert offered(other) == str(deployment.id)
    assert course(deployment) == Course.IN_PROGRESS
    entry = AuditEntry.objects.get(action="abort")
    assert (entry.object_kind, entry.object_id) == ("device", str(device.id))
    say(other, deployment, "success")
    assert course(deployment) == Course.COMPLETED


def test_who_has_begun_is_not_taken_back(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    with pytest.raises(Conflict) as raised:
        take_back(device, deployment)
    assert raised.value.code == "already_begun"
    say(device, deployment, "success")
    with pytest.raises(Conflict) as raised:
        take_back(device, deployment)
    assert raised.value.code == "already_finished"


def test_who_only_looks_takes_nothing_back(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    viewer = make_actor(device.organization, role=Role.VIEWER)
    with pytest.raises(Forbidden):
        take_back_row(actor=viewer, row=part(device, deployment))
    assert part(device, deployment).is_open


def test_who_is_released_while_the_device_goes_on_is_not_left_behind(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(device)
    make_deployment(devices=[device])
    has_called = Event()

    def go_on() -> None:
        call(device)
        has_called.set()
        connection.close()

    calling = Thread(target=go_on)

    def looked(deployment: Deployment) -> bool:
        found = has_gone_on(deployment)
        calling.start()
        has_called.wait(1)
        return found

    has_gone_on = holding._has_gone_on
    monkeypatch.setattr(holding, "_has_gone_on", looked)
    release(held)
    calling.join()
    assert offered(device) == str(held.id)
