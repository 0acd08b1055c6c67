"""What monitors on devices raise, and who reads it.

Sources: Mender API, Device monitor (device); for management the calls of Mender's web interface.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict

from api.mender.alerts import read_alerts, read_monitors
from api.mender.auth import for_device, for_user
from api.mender.ids import device_of
from api.mender.requests import (
    DeviceRequest,
    UserRequest,
    json_body,
    json_response,
    no_content,
    reported_body,
)
from api.mender.shapes.alerts import alert_shape
from api.mender.times import read_period
from api.paging import add_page_headers, read_page
from fleet import monitoring
from fleet.errors import Invalid
from fleet.models import Alert, Device, MonitorConfiguration
from fleet.reach import require_for

SORTS = {"": "-", "false": "-", "true": ""}


@for_device
def report_alerts(request: DeviceRequest) -> HttpResponse:
    alerts = read_alerts(reported_body(request))
    monitoring.report_alerts(device=request.device, alerts=alerts)
    return no_content()


@for_device
def report_monitors(request: DeviceRequest) -> HttpResponse:
    monitoring.report_monitors(device=request.device, monitors=read_monitors(json_body(request)))
    return no_content()


@for_user("fleet.view_alert", within_bounds=True)
def list_alerts(request: UserRequest, device_id: str) -> HttpResponse:
    device = _device(request, device_id)
    return _page(request, device, _matching(request.GET, Alert.objects.filter(device=device)))


@for_user("fleet.view_alert", within_bounds=True)
def list_latest_alerts(request: UserRequest, device_id: str) -> HttpResponse:
    """The last word of each monitor."""
    device = _device(request, device_id)
    return _page(request, device, Alert.objects.filter(device=device, is_latest=True))


@for_user("fleet.view_alert", within_bounds=True)
def show_monitors(request: UserRequest, device_id: str) -> HttpResponse:
    told = MonitorConfiguration.objects.filter(device=_device(request, device_id)).first()
    return json_response(told.monitors if told else [])


def _device(request: UserRequest, device_id: str) -> Device:
    device = device_of(request, device_id)
    require_for(request.actor, "fleet.view_alert", device)
    return device


def _matching(query: QueryDict, alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    bounds: dict[str, Any] = {}
    since, before = read_period(query, "issued")
    if since:
        bounds["raised_at__gte"] = since
    if before:
        bounds["raised_at__lt"] = before
    way = SORTS.get(query.get("sort_ascending", ""))
    if way is None:
        raise Invalid(
            "invalid_query", "sort_ascending: must be true or false", field="sort_ascending"
        )
    return alerts.filter(**bounds).order_by(f"{way}raised_at", f"{way}number")


def _page(request: UserRequest, device: Device, alerts: QuerySet[Alert]) -> HttpResponse:
    page = read_page(request.GET)
    found, has_more = page.of(alerts)
    response = json_response([alert_shape(alert, device) for alert in found])
    return add_page_headers(response, request, page, has_more=has_more, total=alerts.count())
