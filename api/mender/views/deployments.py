"""Management of deployments. Source: Mender API, Deployments (management)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.deployment_ids import CHANGE, VIEW, changeable_deployment, visible_deployment
from api.mender.ids import uuid_of, valid_uuid
from api.mender.plans import read_control_map, read_dynamic_plan, read_plan
from api.mender.progress import progress_of
from api.mender.requests import (
    UserRequest,
    created,
    json_object,
    json_response,
    no_content,
)
from api.mender.shapes.deployments import STATUSES_OF_WORD, deployment_shape
from api.mender.times import read_period
from api.paging import add_page_headers, read_page
from deployments import aborting
from deployments.control_maps import change_control_map
from deployments.creating import create_deployment
from deployments.models import Deployment, DeploymentQuerySet
from deployments.planning import Plan
from deployments.reach import ADD, deployments_within
from fleet.errors import Conflict, Invalid

PATH = "/api/management/v1/deployments/deployments"
DUPLICATE = (
    "Invalid deployment definition: there is already an active deployment with the same parameters"
)
ORDER = {"": "-number", "desc": "-number", "asc": "number"}
MOST = 100


@for_user(VIEW, within_bounds=True)
def list_deployments(request: UserRequest) -> HttpResponse:
    return _listed(request, _found_by_text(request, _matching(request)))


@for_user(VIEW, within_bounds=True)
def list_deployments_v2(request: UserRequest) -> HttpResponse:
    """Without the search, but by exact names and ids, each any number of times."""
    deployments = _matching(request)
    if names := request.GET.getlist("name"):
        deployments = deployments.filter(name__in=_few(names, "name"))
    if ids := request.GET.getlist("id"):
        deployments = deployments.filter(id__in=[uuid_of(text) for text in _few(ids, "id")])
    return _listed(request, deployments)


def _listed(request: UserRequest, deployments: DeploymentQuerySet) -> HttpResponse:
    page = read_page(request.GET)
    found, has_more = page.of(deployments.prefetch_related("phases"))
    progress = progress_of(found)
    response = json_response(
        [deployment_shape(deployment, progress[deployment.number]) for deployment in found]
    )
    total = deployments.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user(ADD, within_bounds=True)
def create(request: UserRequest) -> HttpResponse:
    return _create(request, read_plan)


@for_user(ADD, within_bounds=True)
def create_dynamic(request: UserRequest) -> HttpResponse:
    return _create(request, read_dynamic_plan)


@for_user(ADD, within_bounds=True)
def create_for_group(request: UserRequest, name: str) -> HttpResponse:
    return _create(request, partial(read_plan, group=name))


@for_user(VIEW, within_bounds=True)
def show(request: UserRequest, deployment_id: str) -> HttpResponse:
    deployment = visible_deployment(request, deployment_id)
    return json_response(deployment_shape(deployment, progress_of([deployment])[deployment.number]))


@for_user(CHANGE, within_bounds=True)
def patch(request: UserRequest, deployment_id: str) -> HttpResponse:
    """The update control map is all that can be changed."""
    control_map = read_control_map(json_object(request))
    if control_map is None:
        raise Invalid("invalid_field", "update_control_map: cannot be blank")
    valid_uuid(deployment_id)
    deployment = changeable_deployment(request, deployment_id)
    change_control_map(actor=request.actor, deployment=deployment, control_map=control_map)
    return no_content()


@for_user()
def show_config(request: UserRequest) -> HttpResponse:
    """What this server can do to artifacts: it makes no deltas."""
    return json_response({"delta": {"enabled": False}})


@for_user(CHANGE, within_bounds=True)
def abort(request: UserRequest, deployment_id: str) -> HttpResponse:
    if member(json_object(request), "status") != "aborted":
        raise Invalid("invalid_status", "Unexpected deployment status", field="status")
    valid_uuid(deployment_id)
    deployment = changeable_deployment(request, deployment_id)
    aborting.abort(actor=request.actor, deployment=deployment)
    return no_content()


def _create(request: UserRequest, read: Callable[[dict[str, Any]], Plan]) -> HttpResponse:
    try:
        deployment = create_deployment(
            actor=request.actor,
            organization=request.organization,
            plan=read(json_object(request)),
        )
    except Invalid as error:
        if error.code == "no_devices":
            raise
        raise Invalid(error.code, f"Validating request body: {error.message}") from error
    except Conflict as error:
        message = DUPLICATE if error.code == "duplicate_deployment" else error.message
        raise Conflict(error.code, message) from error
    return created(f"{PATH}/{deployment.id}")


def _matching(request: UserRequest) -> DeploymentQuerySet:
    deployments = deployments_within(request.actor, VIEW, request.organization)
    if status := request.GET.get("status"):
        if status not in STATUSES_OF_WORD:
            raise _invalid("status", status)
        deployments = deployments.with_course(*STATUSES_OF_WORD[status])
    if kind := request.GET.get("type"):
        if kind not in Deployment.Kind.values:
            raise _invalid("type", kind)
        deployments = deployments.filter(kind=kind)
    return _ordered(request, _created_between(request, deployments))


def _found_by_text(request: UserRequest, deployments: DeploymentQuerySet) -> DeploymentQuerySet:
    text = request.GET.get("search")
    if not text:
        return deployments
    return deployments.filter(Q(name__icontains=text) | Q(release_name__icontains=text))


def _few(values: list[str], name: str) -> list[str]:
    if len(values) > MOST:
        raise Invalid("invalid_query", f"{name}: at most {MOST} at once", field=name)
    return values


def _created_between(request: UserRequest, deployments: DeploymentQuerySet) -> DeploymentQuerySet:
    since, before = read_period(request.GET)
    if since:
        deployments = deployments.filter(created_at__gte=since)
    if before:
        deployments = deployments.filter(created_at__lt=before)
    return deployments


def _ordered(request: UserRequest, deployments: DeploymentQuerySet) -> DeploymentQuerySet:
    sort = request.GET.get("sort", "")
    if sort not in ORDER:
        raise _invalid("sort", sort)
    return deployments.order_by(ORDER[sort])


def _invalid(name: str, value: str) -> Invalid:
    return Invalid("invalid_query", f'invalid {name} query: "{value[:64]}"', field=name)
