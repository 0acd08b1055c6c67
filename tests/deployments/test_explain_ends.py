"""Why a device is not told to take up what was stopped, or what had its time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.expiring import expire
from deployments.explaining import explain
from deployments.models import OVERTIME, Deployment
from deployments.stopping import stop_gracefully
from fleet.models import Device
from tests.deployments.calls import call
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def fleet() -> tuple[Device, Device]:
    home = make_organization()
    begun, waiting = (make_device(home, device_type="board", software="old") for _ in range(2))
    return begun, waiting


def told(device: Device, code: str) -> tuple[bool, bool, str]:
    """Whether it is offered, whether the reason of this code is in the way, and its text."""
    found = explain(device, Deployment.objects.get())
    (reason,) = [each for each in found.reasons if each.code == code]
    return found.offered, reason.blocks, reason.text


def test_what_was_stopped_goes_on_for_who_has_begun(fleet: tuple[Device, Device]) -> None:
    begun, waiting = fleet
    # One more waits, so that the stop leaves somebody's part to be written.
    deployment = make_deployment(begun.organization)
    call(begun)
    now = timezone.now()
    Deployment.objects.update(stop="graceful", stopped_at=now, stopped_by="ann@example.com")
    assert told(begun, "stopped")[:2] == (True, False)
    offered, blocks, text = told(waiting, "stopped")
    assert (offered, blocks) == (False, True)
    assert "by ann@example.com: who has begun goes on, nobody else begins" in text
    Deployment.objects.update(stop="", stopped_at=None, stopped_by="")
    deployment.refresh_from_db()
    stop_gracefully(actor=make_actor(begun.organization), deployment=deployment)
    assert told(waiting, "ended_aborted")[:2] == (False, True)


def test_how_long_it_may_be_begun(fleet: tuple[Device, Device]) -> None:
    begun, waiting = fleet
    deployment = make_deployment(begun.organization)
    call(begun)
    deployment.expires_at = timezone.now() + HOUR
    deployment.save()
    offered, blocks, text = told(waiting, "expires")
    assert (offered, blocks) == (True, False)
    assert text == f"Begins until {deployment.expires_at:%Y-%m-%d %H:%M} UTC"
    Deployment.objects.update(expires_at=timezone.now() - HOUR)
    assert told(waiting, "expired")[:2] == (False, True)
    assert told(begun, "overtime")[:2] == (True, False)
    assert expire() == 1
    assert told(waiting, "ended_expired")[:2] == (False, True)
    Deployment.objects.update(expires_at=timezone.now() - OVERTIME)
    assert told(begun, "expired")[:2] == (False, True)
