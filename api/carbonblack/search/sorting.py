"""The order of found devices: by any field of the search, each in the order of its kind.

Words are in the order of `search.words`, versions as versions. Source: Carbon Black, Devices API,
sort.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, IntegerField, OrderBy, Q, Value, When

from api.carbonblack.search import rules
from api.carbonblack.search.policies import groups_of, policy_id_of
from api.carbonblack.search.words import DeploymentType, DeviceStatus, Os, TargetPriority
from artifacts.versions import Known
from fleet.models import Device
from query.searching import Folded
from query.versions import version_key

Key = Callable[[UUID], Any]
S = DeviceStatus
# Those of which a device has just one: what it is told to be.
ADMISSIONS = (S.PENDING, S.REGISTERED, S.DEREGISTERED, S.UNINSTALLED)


def ordered(organization_id: UUID, sort: Sequence[tuple[str, bool]]) -> list[OrderBy | str]:
    """The order by these fields, each upwards or downwards; what is missing is the least.

    Of what is the same the lower id goes first.
    """
    order: list[OrderBy | str] = []
    for name, is_downwards in sort:
        nulls = {"nulls_last": True} if is_downwards else {"nulls_first": True}
        order.append(OrderBy(KEYS[name](organization_id), descending=is_downwards, **nulls))
    return [*order, "number"]


def _ranked(words: Sequence[str], rule: Callable[[str], Q]) -> Case:
    cases = [When(rule(word), then=Value(rank)) for rank, word in enumerate(words)]
    return Case(*cases, default=Value(len(words)), output_field=IntegerField())


def _version(organization_id: UUID) -> Case:
    known = Known(organization_id)
    rows = Device.objects.of(organization_id).order_by()
    pairs = rows.values_list("sensor_version", "software").distinct()
    keys = {
        (said, "" if said else software): version_key(known.version_of(said, software))
        for said, software in pairs
    }
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys.values())))}
    cases = [
        When(_runs(said, software), then=Value(ranks[key]))
        for (said, software), key in keys.items()
    ]
    return Case(*cases, default=Value(-1), output_field=IntegerField())


def _runs(said: str, software: str) -> Q:
    return Q(sensor_version=said) if said else Q(sensor_version="", software=software)


def _policy(organization_id: UUID) -> Case:
    groups = groups_of(organization_id)
    cases = [When(group=group, then=Value(policy_id_of(group))) for group in groups]
    return Case(*cases, default=Value(0), output_field=BigIntegerField())


def _status(organization_id: UUID) -> Case:
    return _ranked(ADMISSIONS, rules.has_status(organization_id))


KEYS: Mapping[str, Key] = {
    "id": lambda _: F("number"),
    "name": lambda _: Folded(F("name")),
    "os": lambda _: _ranked(Os.values, rules.has_os),
    "os_version": lambda _: rules.VERSION_OF_OS,
    "sensor_version": _version,
    "sensor_kit_type": lambda _: F("kit_type"),
    "deployment_type": lambda _: _ranked(DeploymentType.values, rules.has_deployment_type),
    "policy_id": _policy,
    "policy_name": lambda _: Folded(F("group")),
    "target_priority": lambda _: _ranked(TargetPriority.values, rules.has_target_priority),
    "last_contact_time": lambda _: F("contact__seen_at"),
    "status": _status,
}
