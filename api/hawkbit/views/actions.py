"""Actions of one target, and of all. Source: the seed, GET /rest/v1/targets/{targetId}/actions and
below it; hawkBit, actions."""

from typing import Any

from django.db.models import QuerySet

from api.hawkbit.errors import Failure, Refused, bare, not_found, not_readable
from api.hawkbit.finding import target_of
from api.hawkbit.listing.actions import ACTION_STATUSES, ACTIONS
from api.hawkbit.lists import NUMBER, listed
from api.hawkbit.members import number_of, text_of, truth_of
from api.hawkbit.requests import Call, few, json_body, json_object, require_media_type
from api.hawkbit.resources import NOTHING, Answer, Resource
from api.hawkbit.rights import PERMISSIONS, Right
from api.hawkbit.selecting import selected
from api.hawkbit.shapes.actions import action, actions, read, statuses
from deployments.actions import actions_of
from deployments.cancelling import force_quit, request_cancel
from deployments.confirming import confirm, deny
from deployments.deleting import delete_actions
from deployments.events import Said
from deployments.forcing import force
from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet, StatusEvent
from fleet.reach import of_devices_within

READ, UPDATE = (Right.READ_TARGET,), (Right.UPDATE_TARGET,)
FORCED_ONLY = Failure(
    400,
    "repo.constraintViolation",
    "jakarta.validation.ValidationException",
    "Resource supports only switch to FORCED.",
)
MOST_MESSAGES, LONGEST_MESSAGE = 50, 512


class TargetActions(Resource):
    needs = {"GET": READ, "DELETE": UPDATE}

    def get(self, call: Call, controller_id: str) -> dict[str, Any]:
        rows = actions_of(call.organization).filter(device=target_of(call, controller_id))
        return listed(call, ACTIONS, read(rows), lambda page: actions(call, page))

    def delete(self, call: Call, controller_id: str) -> Answer:
        """All but the last of them, or those of the ids in the body."""
        rows = actions_of(call.organization).filter(device=target_of(call, controller_id))
        keep, ids = call.GET.get("keepLast"), _ids(call)
        if (keep is None) == (ids is None):
            raise not_readable()
        delete(call, rows.filter(number__in=ids) if ids is not None else _oldest(rows, keep))
        return NOTHING


class TargetAction(Resource):
    needs = {"GET": READ, "PUT": UPDATE, "DELETE": UPDATE}

    def get(self, call: Call, controller_id: str, action_id: int) -> dict[str, Any]:
        return action(call, of_target(call, controller_id, action_id))

    def put(self, call: Call, controller_id: str, action_id: int) -> dict[str, Any]:
        row = of_target(call, controller_id, action_id)
        kind = text_of(json_object(call), "forceType")
        if kind is not None and kind.lower() not in Deployment.ActionType.values:
            raise not_readable()
        if kind is None or kind.lower() != Deployment.ActionType.FORCED:
            raise Refused(FORCED_ONLY)
        force(actor=call.actor, row=row)
        return action(call, row)

    def delete(self, call: Call, controller_id: str, action_id: int) -> Answer:
        """Cancel it, or with `force` end what is being canceled."""
        end = force_quit if truth_of(call.GET.dict(), "force") else request_cancel
        end(actor=call.actor, row=of_target(call, controller_id, action_id))
        return NOTHING


class Confirmation(Resource):
    needs = {"PUT": UPDATE}

    def put(self, call: Call, controller_id: str, action_id: int) -> Answer:
        row, body = of_target(call, controller_id, action_id), json_object(call)
        answers = {"confirmed": confirm, "denied": deny}
        answer = answers.get((text_of(body, "confirmation") or "").lower())
        if answer is None:
            raise not_readable()
        answer(row=row, said=_said(body), actor=call.actor)
        return NOTHING


class ActionStatuses(Resource):
    needs = {"GET": READ}

    def get(self, call: Call, controller_id: str, action_id: int) -> dict[str, Any]:
        row = of_target(call, controller_id, action_id)
        events = StatusEvent.objects.filter(device_deployment=row)
        return listed(call, ACTION_STATUSES, events, statuses)


class Actions(Resource):
    """Those of all targets that the caller sees; `representation` is compact or full."""

    needs = {"GET": READ, "DELETE": UPDATE}

    def get(self, call: Call) -> dict[str, Any]:
        if call.GET.get("representation", "compact").lower() == "full":
            return listed(
                call, ACTIONS, _visible(call), lambda page: [action(call, row) for row in page]
            )
        return listed(call, ACTIONS, _visible(call), lambda page: actions(call, page))

    def delete(self, call: Call) -> Answer:
        """What `q` selects, or those of the ids in the body."""
        ids = _ids(call)
        if ("q" in call.GET) == (ids is not None):
            raise not_readable()
        rows = actions_of(call.organization)
        delete(call, selected(rows, ACTIONS, call) if ids is None else rows.filter(number__in=ids))
        return NOTHING


class Action(Resource):
    needs = {"GET": READ, "DELETE": UPDATE}

    def get(self, call: Call, action_id: int) -> dict[str, Any]:
        return action(call, _found(call, action_id))

    def delete(self, call: Call, action_id: int) -> Answer:
        row = _found(call, action_id)
        delete(call, actions_of(call.organization).filter(number=row.number))
        return NOTHING


def of_target(call: Call, controller_id: str, action_id: int) -> DeviceDeployment:
    """Raises Refused (404), without a body where it is of another target."""
    device, row = target_of(call, controller_id), _found(call, action_id)
    if row.device_id != device.pk:
        raise bare(404)
    return row


def delete(call: Call, rows: QuerySet[DeviceDeployment]) -> None:
    # Apart from what selects them: what is deleted is read again, batch by batch.
    chosen = DeviceDeployment.objects.filter(number__in=rows.order_by().values("number"))
    delete_actions(actor=call.actor, organization=call.organization, rows=chosen)


def _visible(call: Call) -> QuerySet[DeviceDeployment]:
    rows = read(actions_of(call.organization))
    view = PERMISSIONS[Right.READ_TARGET]
    return of_devices_within(rows, call.actor, view, call.organization)


def _found(call: Call, action_id: int) -> DeviceDeployment:
    row = _visible(call).filter(number=action_id).first()
    if row is None:
        raise not_found("Action", action_id)
    return row


def _oldest(rows: DeviceDeploymentQuerySet, keep: str | None) -> DeviceDeploymentQuerySet:
    if keep is None or not NUMBER.fullmatch(keep) or int(keep) < 0:
        raise not_readable()
    newest = rows.order_by("-number").values_list("number", flat=True)
    return rows.exclude(number__in=list(newest[: int(keep)]))


def _ids(call: Call) -> list[int] | None:
    """The numbers in the body, None without one."""
    if not call.body:
        return None
    require_media_type(call)
    ids = json_body(call)
    if not isinstance(ids, list) or not all(type(each) is int for each in ids):
        raise not_readable()
    few(ids)
    return ids


def _said(body: dict[str, Any]) -> Said:
    details = body.get("details")
    texts = [] if details is None else details if isinstance(details, list) else [details]
    if not all(isinstance(text, str) for text in texts):
        raise not_readable()
    messages = tuple(text[:LONGEST_MESSAGE] for text in texts[:MOST_MESSAGES])
    code = number_of(body, "code")
    if code is not None and not -(2**31) <= code < 2**31:
        raise not_readable()
    return Said(messages, code)
