"""What is told of a sensor, as expressions over the rows of one job, to filter and sort by.

Source: the seed, Field Definitions, Sensor.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.db.models import (
    Case,
    CharField,
    IntegerField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from api.carbonblack.words import OF_OUTCOME, SensorStatus
from deployments.part_times import HAS_BEGUN
from query.versions import version_key

# In the order in which they are told.
FIELDS = (
    "device_id",
    "device_name",
    "status",
    "reason",
    "current_version",
    "update_version",
    "start_time",
    "update_time",
    "sensor_kit_type",
)
NUMBER, TEXT = IntegerField(), CharField()
# A device that is not known (yet, or any more) goes by the id that the job was given.
NAME = Coalesce(NullIf("device_name", Value("")), "device_ref", output_field=TEXT)
DEVICE_ID = Coalesce("device_id", Value(0), output_field=NUMBER)
_RANKS = {status: rank for rank, status in enumerate(SensorStatus)}
STATUS_RANK = Case(
    *(
        When(outcome=outcome.value, then=Value(_RANKS[status]))
        for outcome, status in OF_OUTCOME.items()
    ),
    output_field=NUMBER,
)


def version_rank(name: str, versions: Iterable[str]) -> Combinable:
    """The place of a column's version among these, the lowest first: 3.10 comes after 3.9."""
    ordered = groupby(sorted(versions, key=version_key), key=version_key)
    ranks = {version: rank for rank, (_, same) in enumerate(ordered) for version in same}
    return _chosen(name, ranks)


def target_rank(versions: Mapping[str, str], one: str) -> Combinable:
    """The place of the version that the sensor gets, -1 until it has begun.

    `versions` are those of the kits; without any all get `one`.
    """
    ordered = sorted({*versions.values(), one}, key=version_key)
    ranks = {kit: ordered.index(version) for kit, version in versions.items()}
    rank = _chosen("kit_type", ranks, default=ordered.index(one))
    return Case(When(HAS_BEGUN, then=rank), default=Value(-1), output_field=NUMBER)


def _chosen(name: str, ranks: Mapping[str, int], default: int = -1) -> Combinable:
    cases: Sequence[When] = [When(**{name: text}, then=Value(rank)) for text, rank in ranks.items()]
    return Case(*cases, default=Value(default), output_field=NUMBER)
