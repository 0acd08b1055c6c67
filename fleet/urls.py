"""Pages about people and devices. A device's own page shows more than the fleet knows of it:
it is with the deployments."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from fleet.views import account, device, devices

urlpatterns = [
    path("sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("organization/", account.switch_organization, name="organization-switch"),
    path("devices/", devices.devices, name="devices"),
    path("devices/decide/", devices.decide_on_many, name="devices-decide"),
    path("devices/<uuid:device_id>/keys/<uuid:key_id>/", device.judge_key, name="key"),
    path("devices/<uuid:device_id>/group/", device.move, name="device-group"),
    path("devices/<uuid:device_id>/decommission/", device.remove, name="device-decommission"),
]
