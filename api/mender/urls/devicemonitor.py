"""What monitors on devices raise."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import devicemonitor

DEVICE = "api/devices/v1/devicemonitor"
MONITOR = "api/management/v1/devicemonitor"

urlpatterns = [
    path(f"{DEVICE}/alert", resource(POST=devicemonitor.report_alerts)),
    path(f"{DEVICE}/config", resource(POST=devicemonitor.report_monitors)),
    path(
        f"{MONITOR}/devices/<str:device_id>/alerts",
        resource(GET=devicemonitor.list_alerts),
    ),
    path(
        f"{MONITOR}/devices/<str:device_id>/alerts/latest",
        resource(GET=devicemonitor.list_latest_alerts),
    ),
    path(
        f"{MONITOR}/devices/<str:device_id>/config",
        resource(GET=devicemonitor.show_monitors),
    ),
]
