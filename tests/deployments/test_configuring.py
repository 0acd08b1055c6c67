"""Configurations deployed at the same time, and to whom they are not."""

from functools import partial

import pytest

from auditlog.actor import Actor, ActorKind
from deployments.configuring import deploy_configuration
from deployments.models import Deployment
from fleet.configuration import set_configuration
from fleet.errors import Forbidden, NotFound
from tests.at_once import at_once
from tests.make import make_actor, make_deployment, make_device


@pytest.mark.django_db(transaction=True)
def test_of_deployments_that_meet_one_remains() -> None:
    device = make_device()
    actor = make_actor(device.organization)
    set_configuration(actor=actor, device=device, values={"a": "1"})
    at_once([partial(deploy_configuration, actor=actor, device=device)] * 8, 4)
    running = Deployment.objects.active().get()
    assert Deployment.objects.count() == 8
    device.refresh_from_db()
    assert device.configuration.deployment_id == running.id
    assert running.device_deployments.get().is_open


@pytest.mark.django_db
def test_other_deployments_of_the_device_are_left_alone() -> None:
    device = make_device(device_type="board")
    other = make_device(device.organization)
    actor = make_actor(device.organization)
    software = make_deployment(devices=[device])
    elsewhere = deploy_configuration(actor=actor, device=other)
    mine = deploy_configuration(actor=actor, device=device)
    running = Deployment.objects.active().order_by("number")
    assert list(running) == [software, elsewhere, mine]


@pytest.mark.django_db
def test_it_takes_the_permission_for_this_device() -> None:
    device = make_device(group="mine")
    bounds = {"fleet.change_configuration": frozenset({"mine"})}
    organization_id = device.organization_id
    actor = Actor(ActorKind.USER, "1", "ann@example.com", organization_id, scoped=bounds)
    assert deploy_configuration(actor=actor, device=device).size == 1
    with pytest.raises(Forbidden):
        deploy_configuration(actor=actor, device=make_device(device.organization))
    with pytest.raises(Forbidden):
        deploy_configuration(actor=make_actor(device.organization, "viewer"), device=device)


@pytest.mark.django_db
def test_a_device_that_is_gone_or_leaving_gets_none() -> None:
    device = make_device(is_leaving=True)
    actor = make_actor(device.organization)
    with pytest.raises(NotFound):
        deploy_configuration(actor=actor, device=device)
    with pytest.raises(NotFound):
        set_configuration(actor=actor, device=device, values={})
    assert not Deployment.objects.exists()
