"""Rollouts and their deploy groups as hawkBit tells of them. Source: hawkBit, rollouts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from artifacts.models import Release
from deployments.models import Deployment, DeploymentQuerySet, Phase
from deployments.rollouts.states import ROLLOUT_STATE
from deployments.rollouts.totals import GroupTotals, RolloutTotals, totals_of
from fleet.policies import policies_of

ROLLOUTS = "/rest/v1/rollouts"
PAGE = "?offset=0&limit=50"
THRESHOLD = "THRESHOLD"
VERBS = ("start", "pause", "resume", "triggerNextGroup", "approve", "deny")


def read(deployments: DeploymentQuerySet) -> DeploymentQuerySet:
    """With all that is told of them."""
    return deployments.select_related("release").annotate(rollout_state=ROLLOUT_STATE)


def rollouts_listed(call: Call, rows: Sequence[Deployment]) -> list[dict[str, Any]]:
    """Entries of a compact list."""
    return [_rollout(row) | _links(call, {"self": path_of(row)}) for row in rows]


def rollouts_in_full(call: Call, rows: Sequence[Deployment]) -> list[dict[str, Any]]:
    """With the sums of their devices and all their links, in a fixed number of queries."""
    return [_in_full(call, totals) for totals in totals_of(rows)]


def path_of(deployment: Deployment) -> str:
    return f"{ROLLOUTS}/{deployment.number}"


def groups_listed(
    call: Call, rollout: Deployment, page: Sequence[Phase], *, in_full: bool
) -> list[dict[str, Any]]:
    (totals,) = totals_of([rollout])
    by_number = {group.phase.number: group for group in totals.groups}
    return [group_told(call, rollout, by_number[phase.number], in_full=in_full) for phase in page]


def group_told(
    call: Call, rollout: Deployment, group: GroupTotals, *, in_full: bool = True
) -> dict[str, Any]:
    phase, at = group.phase, f"{path_of(rollout)}/deploygroups/{group.phase.number}"
    confirms = policies_of(call.organization).confirmation_flow_enabled
    facts = {
        **_authorship(rollout),
        "name": phase.name or f"group-{phase.position + 1}",
        "description": phase.description or None,
        "id": phase.number,
        "status": str(group.state),
        "targetFilterQuery": phase.target_query,
        "targetPercentage": _percent(phase),
        "totalTargets": group.totals.devices,
        "totalTargetsPerStatus": asdict(group.totals) if in_full else None,
        "confirmationRequired": phase.is_confirmation_required if confirms else None,
        "dynamic": phase.is_for_newcomers,
        **_conditions(phase),
    }
    links = {"self": at, "targets": f"{at}/targets{PAGE}"} if in_full else {"self": at}
    return told(facts) | _links(call, links)


def _in_full(call: Call, totals: RolloutTotals) -> dict[str, Any]:
    row = totals.deployment
    at = path_of(row)
    sums = {
        "totalTargets": totals.totals.devices,
        "totalTargetsPerStatus": asdict(totals.totals),
        "totalGroups": len(totals.groups),
    }
    paths = {"self": at, **{verb: f"{at}/{verb}" for verb in VERBS}}
    links: dict[str, Any] = {rel: link(call, path) for rel, path in paths.items()}
    groups = link(call, f"{at}/deploygroups{PAGE}{{&sort,q}}")
    links["groups"] = groups | {"templated": True}
    if row.release is not None:
        links["distributionset"] = _set_link(call, row.release)
    return _rollout(row) | sums | {"_links": links}


def _set_link(call: Call, release: Release) -> dict[str, str]:
    return link(call, f"/rest/v1/distributionsets/{release.pk}") | {"name": release.name}


def _rollout(row: Deployment) -> dict[str, Any]:
    return told(
        {
            **_authorship(row),
            "name": row.name,
            "description": row.description or None,
            "id": row.number,
            "targetFilterQuery": _query(row),
            "distributionSetId": row.release_id,
            "status": vars(row)["rollout_state"],
            "totalTargets": row.size,
            "startAt": milliseconds(row.start_at),
            "forcetime": milliseconds(row.forced_at) or 0,
            "type": row.action_type,
            "weight": row.weight,
            "dynamic": row.is_dynamic or row.newcomers is not None,
            "deleted": row.archived_at is not None,
            "approveDecidedBy": row.approval_by or None,
            "approvalRemark": row.approval_remark or None,
        }
    )


def _query(row: Deployment) -> str:
    """What a rollout was made with; of what was planned otherwise, what would say the same."""
    match row.target:
        case Deployment.Target.ALL:
            return "id==*"
        case Deployment.Target.GROUP if row.groups:
            name = str(row.groups[0]).replace("\\", "\\\\").replace('"', '\\"')
            return f'group=="{name}"'
        case _:
            return row.query


def _authorship(row: Deployment) -> dict[str, Any]:
    return {
        "createdBy": row.created_by or None,
        "createdAt": milliseconds(row.created_at),
        "lastModifiedBy": row.modified_by or row.created_by or None,
        "lastModifiedAt": milliseconds(row.modified_at or row.created_at),
    }


def _percent(phase: Phase) -> float:
    share = phase.percent if phase.target_percent is None else phase.target_percent
    return 100.0 if share is None else float(share)


def _conditions(phase: Phase) -> dict[str, Any]:
    """None of what was planned by time."""
    if phase.success_threshold is None or phase.error_threshold is None:
        return {}
    return {
        "successCondition": _condition(phase.success_threshold),
        "successAction": {"action": str(phase.success_action), "expression": ""},
        "errorCondition": _condition(phase.error_threshold),
        "errorAction": {"action": "PAUSE", "expression": ""},
    }


def _condition(threshold: int) -> dict[str, str]:
    return {"condition": THRESHOLD, "expression": str(threshold)}


def _links(call: Call, paths: dict[str, str]) -> dict[str, Any]:
    return {"_links": {rel: link(call, path) for rel, path in paths.items()}}
