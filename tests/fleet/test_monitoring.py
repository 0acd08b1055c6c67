"""Alerts that meet, and alerts that grow old."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone
from pytest_django import Settings

from fleet.admission import decommission
from fleet.alerts import Told
from fleet.models import Alert, Device, Inventory, MonitorConfiguration
from fleet.monitoring import forget_old_alerts, in_alarm, report_alerts, report_monitors
from tests.at_once import at_once
from tests.make import make_actor, make_device

CRITICAL, OK = Alert.Level.CRITICAL, Alert.Level.OK


def told(name: str, level: str = CRITICAL) -> Told:
    return Told(name, level, datetime(2030, 1, 1, tzinfo=UTC), name, "log", "seen")


@pytest.mark.django_db(transaction=True)
def test_reports_that_meet_leave_one_last_word_for_each_monitor() -> None:
    device = make_device()
    reports = [[told("a", level), told("b"), told("c", OK)] for level in (CRITICAL, OK) * 8]
    at_once([partial(report_alerts, device=device, alerts=report) for report in reports], 8)
    latest = Alert.objects.filter(device=device, is_latest=True)
    assert sorted(latest.values_list("subject_name", flat=True)) == ["a", "b", "c"]
    assert Alert.objects.count() == 48
    count = latest.filter(level=CRITICAL).count()
    shown = Inventory.objects.get(device=device).attributes["monitor"]
    assert shown == {"alert_count": count, "alerts": True}


@pytest.mark.django_db
def test_devices_in_alarm_are_found() -> None:
    fine, loud, quiet = make_device(), make_device(), make_device()
    report_alerts(device=fine, alerts=[told("a"), told("a", OK)])
    report_alerts(device=loud, alerts=[told("a"), told("b"), told("c", OK)])
    assert list(in_alarm(Device.objects.all())) == [loud]
    assert quiet not in in_alarm(Device.objects.all())


@pytest.mark.django_db
def test_a_device_that_is_gone_says_nothing() -> None:
    device = make_device()
    report_alerts(device=device, alerts=[told("a")])
    report_monitors(device=device, monitors=[{"name": "a", "type": "log", "status": "enabled"}])
    decommission(actor=make_actor(device.organization), device=device)
    report_alerts(device=device, alerts=[told("a")])
    report_monitors(device=device, monitors=[])
    assert not Alert.objects.exists()
    assert not MonitorConfiguration.objects.exists()


@pytest.mark.django_db
def test_old_alerts_go_except_of_monitors_in_alarm(settings: Settings) -> None:
    settings.ALERT_DAYS = 10
    device = make_device()
    report_alerts(device=device, alerts=[told("a"), told("a", OK), told("b")])
    Alert.objects.update(received_at=timezone.now() - timedelta(days=11))
    report_alerts(device=device, alerts=[told("c", OK), told("c")])
    assert forget_old_alerts() == 2
    assert Alert.objects.filter(is_latest=True).count() == 2
    assert Alert.objects.count() == 3
    assert forget_old_alerts() == 0
