"""What is over by a stop or by the clock is nothing to do any more, before it is written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, is_cut_off
from deployments.standing import ASSIGNED, STANDING, Standing, goes_on, is_active
from deployments.standing_sets import assigned_among, has_standing
from fleet.models import Device
from tests.deployments.calls import call, part
from tests.make import make_deployment, make_device

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def devices():
    """The first has begun, the second has not."""
    found = [make_device() for _ in range(1)]
    found.append(make_device(found[0].organization))
    return found


@pytest.fixture
def deployment(devices):
    made = make_deployment(devices=devices)
    call(devices[0])
    assert part(devices[0], made).is_instructed
    return made


@pytest.mark.parametrize(
    ("facts", "active"),
    [
        ({}, [True, True]),
        ({"expires_at": HOUR}, [True, True]),
        ({"expires_at": -HOUR}, [True, False]),
        ({"expires_at": -DAY - HOUR}, [False, False]),
        ({"stop": "graceful", "stopped_at": -HOUR}, [True, False]),
        ({"stop": "graceful", "stopped_at": -HOUR, "expires_at": HOUR}, [True, False]),
        ({"stop": "graceful", "stopped_at": -HOUR, "expires_at": -2 * DAY}, [False, False]),
        ({"stop": "forced", "stopped_at": -HOUR}, [True, True]),
    ],
)
def test_each_way_to_ask_agrees(devices, deployment, facts, active):
    now = timezone.now()
    told = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in facts.items()
    }
    Deployment.objects.filter(pk=deployment.pk).update(**told)
    rows = DeviceDeployment.objects.order_by("number")
    numbers = [row.number for row in rows]
    found = set(rows.filter(is_active()).values_list("number", flat=True))
    assert [number in found for number in numbers] == active
    assert set(rows.filter(goes_on()).values_list("number", flat=True)) == found
    cut_off = set(rows.filter(is_cut_off()).values_list("number", flat=True))
    assert cut_off == set(numbers) - found
    known = Device.objects.annotate(standing=STANDING, assigned=ASSIGNED).order_by("number")
    pending = [device.standing == Standing.PENDING for device in known]
    assert pending == active
    releases = Release.objects.filter(pk=deployment.release_id)
    assert [device.assigned == deployment.release_id for device in known] == active
    for condition in (has_standing(Standing.PENDING), assigned_among(releases)):
        asked = set(Device.objects.filter(condition).values_list("pk", flat=True))
        assert [device.pk in asked for device in devices] == active
