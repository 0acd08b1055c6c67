"""Whatever people and devices do, in whatever order, the rules of admission hold."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from fleet import device_tokens
from fleet.admission import (
    decommission,
    dismiss,
    preauthorize,
    request_authorization,
    set_status,
    set_status_of_many,
)
from fleet.errors import Conflict, LimitReached
from fleet.keys import normalise
from fleet.models import AuthSet, Device
from fleet.states import Admission, best
from tests.make import make_actor, make_key, make_organization

KEYS = [normalise(make_key().pem) for _ in range(3)]
LIMIT = 2
names = st.sampled_from(["a", "b", "c"])
keys = st.sampled_from(KEYS)
verdicts = st.sampled_from(["accepted", "rejected", "pending"])


class AdmissionMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.organization = make_organization(device_limit=LIMIT)
        self.actor = make_actor(self.organization)
        self.devices = Device.objects.of(self.organization)
        self.sets = AuthSet.objects.of(self.organization)
        self.tokens: dict[str, int] = {}

    @rule(name=names, key=keys)
    def call(self, name, key):
        granted = request_authorization(
            organization=self.organization, identity={"sn": name}, public_key=key
        )
        if granted:
            self.tokens[device_tokens.issue(granted)] = granted.device_id

    @rule(name=names, key=keys, force=st.booleans())
    def promise(self, name, key, force):
        try:
            preauthorize(
                actor=self.actor,
                organization=self.organization,
                identity={"sn": name},
                public_key=key,
                force=force,
            )
        except Conflict:
            assert self.devices.filter(identity={"sn": name}).exists()

    @rule(at=st.integers(0, 8), verdict=verdicts)
    def judge(self, at, verdict):
        for row in self.sets.all()[at : at + 1]:
            try:
                set_status(actor=self.actor, auth_set=row, status=verdict)
            except Conflict:
                assert row.status == Admission.PREAUTHORIZED
            except LimitReached:
                assert self.devices.filter(status="accepted").count() == LIMIT

    @rule(verdict=st.sampled_from(["accepted", "rejected"]))
    def judge_all(self, verdict):
        set_status_of_many(
            actor=self.actor,
            organization=self.organization,
            devices=self.devices.values_list("id", flat=True),
            status=verdict,
        )

    @rule(at=st.integers(0, 8))
    def dismiss(self, at):
        for row in self.sets.all()[at : at + 1]:
            dismiss(actor=self.actor, auth_set=row)

    @rule(at=st.integers(0, 2))
    def decommission(self, at):
        for row in self.devices.all()[at : at + 1]:
            decommission(actor=self.actor, device=row)

    @invariant()
    def a_device_is_what_the_best_of_its_keys_is(self):
        for device in self.devices.all().prefetch_related("auth_sets"):
            states = [Admission(row.status) for row in device.auth_sets.all()]
            assert device.status == best(set(states))
            assert states.count(Admission.ACCEPTED) <= 1

    @invariant()
    def no_more_devices_are_accepted_than_allowed(self):
        assert self.devices.filter(status="accepted").count() <= LIMIT

    @invariant()
    def only_accepted_keys_have_tokens_that_stand(self):
        with_token = self.sets.filter(token_issued_at__isnull=False)
        assert not with_token.exclude(status="accepted").exists()
        for token, number in getattr(self, "tokens", {}).items():
            device = device_tokens.authenticate(token)
            assert device is None or (device.pk, device.status) == (number, "accepted")


@pytest.mark.django_db
def test_the_rules_hold():
    run_state_machine_as_test(
        AdmissionMachine,
        settings=settings(max_examples=20, stateful_step_count=25, deadline=None),
    )
