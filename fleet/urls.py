"""Pages about people and devices. A device's own page shows more than the fleet knows of it:
it is with the deployments."""

from django.urls import path

from fleet.views import account, api_keys, device, devices, saved_views, signing_in

urlpatterns = [
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", signing_in.SignInCode.as_view(), name="sign-in-code"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="account-password"),
    path("account/two-factor/begin/", account.begin_two_factor, name="two-factor-begin"),
    path("account/two-factor/verify/", account.verify_two_factor, name="two-factor-verify"),
    path("account/two-factor/disable/", account.disable_two_factor, name="two-factor-disable"),
    path("account/tokens/", account.issue_token, name="account-tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", account.revoke_token, name="account-token"),
    path("api-keys/", api_keys.keys, name="api-keys"),
    path("api-keys/<uuid:key_id>/revoke/", api_keys.revoke, name="api-key-revoke"),
    path("organization/", account.switch_organization, name="organization-switch"),
    path("devices/", devices.devices, name="devices"),
    path("devices/complete/", devices.complete, name="devices-complete"),
    path("devices/views/", saved_views.save, name="views"),
    path("devices/views/<uuid:filter_id>/rename/", saved_views.rename, name="view-rename"),
    path("devices/views/<uuid:filter_id>/delete/", saved_views.delete, name="view-delete"),
    path("devices/decide/", devices.decide_on_many, name="devices-decide"),
    path("devices/<uuid:device_id>/keys/<uuid:key_id>/", device.judge_key, name="key"),
    path("devices/<uuid:device_id>/token/", device.judge_token, name="device-token"),
    path("devices/<uuid:device_id>/group/", device.move, name="device-group"),
    path("devices/<uuid:device_id>/decommission/", device.remove, name="device-decommission"),
]
