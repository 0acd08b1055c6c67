"""How a rollout is meant to run, and the rules that its description keeps to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from deployments.models import Deployment, Phase
from fleet.declared import check_text
from fleet.errors import Invalid, LimitReached

MOST_GROUPS = 500
MOST_IN_GROUP = 20_000
HEAVIEST = 1000
NAME_LENGTH, TEXT_LENGTH = 128, 512


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a group has succeeded and what follows, and when it has failed; shares in percent."""

    success: int = 50
    success_action: Phase.SuccessAction = Phase.SuccessAction.NEXTGROUP
    error: int = 50


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A share of the devices that match the rollout's query and this one's own."""

    name: str = ""
    description: str = ""
    query: str = ""
    percent: float = 100.0
    is_confirmation_required: bool | None = None
    conditions: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The groups of devices that come to match later: of how many, and what follows the number
    in their names."""

    target_count: int
    name_suffix: str = ""


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """What is asked for: `groups`, or an `amount` of equal ones.

    `query` is in hawkBit's language and `release` the number of one. Without `start_at` people
    start it. Whether devices have to confirm it is asked only where the organization lets them;
    None is then yes.
    """

    name: str
    query: str
    release: int
    description: str = ""
    amount: int = 1
    groups: tuple[GroupPlan, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    action_type: Deployment.ActionType = Deployment.ActionType.FORCED
    forced_at: datetime | None = None
    weight: int | None = None
    start_at: datetime | None = None
    newcomers: Newcomers | None = None
    is_confirmation_required: bool | None = None

    def pieces(self) -> tuple[GroupPlan, ...]:
        """The groups as they are to be; equal ones share among them what there is."""
        if self.groups:
            named = enumerate(self.groups, start=1)
            return tuple(_named(each, number) for number, each in named)
        percent = 100 / self.amount
        return tuple(
            GroupPlan(
                name=group_name(number),
                percent=percent,
                is_confirmation_required=self.is_confirmation_required,
                conditions=self.conditions,
            )
            for number in range(1, self.amount + 1)
        )


def group_name(number: int) -> str:
    return f"group-{number}"


def _named(group: GroupPlan, number: int) -> GroupPlan:
    if group.name:
        return group
    return GroupPlan(
        group_name(number),
        group.description,
        group.query,
        group.percent,
        group.is_confirmation_required,
        group.conditions,
    )


def check(plan: RolloutPlan) -> None:
    """Raise Invalid "invalid_rollout" or "text_invalid" where the plan itself makes no sense, or
    "no_query"; LimitReached "too_many_groups" or "group_too_large"."""
    check_texts(plan.name, plan.description)
    if not plan.query.strip():
        raise Invalid("no_query", "A rollout needs a query", field="targetFilterQuery")
    _check_weight(plan.weight)
    is_timeforced = plan.action_type == Deployment.ActionType.TIMEFORCED
    if is_timeforced != (plan.forced_at is not None):
        raise _invalid("forcetime", "goes with timeforced and nothing else")
    _check_conditions(plan.conditions)
    _check_amount(plan)
    _check_groups(plan.groups)


def check_texts(name: str, description: str) -> None:
    """Raise Invalid "text_invalid" for what no name or no description is."""
    check_text("name", name, NAME_LENGTH, least=1)
    check_text("description", description, TEXT_LENGTH)


def _check_weight(weight: int | None) -> None:
    if weight is not None and not 0 <= weight <= HEAVIEST:
        raise _invalid("weight", f"is 0 to {HEAVIEST}")


def _check_conditions(conditions: Conditions) -> None:
    if not (0 <= conditions.success <= 100 and 0 <= conditions.error <= 100):
        raise _invalid("expression", "is a number of percent, 0 to 100")


def _check_amount(plan: RolloutPlan) -> None:
    if plan.groups and plan.newcomers:
        raise _invalid("groups", "cannot be listed for a dynamic rollout")
    if not plan.groups and plan.amount < 1:
        raise _invalid("amountGroups", "is at least 1")
    if max(plan.amount, len(plan.groups)) > MOST_GROUPS:
        message = f"A rollout has at most {MOST_GROUPS} groups"
        raise LimitReached("too_many_groups", message)
    if plan.newcomers:
        _check_newcomers(plan.newcomers)


def _check_newcomers(newcomers: Newcomers) -> None:
    suffix = newcomers.name_suffix
    check_text("nameSuffix", suffix, NAME_LENGTH - len(group_name(MOST_GROUPS)))
    if newcomers.target_count < 1:
        raise _invalid("targetCount", "is at least 1")
    check_size(newcomers.target_count)


def _check_groups(groups: Sequence[GroupPlan]) -> None:
    for group in groups:
        check_text("name", group.name, NAME_LENGTH)
        check_text("description", group.description, TEXT_LENGTH)
        if not 0 < group.percent <= 100:
            raise _invalid("targetPercentage", "is more than 0 and up to 100")
        _check_conditions(group.conditions)


def check_size(devices: int) -> None:
    """Raise LimitReached "group_too_large" for more devices than a group may have."""
    if devices > MOST_IN_GROUP:
        message = f"A group has at most {MOST_IN_GROUP} devices"
        raise LimitReached("group_too_large", message)


def _invalid(field_name: str, reason: str) -> Invalid:
    return Invalid("invalid_rollout", f"{field_name} {reason}", field=field_name)
