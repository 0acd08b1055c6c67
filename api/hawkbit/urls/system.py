"""Addresses of the configuration of the tenant and who calls."""

from django.urls import URLPattern, path

from api.hawkbit.views.system import Configurations, OneConfiguration, UserInfo

urlpatterns: list[URLPattern] = [
    path("system/configs", Configurations.as_view(), name="hawkbit-configurations"),
    path("system/configs/<str:key>", OneConfiguration.as_view(), name="hawkbit-configuration"),
    path("userinfo", UserInfo.as_view(), name="hawkbit-userinfo"),
]
