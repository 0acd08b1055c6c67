"""What is asked of the sensors of a job: read from a body, and as a queryset.

Source: the seed, Search and Export Sensors in Sensor Update Job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from api.carbonblack.bodies import (
    Sort,
    member_object,
    read_criteria,
    read_query,
    read_sort,
    read_words,
)
from api.carbonblack.errors import wrong_type
from api.carbonblack.sensors.columns import FIELDS, NAME
from api.carbonblack.sensors.sorting import ordered
from api.carbonblack.words import KIT_TYPES, OUTCOMES, SensorStatus
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import OUTCOME
from query.among import Among
from query.searching import Folded, folded

CRITERIA = ("sensor_kit_type", "status", "version")
FORMATS = ("json", "csv")
Criteria = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """`criteria` are the values that each field may have, `sort` fields and whether downwards."""

    criteria: Criteria
    query: str
    sort: Sort
    format: str

    def kept(self) -> dict[str, Any]:
        """As JSON, of which `read_asked` makes the same again."""
        sort = [
            {"field": name, "order": "DESC" if is_downwards else "ASC"}
            for name, is_downwards in self.sort
        ]
        return {
            "criteria": dict(self.criteria),
            "query": self.query,
            "sort": sort,
            "format": self.format,
        }


def read_asked(body: dict[str, Any]) -> Asked:
    """Raises Refused (400)."""
    criteria = read_criteria(member_object(body, "criteria"), CRITERIA)
    known = {"sensor_kit_type": KIT_TYPES, "status": [str(each) for each in SensorStatus]}
    for name, words in known.items():
        if name in criteria:
            criteria[name] = read_words(criteria[name], words, name)
    return Asked(criteria, read_query(body), _read_sort(body), _read_format(body))


def sensors(job: Deployment, asked: Asked) -> QuerySet[DeviceDeployment]:
    """The rows that are asked for, with their `outcome`, in the order that is asked for."""
    rows = DeviceDeployment.objects.filter(deployment=job.number).annotate(outcome=OUTCOME)
    if kit_types := asked.criteria.get("sensor_kit_type"):
        rows = rows.filter(kit_type__in=kit_types)
    if statuses := asked.criteria.get("status"):
        outcomes = [each.value for word in statuses for each in OUTCOMES[SensorStatus(word)]]
        rows = rows.filter(outcome__in=outcomes)
    if versions := asked.criteria.get("version"):
        # Any case, as everywhere in criteria.
        wanted = map(folded, versions)
        rows = rows.filter(Among(Folded(F("version_before")), wanted))
    if asked.query:
        rows = rows.alias(name=Folded(NAME)).filter(name__contains=folded(asked.query))
    return rows.order_by(*ordered(job, asked.sort))


def _read_sort(body: dict[str, Any]) -> Sort:
    """By `version` the seed's criteria know what sensors call `current_version`."""
    found = read_sort(body, (*FIELDS, "version"))
    return tuple(("current_version" if name == "version" else name, down) for name, down in found)


def _read_format(body: dict[str, Any]) -> str:
    given = body.get("format")
    if given is None:
        return FORMATS[0]
    if not isinstance(given, str):
        raise wrong_type("format", "a string")
    return read_words([given], FORMATS, "format")[0]
