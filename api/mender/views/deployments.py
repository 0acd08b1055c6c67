"""Management of deployments. Source: Mender API, Deployments (management)."""

from django.db.models import Q
from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.ids import deployment_of, valid_uuid
from api.mender.plans import read_plan
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
from deployments.creating import create_deployment
from deployments.models import Deployment, DeploymentQuerySet
from fleet.errors import Conflict, Invalid

PATH = "/api/management/v1/deployments/deployments"
DUPLICATE = (
    "Invalid deployment definition: there is already an active deployment with the same parameters"
)
ORDER = {"": "-number", "desc": "-number", "asc": "number"}


@for_user("deployments.view_deployment")
def list_deployments(request: UserRequest) -> HttpResponse:
    page, deployments = read_page(request.GET), _matching(request)
    found, has_more = page.of(deployments.prefetch_related("phases"))
    progress = progress_of(found)
    response = json_response(
        [deployment_shape(deployment, progress[deployment.number]) for deployment in found]
    )
    total = deployments.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user("deployments.add_deployment")
def create(request: UserRequest) -> HttpResponse:
    return _create(request)


@for_user("deployments.add_deployment")
def create_for_group(request: UserRequest, name: str) -> HttpResponse:
    return _create(request, group=name)


@for_user("deployments.view_deployment")
def show(request: UserRequest, deployment_id: str) -> HttpResponse:
    deployment = deployment_of(request, deployment_id)
    return json_response(deployment_shape(deployment, progress_of([deployment])[deployment.number]))


@for_user("deployments.change_deployment")
def abort(request: UserRequest, deployment_id: str) -> HttpResponse:
    if member(json_object(request), "status") != "aborted":
        raise Invalid("invalid_status", "Unexpected deployment status", field="status")
    valid_uuid(deployment_id)
    aborting.abort(actor=request.actor, deployment=deployment_of(request, deployment_id))
    return no_content()


def _create(request: UserRequest, *, group: str | None = None) -> HttpResponse:
    try:
        deployment = create_deployment(
            actor=request.actor,
            organization=request.organization,
            plan=read_plan(json_object(request), group=group),
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
    deployments = Deployment.objects.of(request.organization)
    if status := request.GET.get("status"):
        if status not in STATUSES_OF_WORD:
            raise _invalid("status", status)
        deployments = deployments.with_status(*STATUSES_OF_WORD[status])
    if kind := request.GET.get("type"):
        if kind not in Deployment.Kind.values:
            raise _invalid("type", kind)
        deployments = deployments.filter(kind=kind)
    if text := request.GET.get("search"):
        deployments = deployments.filter(Q(name__icontains=text) | Q(release_name__icontains=text))
    return _ordered(request, _created_between(request, deployments))


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
