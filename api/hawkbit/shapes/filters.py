"""Target filters as hawkBit tells of them. Source: hawkBit, target filter queries."""

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from deployments.auto_assigning import in_place
from deployments.models import Deployment
from fleet.models import SavedFilter
from fleet.policies import policies_of
from fleet.saved_filters import text_of

FILTERS = "/rest/v1/targetfilters"


def target_filter(call: Call, saved: SavedFilter) -> dict[str, Any]:
    return target_filters(call, [saved])[0]


def target_filters(call: Call, rows: Sequence[SavedFilter]) -> list[dict[str, Any]]:
    """What each assigns by itself is read for all of them at once."""
    assigning = in_place().filter(auto_assignment__saved_filter__in=rows)
    found = list(assigning.select_related("auto_assignment"))
    prefetch_related_objects(found, "phases")
    by_filter = {each.auto_assignment.saved_filter_id: each for each in found}
    return [_target_filter(call, row, by_filter.get(row.pk)) for row in rows]


def _target_filter(call: Call, row: SavedFilter, assigns: Deployment | None) -> dict[str, Any]:
    at = f"{FILTERS}/{row.pk}"
    links = {"self": link(call, at), "autoAssignDS": link(call, f"{at}/autoAssignDS")}
    facts = {
        "createdBy": row.created_by or None,
        "createdAt": milliseconds(row.created_at),
        "lastModifiedBy": row.modified_by or None,
        "lastModifiedAt": milliseconds(row.modified_at),
        "name": row.name,
        "query": text_of(row),
        **(_assigned(call, assigns) if assigns else {}),
        "id": row.pk,
    }
    return told(facts) | {"_links": links}


def _assigned(call: Call, assigns: Deployment) -> dict[str, Any]:
    has_flow = policies_of(call.organization).confirmation_flow_enabled
    is_required = any(phase.is_confirmation_required for phase in assigns.phases.all())
    return {
        "autoAssignDistributionSet": assigns.release_id,
        "autoAssignActionType": assigns.action_type,
        "autoAssignWeight": assigns.weight,
        "confirmationRequired": is_required if has_flow else None,
    }
