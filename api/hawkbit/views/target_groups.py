"""Groups of targets. Source: hawkBit, target groups."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from api.hawkbit.errors import not_found, not_readable
from api.hawkbit.finding import target_rows
from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.lists import listed
from api.hawkbit.requests import Call, json_body
from api.hawkbit.resources import NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.selecting import selected
from api.hawkbit.shapes.targets import targets_listed
from fleet import groups
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within

BATCH = 500
READ, CHANGE = (Right.READ_TARGET,), (Right.READ_TARGET, Right.UPDATE_TARGET)


class Groups(Resource):
    """The names of all groups."""

    needs = {"GET": READ}

    def get(self, call: Call) -> list[str]:
        names = _seen(call).exclude(group="").order_by("group").values_list("group", flat=True)
        return list(names.distinct())


class GroupByFilter(Resource):
    """Into the group goes whatever `q` selects."""

    needs = {"PUT": CHANGE}
    bodies = frozenset()

    def put(self, call: Call, group: str) -> Answer:
        if not call.GET.get("q"):
            raise not_readable()
        found = selected(_reached(call), TARGETS, call)
        _assign(call, list(found.values_list("id", flat=True)), group)
        return NOTHING


class GroupMembers(Resource):
    """The targets of the group that the address names, or `group` in the query."""

    needs = {"GET": READ, "PUT": CHANGE}
    bodies = frozenset({"PUT"})

    def get(self, call: Call, group: str = "") -> dict[str, Any]:
        name = group or _asked(call)
        within = Q(group=name)
        if call.GET.get("subgroups", "").lower() == "true":
            within |= Q(group__startswith=f"{name}/")
        rows = target_rows(call).filter(within)
        return listed(call, TARGETS, rows, lambda page: targets_listed(call, page))

    def put(self, call: Call, group: str = "") -> Answer:
        _assign(call, _named(call), group or _asked(call))
        return NOTHING


class AnyGroupMembers(GroupMembers):
    """`…/assigned` without a group in the address: DELETE takes targets out of theirs."""

    needs = {**GroupMembers.needs, "DELETE": CHANGE}
    bodies = frozenset({"PUT", "DELETE"})

    def delete(self, call: Call) -> Answer:
        groups.clear(actor=call.actor, organization=call.organization, devices=_named(call))
        return NOTHING


def _assign(call: Call, ids: Sequence[UUID], name: str) -> None:
    groups.assign(actor=call.actor, organization=call.organization, devices=ids, name=name)


def _asked(call: Call) -> str:
    name = call.GET.get("group", "")
    if not name:
        raise not_readable()
    return name


def _named(call: Call) -> list[UUID]:
    """Of the controllerIds in the body; raises Refused (400, 404)."""
    body = json_body(call)
    if not isinstance(body, list) or not all(isinstance(each, str) for each in body):
        raise not_readable()
    found: dict[str, UUID] = {}
    for start in range(0, len(body), BATCH):
        rows = _reached(call).filter(controller_id__in=body[start : start + BATCH])
        found |= dict(rows.values_list("controller_id", "id"))
    if missing := [each for each in body if each not in found]:
        raise not_found("Target", missing[0])
    return list(found.values())


def _reached(call: Call) -> DeviceQuerySet:
    return devices_within(call.actor, groups.CHANGE, call.organization)


def _seen(call: Call) -> DeviceQuerySet:
    return devices_within(call.actor, "fleet.view_device", call.organization)
