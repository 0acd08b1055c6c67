"""Every path of the dialect. None ends in a slash; what nobody knows is 404 in Mender's shape."""

from django.urls import URLPattern, re_path

from api.mender.resources import not_found
from api.mender.urls import (
    artifacts,
    auditlogs,
    deployments,
    devauth,
    deviceconfig,
    devicemonitor,
    devices,
    inventory,
    openapi,
    useradm,
)

urlpatterns: list[URLPattern] = [
    *auditlogs.urlpatterns,
    *devices.urlpatterns,
    # Releases lie below the path of deployments: before "the deployment called releases".
    *artifacts.urlpatterns,
    *deployments.urlpatterns,
    *devauth.urlpatterns,
    *deviceconfig.urlpatterns,
    *devicemonitor.urlpatterns,
    *inventory.urlpatterns,
    *useradm.urlpatterns,
    *openapi.urlpatterns,
    re_path(r"^api/", not_found),
]
