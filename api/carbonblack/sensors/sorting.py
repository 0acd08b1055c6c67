"""The order of sensors: by whatever is told of them, each in the order of its kind.

Source: the seed, Search Sensors in Sensor Update Job, sort.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import F, OrderBy
from django.db.models.expressions import Combinable

from api.carbonblack.sensors.columns import (
    DEVICE_ID,
    NAME,
    STATUS_RANK,
    target_rank,
    version_rank,
)
from api.carbonblack.sensors.reasons import reason
from api.carbonblack.shapes.jobs import own_version
from deployments.models import Deployment, DeviceDeployment
from deployments.part_times import BEGUN_AT, ended_at
from query.searching import Folded


def ordered(job: Deployment, sort: Sequence[tuple[str, bool]]) -> list[OrderBy | Combinable | str]:
    """The order of the rows of a job by these fields, each upwards or downwards.

    Upwards, what has not happened yet comes before all that has. Of what is the same the lower
    device id goes first.
    """
    order: list[OrderBy | Combinable | str] = []
    for name, is_downwards in sort:
        nulls = {"nulls_last": True} if is_downwards else {"nulls_first": True}
        order.append(OrderBy(_KEYS[name](job), descending=is_downwards, **nulls))
    return [*order, DEVICE_ID, "number"]


def _current_version(job: Deployment) -> Combinable:
    rows = DeviceDeployment.objects.filter(deployment=job.number).order_by()
    return version_rank("version_before", rows.values_list("version_before", flat=True).distinct())


def _update_version(job: Deployment) -> Combinable:
    kits = {kit.kit_type: kit.version for kit in job.kits.all()}
    return target_rank(kits, "" if kits else own_version(job))


_KEYS: Mapping[str, Callable[[Deployment], Any]] = {
    "device_id": lambda _: DEVICE_ID,
    "device_name": lambda _: Folded(NAME),
    "status": lambda _: STATUS_RANK,
    "reason": lambda job: Folded(reason(job)),
    "current_version": _current_version,
    "update_version": _update_version,
    "start_time": lambda _: BEGUN_AT,
    "update_time": ended_at,
    "sensor_kit_type": lambda _: F("kit_type"),
}
