"""Where Carbon Black's Sensor Update Services are mounted, and what of its platform they need."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.carbonblack.resources import Nowhere
from api.carbonblack.views.openapi import show_document

ROOMS = ("jobs", "service_jobs", "devices")

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"api.carbonblack.urls.{room}")) for room in ROOMS),
    path("api/carbonblack/openapi.json", show_document, name="carbonblack-openapi"),
    re_path(
        r"^(?:sensor_update_service|jobs/v1|appservices)(?:/|$)",
        Nowhere.as_view(),
        name="carbonblack-nowhere",
    ),
]
