"""Where everything is mounted: one line for each room."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("api.v1.exports.urls")),
    path("", include("webhooks.urls")),
    path("", include("deployments.urls")),
    path("", include("artifacts.urls")),
    path("", include("fleet.urls")),
    path("", include("api.v1.urls")),
    path("", include("api.hawkbit.urls")),
    path("", include("api.carbonblack.urls")),
    path("", include("api.digi.urls")),
    path("", include("api.npm.urls")),
    # Last of all under /api/: it answers every path there that nobody knows.
    path("", include("api.mender.urls")),
]
