"""The devices of a deployment. Source: Mender API, Deployments (management)."""

from collections.abc import Set as AbstractSet

from django.db.models import Q
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.deployment_ids import CHANGE, VIEW, visible_deployment
from api.mender.ids import device_of, valid_uuid
from api.mender.progress import progress_of
from api.mender.requests import UserRequest, json_array, json_response, no_content
from api.mender.shapes.deployments import (
    SHOWN_WORD,
    device_deployment_shape,
    history_shape,
)
from api.paging import add_page_headers, read_page
from deployments import logs
from deployments.aborting import abort_for_device
from deployments.history import forget_history, history_of
from deployments.models import DeviceDeployment, DeviceDeploymentQuerySet
from deployments.reach import deployments_within
from deployments.states import FINAL, OPEN, State
from fleet.errors import Invalid, NotFound

CHUNK = 500
MOST_OF_HISTORY = 20
PAUSED = {
    State.PAUSED_BEFORE_INSTALLING,
    State.PAUSED_BEFORE_REBOOTING,
    State.PAUSED_BEFORE_COMMITTING,
}
# Words that stand for several states.
STATES_OF_WORD: dict[str, AbstractSet[State]] = {"pause": PAUSED, "active": OPEN, "finished": FINAL}


@for_user(VIEW, within_bounds=True)
def list_all_devices(request: UserRequest, deployment_id: str) -> HttpResponse:
    """The older list, without pages: of as many rows as there are devices."""
    rows = _told(request, deployment_id).iterator(CHUNK)
    return json_array(device_deployment_shape(row) for row in rows)


@for_user(VIEW, within_bounds=True)
def list_devices(request: UserRequest, deployment_id: str) -> HttpResponse:
    page, rows = read_page(request.GET), _with_status(request, _told(request, deployment_id))
    found, has_more = page.of(rows)
    response = json_response([device_deployment_shape(row) for row in found])
    return add_page_headers(response, request, page, has_more=has_more, total=rows.count())


@for_user(VIEW, within_bounds=True)
def list_targets(request: UserRequest, deployment_id: str) -> HttpResponse:
    """The ids the deployment was made for, whether they have asked for it or not."""
    valid_uuid(deployment_id)
    rows = visible_deployment(request, deployment_id).device_deployments.order_by("number")
    return json_array(rows.values_list("device_ref", flat=True).iterator(CHUNK))


@for_user(VIEW, within_bounds=True)
def show_log(request: UserRequest, deployment_id: str, device_id: str) -> HttpResponse:
    rows = visible_deployment(request, deployment_id).device_deployments
    row = rows.filter(device_ref__in={device_id, device_id.lower()}).first()
    if row is None:
        raise NotFound("not_in_deployment", "Device not found in the deployment")
    return HttpResponse(logs.log_text(row), content_type="text/plain; charset=utf-8")


@for_user(CHANGE, within_bounds=True)
def abort_device(request: UserRequest, device_id: str) -> HttpResponse:
    """End everything the device has to do; it need not exist."""
    abort_for_device(actor=request.actor, organization=request.organization, device_ref=device_id)
    return no_content()


@for_user(VIEW, within_bounds=True)
def list_history(request: UserRequest, device_id: str) -> HttpResponse:
    """What the device has been through, newest first; of the deployments the caller may see."""
    page, device = read_page(request.GET, max_size=MOST_OF_HISTORY), device_of(request, device_id)
    seen = deployments_within(request.actor, VIEW, request.organization)
    rows = _with_status(request, history_of(device).filter(deployment__in=seen))
    related = rows.select_related("deployment", "artifact__release")
    found, has_more = page.of(related.prefetch_related("deployment__phases"))
    progress = progress_of([row.deployment for row in found])
    response = json_response([history_shape(row, progress[row.deployment_id]) for row in found])
    return add_page_headers(response, request, page, has_more=has_more, total=rows.count())


@for_user(CHANGE, within_bounds=True)
def delete_history(request: UserRequest, device_id: str) -> HttpResponse:
    forget_history(actor=request.actor, device=device_of(request, device_id))
    return no_content()


def _told(request: UserRequest, deployment_id: str) -> DeviceDeploymentQuerySet:
    """The rows Mender shows: of devices that have asked, or about which all is decided."""
    rows = DeviceDeployment.objects.filter(deployment=visible_deployment(request, deployment_id))
    told = rows.filter(Q(admitted_at__isnull=False) | Q(is_open=False))
    related = told.select_related("deployment", "artifact__release")
    return related.order_by("state", "number")


def _with_status(request: UserRequest, rows: DeviceDeploymentQuerySet) -> DeviceDeploymentQuerySet:
    word = request.GET.get("status")
    return rows.filter(state__in=sorted(_states(word))) if word else rows


def _states(word: str) -> AbstractSet[State]:
    if word in STATES_OF_WORD:
        return STATES_OF_WORD[word]
    if word not in SHOWN_WORD.values():
        raise Invalid("invalid_status", f'unknown status "{word[:64]}"', field="status")
    return {state for state, shown in SHOWN_WORD.items() if shown == word}
