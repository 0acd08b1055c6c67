"""What is over goes out of every list, its rows stay."""

import pytest
from django.utils import timezone

from deployments.aborting import abort_for_device
from deployments.archiving import archive
from deployments.creating import create_deployment
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import COURSE, Course
from deployments.pausing import pause
from deployments.planning import Plan
from deployments.states import State
from deployments.stopping import stop_gracefully
from fleet.errors import Conflict
from tests.deployments.calls import call, part
from tests.deployments.rollouts.makers import come_round, make_started
from tests.make import make_actor, make_artifact, make_device, make_organization, make_release

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_nobody_goes_on_with_is_over_though_it_is_paused() -> None:
    rollout, _ = make_started(1)
    actor = make_actor(rollout.organization)
    pause(actor=actor, deployment=rollout)
    with pytest.raises(Conflict, match="cancel it first"):
        archive(actor=actor, deployment=rollout)
    over = {"state": State.SUCCESS, "is_open": False, "finished_at": timezone.now()}
    DeviceDeployment.objects.filter(deployment=rollout).update(**over)
    come_round()
    found = Deployment.objects.annotate(course=COURSE).get(number=rollout.number)
    assert (found.finished_at, found.course) == (None, Course.COMPLETED)
    archive(actor=actor, deployment=rollout)
    assert not Deployment.objects.of(rollout.organization).exists()
    assert DeviceDeployment.objects.filter(deployment=rollout).exists()
    # Nothing that nobody sees any more keeps its release from being deleted.
    rollout.refresh_from_db()
    assert rollout.finished_at


def test_who_is_still_at_it_keeps_nobody_from_anything() -> None:
    home = make_organization()
    device = make_device(home, device_type="board", software="old")
    release = make_artifact(make_release(home)).release
    plan = Plan(
        name="again",
        release_name=release.name,
        target=Deployment.Target.DEVICES,
        device_refs=(str(device.id),),
    )
    facts = {"actor": make_actor(home), "organization": home}
    hidden = create_deployment(**facts, plan=plan)
    call(device)
    stop_gracefully(actor=make_actor(home), deployment=hidden)
    archive(actor=make_actor(home), deployment=hidden)
    assert part(device, hidden).is_open
    create_deployment(**facts, plan=plan)
    assert abort_for_device(**facts, device_ref=str(device.id)) == 2
    assert part(device, hidden).state == State.ABORTED
    hidden.refresh_from_db()
    assert hidden.finished_at
