"""Devices and people do everything at the same moment, and the rules of admission hold."""

import random

import pytest

from fleet import groups, inventory, presence
from fleet.admission import (
    decommission,
    dismiss,
    request_authorization,
    set_status,
    set_status_of_many,
)
from fleet.errors import DomainError
from fleet.inventory import Attribute
from fleet.keys import normalise
from fleet.models import AuthSet, Device
from fleet.states import Admission, best
from tests.at_once import at_once
from tests.make import make_actor, make_key, make_organization

LIMIT = 6
KEYS = [normalise(make_key().pem) for _ in range(2)]


class Melee:
    """One organization and what may happen to it."""

    def __init__(self):
        self.home = make_organization(device_limit=LIMIT)
        self.by = {"actor": make_actor(self.home)}
        self.devices = Device.objects.of(self.home)
        self.sets = AuthSet.objects.of(self.home).select_related("device")

    def call(self):
        identity = {"sn": str(random.randrange(12))}
        request_authorization(
            organization=self.home, identity=identity, public_key=random.choice(KEYS)
        )

    def judge_many(self):
        status = random.choice(["accepted", "rejected"])
        set_status_of_many(organization=self.home, devices=self.some(), status=status, **self.by)

    def judge(self):
        for row in self.sets.order_by("?")[:2]:
            set_status(auth_set=row, status=random.choice(["accepted", "pending"]), **self.by)

    def dismiss(self):
        for row in self.sets.order_by("?")[:1]:
            dismiss(auth_set=row, **self.by)

    def decommission(self):
        for device in self.devices.order_by("?")[:1]:
            decommission(device=device, **self.by)

    def tell(self):
        for device in self.devices.order_by("?")[:2]:
            said = [Attribute("device_type", random.choice("ab"))]
            inventory.report(device=device, attributes=said, replace=False)

    def group(self):
        name = random.choice("ns")
        groups.assign(organization=self.home, devices=self.some(), name=name, **self.by)

    def some(self):
        return self.devices.order_by("?").values_list("id", flat=True)[:8]


def attempt(deed):
    """The code of what the domain refuses; anything else that is raised fails the test."""
    try:
        deed()
    except DomainError as error:
        return error.code
    return ""


@pytest.mark.django_db(transaction=True)
def test_nothing_fails_and_the_rules_hold():
    it = Melee()
    deeds = [it.call, it.call, it.judge_many, it.judge, it.dismiss, it.decommission]
    deeds += [it.call, it.tell, it.group, presence.flush]
    said = at_once(lambda deed=deed: attempt(deed) for deed in deeds * 36)
    refusals = {answer for answer in said if answer}
    assert refusals <= {"device_limit", "device_unknown", "auth_set_unknown"}
    presence.flush()
    for device in it.devices.prefetch_related("auth_sets"):
        states = [Admission(row.status) for row in device.auth_sets.all()]
        assert device.status == best(set(states))
        assert states.count(Admission.ACCEPTED) <= 1
    assert it.devices.filter(status=Admission.ACCEPTED).count() <= LIMIT
