"""The devices of a deployment. Source: Mender API, Deployments (management)."""

from collections.abc import Set as AbstractSet

from django.db.models import Q
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.ids import deployment_of, valid_uuid
from api.mender.requests import UserRequest, json_array, json_response, no_content
from api.mender.shapes.deployments import STATE_OF_WORD, device_deployment_shape
from api.paging import add_page_headers, read_page
from deployments import logs
from deployments.aborting import abort_for_device
from deployments.models import DeviceDeployment, DeviceDeploymentQuerySet
from deployments.states import FINAL, OPEN, State
from fleet.errors import Invalid, NotFound

CHUNK = 500
PAUSED = {
    State.PAUSED_BEFORE_INSTALLING,
    State.PAUSED_BEFORE_REBOOTING,
    State.PAUSED_BEFORE_COMMITTING,
}
# Words that stand for several states.
STATES_OF_WORD: dict[str, AbstractSet[State]] = {"pause": PAUSED, "active": OPEN, "finished": FINAL}


@for_user("deployments.view_deployment")
def list_all_devices(request: UserRequest, deployment_id: str) -> HttpResponse:
    """The older list, without pages: of as many rows as there are devices."""
    rows = _told(request, deployment_id).iterator(CHUNK)
    return json_array(device_deployment_shape(row) for row in rows)


@for_user("deployments.view_deployment")
def list_devices(request: UserRequest, deployment_id: str) -> HttpResponse:
    page, rows = read_page(request.GET), _told(request, deployment_id)
    if word := request.GET.get("status"):
        rows = rows.filter(state__in=sorted(_states(word)))
    found, has_more = page.of(rows)
    response = json_response([device_deployment_shape(row) for row in found])
    return add_page_headers(response, request, page, has_more=has_more, total=rows.count())


@for_user("deployments.view_deployment")
def list_targets(request: UserRequest, deployment_id: str) -> HttpResponse:
    """The ids the deployment was made for, whether they have asked for it or not."""
    valid_uuid(deployment_id)
    rows = deployment_of(request, deployment_id).device_deployments.order_by("number")
    return json_response(list(rows.values_list("device_ref", flat=True)))


@for_user("deployments.view_deployment")
def show_log(request: UserRequest, deployment_id: str, device_id: str) -> HttpResponse:
    rows = deployment_of(request, deployment_id).device_deployments
    row = rows.filter(device_ref__in={device_id, device_id.lower()}).first()
    if row is None:
        raise NotFound("not_in_deployment", "Device not found in the deployment")
    return HttpResponse(logs.log_text(row), content_type="text/plain; charset=utf-8")


@for_user("deployments.change_deployment")
def abort_device(request: UserRequest, device_id: str) -> HttpResponse:
    """End everything the device has to do; it need not exist."""
    abort_for_device(actor=request.actor, organization=request.organization, device_ref=device_id)
    return no_content()


def _told(request: UserRequest, deployment_id: str) -> DeviceDeploymentQuerySet:
    """The rows Mender shows: of devices that have asked, or about which all is decided."""
    rows = DeviceDeployment.objects.filter(deployment=deployment_of(request, deployment_id))
    told = rows.filter(Q(admitted_at__isnull=False) | Q(is_open=False))
    related = told.select_related("deployment", "artifact__release")
    return related.order_by("state", "number")


def _states(word: str) -> AbstractSet[State]:
    if word in STATES_OF_WORD:
        return STATES_OF_WORD[word]
    if word not in STATE_OF_WORD:
        raise Invalid("invalid_status", f'unknown status "{word[:64]}"', field="status")
    return {STATE_OF_WORD[word]}
