"""Distribution sets are assigned to targets. Source: the seed, POST
/rest/v1/targets/{targetId}/assignedDS; hawkBit, POST /distributionsets/{id}/assignedTargets."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Value

from api.hawkbit.errors import not_found, not_readable
from api.hawkbit.finding import target_of, target_rows
from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.lists import listed
from api.hawkbit.members import moment_of, number_of, object_of, text_of, truth_of
from api.hawkbit.requests import Call, few, json_objects
from api.hawkbit.resources import Resource
from api.hawkbit.rights import PERMISSIONS, Right
from api.hawkbit.shapes.actions import assignment
from api.hawkbit.shapes.targets import targets_listed
from api.hawkbit.views.target_facts import AssignedSet
from artifacts.models import Release
from artifacts.reach import releases_within
from deployments.assigning import Wish, assign
from deployments.assignments import Options
from deployments.models import Deployment
from deployments.standing import ASSIGNED
from deployments.windows import Window, parse_window
from fleet.models import Device
from fleet.reach import devices_within

ASSIGN = (Right.READ_REPOSITORY, Right.UPDATE_TARGET)
UPDATE, VIEW = PERMISSIONS[Right.UPDATE_TARGET], PERMISSIONS[Right.READ_REPOSITORY]


class SetOfTarget(AssignedSet):
    """What one target is to run, and how that is said."""

    needs = {**AssignedSet.needs, "POST": ASSIGN}

    def post(self, call: Call, controller_id: str) -> dict[str, Any]:
        device = target_of(call, controller_id, UPDATE)
        bodies = json_objects(call)
        few(bodies)
        asked = [(id_of(body), options_of(body)) for body in bodies]
        numbers = {number for number, _ in asked}
        known = releases_within(call.actor, VIEW, call.organization).filter(number__in=numbers)
        for number in sorted(numbers - set(known.values_list("number", flat=True))):
            raise not_found("DistributionSet", number)
        return assigned(call, [Wish(device, number, options) for number, options in asked])


class TargetsOfSet(Resource):
    """The targets that are to run a set."""

    needs = {"GET": (Right.READ_REPOSITORY, Right.READ_TARGET), "POST": ASSIGN}

    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        release = release_of(call, set_id)
        rows = target_rows(call).annotate(assigned=ASSIGNED).filter(assigned=Value(release.number))
        return listed(call, TARGETS, rows, lambda page: targets_listed(call, page))

    def post(self, call: Call, set_id: int) -> dict[str, Any]:
        """Targets that nobody knows are passed over, as hawkBit does."""
        release, bodies = release_of(call, set_id), json_objects(call)
        few(bodies)
        asked = [(text_of(body, "id"), options_of(body)) for body in bodies]
        devices = _devices(call, [controller_id for controller_id, _ in asked])
        return assigned(
            call,
            [
                Wish(devices[controller_id], release.number, options)
                for controller_id, options in asked
                if controller_id in devices
            ],
        )


def assigned(call: Call, wishes: Sequence[Wish]) -> dict[str, Any]:
    """Assign, and tell what came of it."""
    made = assign(
        actor=call.actor,
        organization=call.organization,
        wishes=wishes,
        offline=bool(truth_of(call.GET.dict(), "offline")),
    )
    return assignment(call, made)


def options_of(body: dict[str, Any]) -> Options:
    """How urgent it is to be, of an assignment in a body."""
    return Options(
        action_type=action_type_of(body),
        forced_at=moment_of(body, "forcetime"),
        weight=number_of(body, "weight"),
        window=_window(body),
        is_confirmation_required=truth_of(body, "confirmationRequired"),
    )


def id_of(body: dict[str, Any]) -> int:
    number = number_of(body, "id")
    if number is None:
        raise not_readable()
    return number


def action_type_of(body: dict[str, Any]) -> Deployment.ActionType:
    word = text_of(body, "type")
    if word is None:
        return Deployment.ActionType.FORCED
    if word.lower() not in Deployment.ActionType.values:
        raise not_readable()
    return Deployment.ActionType(word.lower())


def _window(body: dict[str, Any]) -> Window | None:
    asked = object_of(body, "maintenanceWindow")
    if asked is None:
        return None
    return parse_window(
        text_of(asked, "schedule"), text_of(asked, "duration"), text_of(asked, "timezone")
    )


def release_of(call: Call, number: int) -> Release:
    release = releases_within(call.actor, VIEW, call.organization).filter(number=number).first()
    if release is None:
        raise not_found("DistributionSet", number)
    return release


def _devices(call: Call, controller_ids: Sequence[str | None]) -> dict[str | None, Device]:
    if None in controller_ids:
        raise not_readable()
    rows = devices_within(call.actor, UPDATE, call.organization)
    found = rows.filter(controller_id__in=set(controller_ids))
    return {device.controller_id: device for device in found}
