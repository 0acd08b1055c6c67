"""What a rollout is asked for with, read into its plan. Source: hawkBit, POST /rollouts."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import TextChoices

from api.hawkbit.errors import not_readable, violation
from api.hawkbit.members import (
    EPOCH,
    moment_of,
    number_of,
    object_of,
    objects_of,
    share_of,
    text_of,
    truth_of,
)
from deployments.models import Deployment, Phase
from deployments.rollouts.plans import Conditions, GroupPlan, Newcomers, RolloutPlan

# Of a condition that is given without saying what it is.
UNSAID = "100"

Word = TypeVar("Word", bound=TextChoices)


def plan_of(body: dict[str, Any]) -> RolloutPlan:
    """Raises Refused."""
    release = number_of(body, "distributionSetId")
    if release is None:
        raise violation("distributionSetId", "must not be null")
    conditions = _conditions(body, Conditions())
    is_confirmation_required = truth_of(body, "confirmationRequired")
    groups, amount = objects_of(body, "groups"), number_of(body, "amountGroups")
    if groups is not None and amount is not None:
        raise violation("groups", "and amountGroups exclude each other")
    action_type = _word(Deployment.ActionType, text_of(body, "type"), Deployment.ActionType.FORCED)
    return RolloutPlan(
        name=text_of(body, "name") or "",
        description=text_of(body, "description") or "",
        query=text_of(body, "targetFilterQuery") or "",
        release=release,
        amount=1 if amount is None else amount,
        groups=tuple(
            _group(each, conditions, is_confirmation_required=is_confirmation_required)
            for each in groups or ()
        ),
        conditions=conditions,
        action_type=action_type,
        forced_at=_forced_at(body, action_type),
        weight=number_of(body, "weight"),
        start_at=moment_of(body, "startAt"),
        newcomers=_newcomers(body),
        is_confirmation_required=is_confirmation_required,
    )


def _forced_at(body: dict[str, Any], action_type: Deployment.ActionType) -> datetime | None:
    """Said of another type it means nothing, as for hawkBit."""
    given = moment_of(body, "forcetime")
    return given or EPOCH if action_type == Deployment.ActionType.TIMEFORCED else None


def _group(
    body: dict[str, Any], conditions: Conditions, *, is_confirmation_required: bool | None
) -> GroupPlan:
    own = truth_of(body, "confirmationRequired")
    percent = share_of(body, "targetPercentage")
    return GroupPlan(
        name=text_of(body, "name") or "",
        description=text_of(body, "description") or "",
        query=text_of(body, "targetFilterQuery") or "",
        percent=100.0 if percent is None else percent,
        is_confirmation_required=is_confirmation_required if own is None else own,
        conditions=_conditions(body, conditions),
    )


def _newcomers(body: dict[str, Any]) -> Newcomers | None:
    if not truth_of(body, "dynamic"):
        return None
    template = object_of(body, "dynamicGroupTemplate") or {}
    count = number_of(template, "targetCount")
    if count is None:
        raise violation("dynamicGroupTemplate.targetCount", "must not be null")
    return Newcomers(count, text_of(template, "nameSuffix") or "")


def _conditions(body: dict[str, Any], otherwise: Conditions) -> Conditions:
    return Conditions(
        success=_threshold(body, "successCondition", otherwise.success),
        success_action=_success_action(body, otherwise.success_action),
        error=_threshold(body, "errorCondition", otherwise.error),
    )


def _threshold(body: dict[str, Any], name: str, otherwise: int) -> int:
    condition = object_of(body, name)
    if condition is None:
        return otherwise
    if (text_of(condition, "condition") or "THRESHOLD").upper() != "THRESHOLD":
        raise not_readable()
    expression = text_of(condition, "expression")
    text = (UNSAID if expression is None else expression).strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 3:
        raise violation(f"{name}.expression", "is a number of percent, 0 to 100")
    return int(text)


def _success_action(body: dict[str, Any], otherwise: Phase.SuccessAction) -> Phase.SuccessAction:
    failing = object_of(body, "errorAction") or {}
    if (text_of(failing, "action") or "PAUSE").upper() != "PAUSE":
        raise not_readable()
    action = object_of(body, "successAction")
    if action is None:
        return otherwise
    return _word(Phase.SuccessAction, (text_of(action, "action") or "").upper() or None, otherwise)


def _word(words: type[Word], text: str | None, otherwise: Word) -> Word:
    if text is None:
        return otherwise
    by_name = {str(word).lower(): word for word in words}
    word = by_name.get(text.lower())
    if word is None:
        raise not_readable()
    return word
