"""How far deployments are. Source: Mender API, Deployments (management), statistics."""

from typing import Any

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.deployment_ids import VIEW, visible_deployment
from api.mender.ids import valid_uuid
from api.mender.requests import UserRequest, json_body, json_response
from api.mender.shapes.deployments import counters_shape
from deployments.reach import deployments_within
from deployments.statistics import counts
from fleet.errors import Invalid, NotFound

MOST = 100


@for_user(VIEW, within_bounds=True)
def show_statistics(request: UserRequest, deployment_id: str) -> HttpResponse:
    number = visible_deployment(request, deployment_id).number
    return json_response(counters_shape(counts([number])[number]))


@for_user(VIEW, within_bounds=True)
def list_statistics(request: UserRequest) -> HttpResponse:
    """Of the deployments named, in that order; 404 if none of them is known."""
    ids = [valid_uuid(text) for text in _listed(json_body(request))]
    rows = deployments_within(request.actor, VIEW, request.organization).filter(id__in=ids)
    numbers = dict(rows.values_list("id", "number"))
    if ids and not numbers:
        raise NotFound("deployment_not_found", "Deployment not found")
    counted = counts(numbers.values())
    return json_response(
        [
            {"id": str(known), "stats": counters_shape(counted[numbers[known]])}
            for known in dict.fromkeys(ids)
            if known in numbers
        ]
    )


def _listed(body: Any) -> list[Any]:
    """The ids, be they the body itself or a member of it."""
    listed = member(body, "deployment_ids") if isinstance(body, dict) else body
    if not isinstance(listed, list) or len(listed) > MOST:
        raise Invalid("malformed_body", f"deployment_ids: a list of up to {MOST} ids is wanted")
    return listed
