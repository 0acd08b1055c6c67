"""Who may make deployments and stop them."""

import pytest

from deployments.aborting import abort, abort_for_device
from deployments.creating import create_deployment
from deployments.models import Deployment
from deployments.planning import Plan
from fleet.errors import Forbidden
from tests.make import make_actor, make_deployment

pytestmark = pytest.mark.django_db


def test_a_viewer_may_neither_create_nor_abort() -> None:
    deployment = make_deployment(devices=["1"])
    organization = deployment.organization
    viewer = make_actor(organization, "viewer")
    plan = Plan("again", deployment.release_name, Deployment.Target.DEVICES, ("1",))
    with pytest.raises(Forbidden):
        create_deployment(actor=viewer, organization=organization, plan=plan)
    with pytest.raises(Forbidden):
        abort(actor=viewer, deployment=deployment)
    with pytest.raises(Forbidden):
        abort_for_device(actor=viewer, organization=organization, device_ref="1")


@pytest.mark.parametrize("role", ["operator", "release_manager", "administrator"])
def test_the_others_may(role: str) -> None:
    deployment = make_deployment(devices=["1"])
    abort(actor=make_actor(deployment.organization, role), deployment=deployment)
    assert Deployment.objects.get().aborted_at
