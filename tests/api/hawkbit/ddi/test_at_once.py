"""A device whose calls meet: it begins once, ends once, and is registered once."""

from functools import partial

import pytest

from artifacts.models import Release
from fleet.models import Device, Organization, SecurityToken
from tests.api.hawkbit.ddi.callers import Controller, allow, controller
from tests.api.hawkbit.ddi.making import assign, entries
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 6


def test_it_begins_once(device: Device, release: Release) -> None:
    row = assign(device, release)
    boxes = [controller(device) for _ in range(CALLS)]
    path = f"deploymentBase/{row.number}"
    answers = at_once(partial(box.get, path) for box in boxes)
    assert {answer.status_code for answer in answers} == {200}
    row.refresh_from_db()
    assert row.attempts == 1
    assert entries(row) == [("pending", "retrieved")]


def test_it_ends_once(device: Device, release: Release) -> None:
    row = assign(device, release)
    box = controller(device)
    path = f"deploymentBase/{row.number}"
    box.get(path)
    results = ["success", "failure"] * (CALLS // 2)
    said = at_once(partial(controller(device).say, path, "closed", each) for each in results)
    assert sorted(said) == [200] + [410] * (CALLS - 1)
    row.refresh_from_db()
    assert not row.is_open
    assert entries(row)[1:] == [(row.state, "")]


def test_all_it_says_meanwhile_is_kept(device: Device, release: Release) -> None:
    row = assign(device, release)
    box = controller(device)
    path = f"deploymentBase/{row.number}"
    box.get(path)
    words = ["proceeding", "download", "downloaded", "rejected", "scheduled", "resumed"]
    said = at_once(partial(controller(device).say, path, word) for word in words)
    assert said == [200] * len(words)
    assert len(entries(row)) == 1 + len(words)


def test_it_is_registered_once(organization: Organization) -> None:
    allow(organization, anonymous_enabled=True)
    boxes = [Controller(organization, "new") for _ in range(CALLS)]
    answers = at_once(box.get for box in boxes)
    assert {answer.status_code for answer in answers} == {200}
    assert Device.objects.of(organization).count() == SecurityToken.objects.count() == 1
