"""Whatever is done, in whatever dialect: all readers say the same after every step.

With SLIPWAY_AGREEMENT_STEPS more steps are taken than usual.
"""

import os
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from deployments.expiring import expire
from deployments.finishing import close_complete
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import OUTCOME, RUNNING, Outcome
from deployments.rollouts.running import run_rollouts
from jobs.running import run_due
from tests.faces.fleet import KIT, Speaker, ddi_device, mender_device
from tests.faces.readers import MENDER, Faces
from tests.make import make_organization, upload_artifact

DEVICES = 5
MOST = 4
VERSIONS = ("1.0.0.1", "2.0.0.1", "3.0.0.1")
STEPS = 25
WHICH = st.integers(0, 100)
SOME = st.sets(st.integers(0, DEVICES - 1), min_size=1)
OPEN = frozenset({Outcome.WAITING, Outcome.STARTING, Outcome.ACTIVE})


class Histories(RuleBasedStateMachine):
    """Five devices of both languages, and up to four deployments made in any dialect."""

    def __init__(self) -> None:
        super().__init__()
        self.organization = make_organization()
        self.releases = [
            upload_artifact(self.organization, version, device_types=["board"]).release
            for version in VERSIONS
        ]
        self.speakers: list[Speaker] = [
            make(self.organization, VERSIONS[0], name=f"sensor-{number}")
            for number, make in enumerate(
                [mender_device, ddi_device, mender_device, ddi_device, mender_device]
            )
        ]
        self.faces = Faces(self.organization)
        self.made = 0

    def known(self) -> list[Deployment]:
        return list(Deployment.objects.of(self.organization).order_by("number"))

    def one(self, which: int) -> Deployment | None:
        known = self.known()
        return known[which % len(known)] if known else None

    def has_room(self) -> bool:
        return self.made < MOST

    def devices(self, chosen: set[int]) -> list[Any]:
        return [self.speakers[index].device for index in sorted(chosen)]

    @precondition(has_room)
    @rule(chosen=SOME, version=st.sampled_from(VERSIONS[1:]), limit=st.sampled_from([None, 1, 2]))
    def create_by_carbonblack(self, chosen: set[int], version: str, limit: int | None) -> None:
        self.made += 1
        self.organization.policies = {
            **self.organization.policies,
            **({"job_in_flight_limit": {"value": limit}} if limit else {}),
        }
        self.organization.save(update_fields=["policies"])
        present = [each.number for each in self.devices(chosen) if _is_there(each)]
        if present:
            body = {
                "name": f"job {self.made}",
                "options": {"sensor_version": {KIT: version}},
                "device_ids": present,
            }
            self.faces.carbonblack.ask("/jobs", body)

    @precondition(has_room)
    @rule(chosen=SOME, version=st.sampled_from(VERSIONS[1:]))
    def create_by_mender(self, chosen: set[int], version: str) -> None:
        self.made += 1
        body = {
            "name": f"deployment {self.made}",
            "artifact_name": version,
            "devices": [str(each.id) for each in self.devices(chosen)],
        }
        assert self.faces.mender.post(MENDER, body).status_code in {201, 409}

    @precondition(has_room)
    @rule(groups=st.integers(1, 2), version=st.integers(1, 2))
    def create_by_hawkbit(self, groups: int, version: int) -> None:
        self.made += 1
        body = {
            "name": f"rollout {self.made}",
            "distributionSetId": self.releases[version].number,
            "targetFilterQuery": "id==*",
            "amountGroups": groups,
            "successCondition": {"condition": "THRESHOLD", "expression": "50"},
        }
        made: Any = self.faces.hawkbit.post("/rollouts", body)
        if made.status_code == 201:
            run_rollouts()
            self.faces.hawkbit.post(f"/rollouts/{made.json()['id']}/start")
            run_rollouts()

    @precondition(has_room)
    @rule(which=st.integers(0, DEVICES - 1), version=st.integers(1, 2))
    def assign_by_hawkbit(self, which: int, version: int) -> None:
        self.made += 1
        device = self.speakers[which].device
        path = f"/targets/{device.controller_id}/assignedDS"
        answer = self.faces.hawkbit.post(path, {"id": self.releases[version].number})
        assert answer.status_code in {200, 404}

    @precondition(has_room)
    @rule(which=st.integers(0, DEVICES - 1), starts=st.booleans())
    def update_by_npm(self, which: int, starts: bool) -> None:
        device = self.speakers[which].device
        if not _is_there(device):
            return
        path = f"/{device.number}/api/npm.system_update/2.0/update"
        made = self.faces.npm.send("POST", f"{path}/init")
        assert made.status_code in {200, 409}, made.content
        if made.status_code == 200:
            self.made += 1
            if starts:
                assert self.faces.npm.send("POST", f"{path}/start").status_code in {200, 409}

    @rule(which=st.integers(0, DEVICES - 1))
    def poll(self, which: int) -> None:
        self.speakers[which].poll()

    @rule(
        device=st.integers(0, DEVICES - 1),
        which=WHICH,
        word=st.sampled_from(["downloading", "installing", "success", "failure"]),
    )
    def report(self, device: int, which: int, word: str) -> None:
        if deployment := self.one(which):
            code = self.speakers[device].report(deployment, word)
            assert code in {200, 204, 401, 404, 409, 410}, code

    @rule(which=WHICH, resumes=st.booleans())
    def pause(self, which: int, resumes: bool) -> None:
        if deployment := self.one(which):
            act = "resume" if resumes else "pause"
            answer = self.faces.own.post(f"/deployments/{deployment.id}/{act}")
            assert answer.status_code in {200, 202, 204, 409}, answer.content

    @rule(which=WHICH)
    def stop_by_digi(self, which: int) -> None:
        if deployment := self.one(which):
            answer = self.faces.digi.send("PUT", f"/jobs/cancel/{deployment.number}")
            assert answer.status_code in {200, 409}, answer.content

    @rule(which=WHICH)
    def stop_by_carbonblack(self, which: int) -> None:
        if deployment := self.one(which):
            answer = self.faces.carbonblack.send("DELETE", f"/jobs/{deployment.id}")
            assert answer.status_code in {204, 400}, answer.content

    @rule(which=WHICH)
    def abort_by_mender(self, which: int) -> None:
        if deployment := self.one(which):
            path = f"{MENDER}/{deployment.id}/status"
            answer = self.faces.mender.put(path, {"status": "aborted"})
            assert answer.status_code in {204, 422}, answer.content

    @rule(which=WHICH)
    def stop_by_hawkbit(self, which: int) -> None:
        if deployment := self.one(which):
            answer = self.faces.hawkbit.post(f"/rollouts/{deployment.number}/stop")
            assert answer.status_code < 500, answer.content

    @rule(device=st.integers(0, DEVICES - 1))
    def reset_by_npm(self, device: int) -> None:
        found = self.speakers[device].device
        if _is_there(found):
            path = f"/{found.number}/api/npm.system_update/2.0/update/reset"
            assert self.faces.npm.send("POST", path).status_code in {200, 409}

    @rule(which=WHICH)
    def delete_by_digi(self, which: int) -> None:
        if deployment := self.one(which):
            answer = self.faces.digi.send("DELETE", f"/jobs/inventory/{deployment.number}")
            assert answer.status_code in {204, 409}, answer.content
            self.made -= answer.status_code == 204

    @rule(which=WHICH)
    def let_expire(self, which: int) -> None:
        if deployment := self.one(which):
            going = Deployment.objects.active().filter(number=deployment.number)
            going.update(expires_at=timezone.now())

    @rule(which=st.integers(0, DEVICES - 1))
    def decommission(self, which: int) -> None:
        """One of them only: who is to be told of anything if nobody is left?"""
        device = self.speakers[which].device
        if which == 0 and _is_there(device):
            answer = self.faces.own.delete(f"/devices/{device.id}")
            assert answer.status_code in {202, 204}, answer.content

    @rule()
    def work(self) -> None:
        """What workers do sooner or later."""
        run_rollouts()
        run_due()
        expire()
        close_complete()

    @invariant()
    def all_agree(self) -> None:
        for deployment in self.known():
            self.faces.agreed(deployment)

    @invariant()
    def appliances_agree(self) -> None:
        rows = DeviceDeployment.objects.filter(deployment__organization=self.organization)
        rows = rows.filter(deployment__archived_at__isnull=True)
        pairs = rows.values_list("device", OUTCOME)
        for each in self.speakers:
            if not _is_there(each.device):
                continue
            outcomes = {Outcome(word) for number, word in pairs if number == each.device.number}
            state = self.faces.update_of(each.device)["state"]
            if outcomes & RUNNING:
                assert state == "RUNNING", (outcomes, state)
            elif not outcomes & OPEN:
                assert state in {"IDLE", "FAILED_GRACEFUL", "FAILED_CRITICAL"}, (outcomes, state)


def _is_there(device: Any) -> bool:
    return bool(type(device).objects.filter(number=device.number).exists())


@pytest.mark.django_db(transaction=True)
def test_all_readers_agree_after_every_step() -> None:
    steps = int(os.environ.get("SLIPWAY_AGREEMENT_STEPS", "50"))
    run(
        Histories,
        settings=settings(
            max_examples=max(steps // STEPS, 1),
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            # To make a failing history smaller takes far longer than to read it.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
