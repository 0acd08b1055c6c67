"""What watches over a device: the alerts its monitors raise and clear, and which there are."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from fleet.admission.rows import lock_device
from fleet.alerts import LONGEST, Told, check, check_text
from fleet.errors import Invalid
from fleet.models import Alert, Device, Inventory, MonitorConfiguration, Organization
from fleet.models.device import DeviceQuerySet
from fleet.signals import alerts_reported
from fleet.states import Admission

SCOPE = "monitor"
MOST_ALERTS = 500
MOST_MONITORS = 500
BATCH = 5000
MONITOR = {
    "name": LONGEST["subject.name"],
    "status": LONGEST["subject.status"],
    "type": LONGEST["subject.type"],
}


@transaction.atomic
def report_alerts(*, device: Device, alerts: Sequence[Told]) -> None:
    """Note what the device's monitors say, all of it or, if something is wrong, nothing.

    The last word that comes in makes a monitor's state, whatever the device's clock says: a
    clock may be set back, and an alarm that is over must not stay for that. How many monitors
    are in alarm then stands in the inventory, as `alert_count` and `alerts` of scope "monitor".
    Raises Invalid("alert_invalid") and Invalid("too_many_alerts") above 500 at once.
    Source: Mender API, Device monitor, DeviceAlertPost.
    """
    if len(alerts) > MOST_ALERTS:
        raise Invalid("too_many_alerts", f"at most {MOST_ALERTS} alerts at once are taken")
    for position, told in enumerate(alerts):
        check(told, f"[{position}].")
    # Two reports of one device are taken one after the other; a device removed says nothing.
    if alerts and lock_device(device.pk):
        last = {told.monitor: position for position, told in enumerate(alerts)}
        current = Alert.objects.filter(device=device, is_latest=True)
        current.filter(subject_digest__in=list(last)).update(is_latest=False)
        rows = Alert.objects.bulk_create(
            _row(device, told, is_latest=last[told.monitor] == position)
            for position, told in enumerate(alerts)
        )
        _count(device)
        alerts_reported.send(sender=Alert, device=device, alerts=rows)


@transaction.atomic
def report_monitors(*, device: Device, monitors: Sequence[Mapping[str, object]]) -> None:
    """Keep which monitors the device runs, each `{name, status, type}`, instead of the former.

    Raises Invalid("alert_invalid") and Invalid("too_many_monitors") above 500.
    Source: Mender API, Device monitor, Set Monitor Configuration.
    """
    if len(monitors) > MOST_MONITORS:
        raise Invalid("too_many_monitors", f"at most {MOST_MONITORS} monitors are taken")
    kept = [
        {
            name: check_text(monitor.get(name), f"[{position}].{name}", longest)
            for name, longest in MONITOR.items()
        }
        for position, monitor in enumerate(monitors)
    ]
    if lock_device(device.pk):
        MonitorConfiguration.objects.update_or_create(
            device=device, defaults={"monitors": kept, "updated_at": timezone.now()}
        )


def in_alarm(devices: DeviceQuerySet) -> DeviceQuerySet:
    """Those of which a monitor says CRITICAL."""
    return devices.filter(is_in_alarm())


def is_in_alarm() -> Exists:
    """Whether a monitor of the device of the row says CRITICAL."""
    return Exists(_critical().filter(device=OuterRef("number")))


def count_in_alarm(organization: Organization) -> int:
    """How many accepted devices are; counted from the few alarms, not from the many devices."""
    loud = _critical().filter(
        device__organization=organization,
        device__status=Admission.ACCEPTED,
        device__is_leaving=False,
    )
    return loud.order_by().values("device").distinct().count()


def forget_old_alerts() -> int:
    """Delete what is older than SLIPWAY_ALERT_DAYS, except of monitors that are in alarm."""
    before = timezone.now() - timedelta(days=settings.ALERT_DAYS)
    in_alarm = Q(is_latest=True, level=Alert.Level.CRITICAL)
    old = Alert.objects.filter(~in_alarm, received_at__lt=before).order_by("number")
    deleted = 0
    while numbers := list(old.values_list("number", flat=True)[:BATCH]):
        deleted += Alert.objects.filter(number__in=numbers).delete()[0]
    return deleted


def _row(device: Device, told: Told, *, is_latest: bool) -> Alert:
    return Alert(
        device=device,
        name=told.name,
        level=told.level,
        subject_name=told.subject_name,
        subject_type=told.subject_type,
        subject_status=told.subject_status,
        subject_digest=told.monitor,
        details=told.details,
        raised_at=told.at,
        is_latest=is_latest,
    )


def _count(device: Device) -> None:
    count = _critical().filter(device=device).count()
    row = Inventory.objects.filter(device=device).first() or Inventory(device=device)
    row.attributes[SCOPE] = {"alert_count": count, "alerts": count > 0}
    # The device told nothing of what the rest of its inventory holds: that keeps its date.
    row.save(update_fields=None if row._state.adding else ["attributes"])


def _critical() -> QuerySet[Alert]:
    return Alert.objects.filter(is_latest=True, level=Alert.Level.CRITICAL)
