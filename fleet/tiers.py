"""How many devices there are by status and by tier."""

from django.db.models import Count, F

from fleet.models import AuthSet
from fleet.models.device import DeviceQuerySet
from fleet.states import Admission

TIERS = ("standard", "micro", "system")
COUNTED = (Admission.ACCEPTED, Admission.PENDING)


def devices_by_tier(devices: DeviceQuerySet) -> dict[str, dict[str, int]]:
    """A device has the tier of the key that gives it its status, "standard" if that names none.

    One with pending keys of several tiers counts in each.
    """
    counts = {str(status): dict.fromkeys(TIERS, 0) for status in COUNTED}
    rows = (
        AuthSet.objects.filter(device__in=devices, status__in=COUNTED, device__status=F("status"))
        .order_by()
        .values_list("status", "tier")
        .annotate(count=Count("device", distinct=True))
    )
    for status, tier, count in rows:
        counts[status][tier if tier in TIERS else TIERS[0]] += count
    return counts
