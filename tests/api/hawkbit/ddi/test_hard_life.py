"""What a device's life brings: odd clocks, takings-back that meet ends, things that go missing."""

from typing import Any

import pytest
from django.utils import timezone

from artifacts.models import Release
from artifacts.storage import path_of
from deployments.cancelling import request_cancel
from deployments.models import Deployment, DeviceDeployment
from deployments.offers import _POLL
from deployments.retrying import retry_failed
from fleet.models import AuthSet, Device, Organization
from fleet.states import Admission
from tests.api.hawkbit.ddi.callers import Controller, allow, controller, feedback
from tests.api.hawkbit.ddi.making import assign
from tests.api.hawkbit.ddi.test_lane import ask
from tests.deployments.calls import call
from tests.make import (
    make_actor,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_target,
)

PLANNED: dict[str, Any] = {"origin": Deployment.Origin.PLAN, "weight": None}


def taken_up(box: Controller, device: Device, release: Release, **facts: Any) -> DeviceDeployment:
    row = assign(device, release, **facts)
    assert box.get(f"deploymentBase/{row.number}").status_code == 200
    return row


def take_back(row: DeviceDeployment) -> None:
    request_cancel(actor=make_actor(row.deployment.organization), row=row)


def try_again(row: DeviceDeployment) -> None:
    deployment = Deployment.objects.get(number=row.deployment_id)
    retry_failed(actor=make_actor(deployment.organization), deployment=deployment)


@pytest.mark.parametrize("asked", ["--5", "5-", "-", "+-5", "²", "9" * 30])
def test_a_history_of_no_number(
    box: Controller, device: Device, release: Release, asked: str
) -> None:
    row = taken_up(box, device, release)
    assert box.get(f"deploymentBase/{row.number}?actionHistory={asked}").status_code == 400


@pytest.mark.parametrize("time", [-1, 10**17, 2**62, 1.5e12])
def test_a_clock_that_shows_no_time(
    box: Controller, device: Device, release: Release, time: float
) -> None:
    row = taken_up(box, device, release)
    said = feedback("closed", "success") | {"timestamp": time}
    assert box.post(f"deploymentBase/{row.number}/feedback", said).status_code == 200


def test_our_own_words_do_not_count(box: Controller, device: Device, release: Release) -> None:
    row = taken_up(box, device, release)
    details = ["x"] * 50
    path = f"deploymentBase/{row.number}"
    assert box.say(path, "proceeding", details=[*details, "x"], code=3) == 403
    assert box.say(path, "closed", "failure", details=details, code=3) == 200


def test_what_ends_nothing_has_a_limit(
    box: Controller, device: Device, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deployments.feedback.MOST_ENTRIES", 3)
    row = taken_up(box, device, release)
    path = f"deploymentBase/{row.number}"
    assert [box.say(path, "downloaded") for _ in range(3)] == [200, 200, 403]
    assert box.say(path, "closed", "success") == 200


def test_no_is_said_so_often_and_no_more(
    box: Controller, device: Device, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deployments.feedback.MOST_ENTRIES", 2)
    row = assign(device, release, is_confirmation_required=True)
    path = f"confirmationBase/{row.number}/feedback"
    said = [box.post(path, {"confirmation": "denied"}).status_code for _ in range(3)]
    assert said == [200, 200, 403]
    assert box.post(path, {"confirmation": "confirmed"}).status_code == 200


def test_what_has_ended_is_not_to_be_left(
    box: Controller, device: Device, release: Release
) -> None:
    row = taken_up(box, device, release)
    take_back(row)
    assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 200
    assert box.get(f"cancelAction/{row.number}").status_code == 404
    assert box.say(f"cancelAction/{row.number}", "proceeding") == 405


def test_what_is_to_be_left_waits_behind_nothing(
    box: Controller, device: Device, release: Release
) -> None:
    other = make_distribution_set(device.organization, "other", "1.0", files={"b.bin": b"b"})
    paused, row = assign(device, release, **PLANNED), assign(device, other)
    facts = {"paused_at": timezone.now(), "paused_by": "somebody"}
    Deployment.objects.filter(number=paused.deployment_id).update(**facts)
    take_back(row)
    assert box.does() == "cancelAction"


def test_tried_again_after_it_was_struck_from_the_history(
    box: Controller, device: Device, release: Release
) -> None:
    row = taken_up(box, device, release, **PLANNED)
    box.say(f"deploymentBase/{row.number}", "closed", "failure")
    DeviceDeployment.objects.filter(number=row.number).update(deleted_at=timezone.now())
    try_again(row)
    assert box.get(box.links()["deploymentBase"]).status_code == 200


def test_tried_again_after_it_was_taken_back(
    box: Controller, device: Device, release: Release
) -> None:
    row = taken_up(box, device, release, **PLANNED)
    take_back(row)
    box.say(f"deploymentBase/{row.number}", "closed", "failure")
    try_again(row)
    assert box.does() == "deploymentBase"


def test_each_attempt_is_news(box: Controller, device: Device, release: Release) -> None:
    row = taken_up(box, device, release, retries=2, **PLANNED)
    path, tags = f"deploymentBase/{row.number}", []
    for _ in range(2):
        tags.append(box.get()["ETag"])
        assert box.say(path, "closed", "failure") == 200
        tags.append(box.get()["ETag"])
        box.get(path)
    assert len(set(tags)) == len(tags)


@pytest.mark.django_db(transaction=True)
def test_who_has_no_token_is_not_asked_to_leave() -> None:
    """Its key was rejected meanwhile: it would never hear the question."""
    device = make_device()
    make_deployment(devices=[device])
    call(device)
    AuthSet.objects.update(status=Admission.REJECTED)
    row = DeviceDeployment.objects.select_related("deployment__organization").get()
    take_back(row)
    row.refresh_from_db()
    assert row.state == "aborted"


def test_tenants_that_differ_in_their_case(organization: Organization) -> None:
    other = make_organization()
    other.key = organization.key.swapcase()
    other.save()
    for each in (organization, other):
        device = make_target(each, "the-same")
        box = controller(device)
        assert box.get().status_code == 200
        assert box.put("configData", {"data": {"of": each.key}}).status_code == 200
        device.refresh_from_db()
        assert not device.wants_attributes


def test_a_name_that_is_no_text(organization: Organization) -> None:
    """Whoever is registered by the lane is found by what Django answers."""
    allow(organization, anonymous_enabled=True)
    path = f"/{organization.key}/controller/v1/dev\xff"
    told = ask(f"/{organization.key}/controller/v1/x", environ={"PATH_INFO": path})
    address = told.json()["_links"]["configData"]["href"]
    box = Controller(organization, "any")
    assert box.put(address, {"data": {"a": "b"}}).status_code == 200


def test_a_file_that_is_gone_has_no_parts_either(
    box: Controller, device: Device, release: Release
) -> None:
    taken_up(box, device, release)
    module = release.modules.get()
    path_of(module.files.get().file).unlink()
    address = f"softwaremodules/{module.number}/artifacts/a.bin"
    assert box.get(address).status_code == 410
    assert box.get(address, Range="bytes=0-1,4-5").status_code == 410


def test_the_poll_is_short_enough_to_be_kept() -> None:
    assert len(_POLL) <= 4096
