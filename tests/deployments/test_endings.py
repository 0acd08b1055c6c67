"""A deployment that ends while something else happens to it."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import DatabaseError, connection, transaction

from deployments import finishing
from deployments.aborting import abort
from deployments.models import Deployment, DeviceDeployment
from deployments.noticing import notice
from deployments.offers import poll
from deployments.places import hold_places
from deployments.reporting import report
from deployments.states import State
from fleet.models import Device
from tests.make import make_actor, make_claims, make_deployment, make_device

pytestmark = pytest.mark.django_db(transaction=True)


def begun() -> tuple[Deployment, Device]:
    device = make_device()
    deployment = make_deployment(devices=[device])
    poll(make_claims(device), {"device_type": "board", "artifact_name": "old"})
    return deployment, device


def test_a_report_is_taken_even_if_the_end_of_all_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployment, device = begun()

    def broken(_deployments: object) -> int:
        raise DatabaseError("deadlock detected")

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_close", broken)
        report(device=device, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    assert DeviceDeployment.objects.get().state == State.SUCCESS
    assert Deployment.objects.active().exists()
    assert finishing.close_complete() == 1


def test_an_abort_and_the_end_wait_for_each_other_in_one_order() -> None:
    deployment, device = begun()
    notice()
    report(device=device, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    Deployment.objects.update(finished_at=None)
    deployment.phases.update(stage="opened")

    def close() -> int:
        try:
            return finishing.close_complete()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # As an abort begins.
            hold_places(deployment.number)
            closing = pool.submit(close)
            wait([closing], timeout=0.5)
            abort(actor=make_actor(deployment.organization), deployment=deployment)
        assert closing.result() == 0
    deployment.refresh_from_db()
    assert deployment.aborted_at
