"""Where the resources of hawkBit's management API are, and its device API."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.hawkbit.resources import Nowhere
from api.hawkbit.views.openapi import show_document

ROOMS = ("targets", "target_kinds", "repository", "actions", "rollouts", "system")

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("rest/v1/", include(f"api.hawkbit.urls.{room}")) for room in ROOMS),
    path("api/hawkbit/openapi.json", show_document, name="hawkbit-openapi"),
    re_path(r"^rest/v1(?:/|$)", Nowhere.as_view(), name="hawkbit-nowhere"),
    path("<str:tenant>/controller/v1/<str:controller_id>", include("api.hawkbit.ddi.urls")),
]
