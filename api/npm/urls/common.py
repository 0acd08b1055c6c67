"""Where an appliance says what it is and what services it has."""

from django.urls import path

from api.npm.openapi.services import COMMON, SYSTEM_UPDATE
from api.npm.views import common

urlpatterns = [
    path("common/1.0", common.Definition.as_view(name=COMMON), name="npm-common"),
    path("common/1.0/auth_info", common.AuthInfo.as_view(), name="npm-auth-info"),
    path("common/1.0/services", common.Services.as_view(), name="npm-services"),
    path("common/1.0/info", common.Info.as_view(), name="npm-info"),
    path(
        "npm.system_update/2.0",
        common.Definition.as_view(name=SYSTEM_UPDATE),
        name="npm-system-update",
    ),
]
