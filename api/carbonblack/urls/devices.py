"""The addresses of the Devices API, v6, as far as sensor updates need it."""

from django.urls import path

from api.carbonblack.views.devices import DeviceActions, DeviceSearch, OneDevice

BASE = "appservices/v6/orgs/<str:org_key>"

urlpatterns = [
    path(f"{BASE}/devices/_search", DeviceSearch.as_view(), name="carbonblack-device-search"),
    path(f"{BASE}/devices/<str:device_id>", OneDevice.as_view(), name="carbonblack-device"),
    path(f"{BASE}/device_actions", DeviceActions.as_view(), name="carbonblack-device-actions"),
]
