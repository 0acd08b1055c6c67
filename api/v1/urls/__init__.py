"""`/api/v1/`: a module for each area."""

from django.urls import include, path, re_path

from api.v1.views.nothing import Nothing

urlpatterns = [
    path("api/v1/", include("api.v1.urls.deployments")),
    path("api/v1/", include("api.v1.urls.devices")),
    path("", include("api.v1.urls.exports")),
    path("api/v1/", include("api.v1.urls.people")),
    path("api/v1/", include("api.v1.urls.records")),
    path("api/v1/", include("api.v1.urls.releases")),
    path("api/v1/", include("api.v1.urls.webhooks")),
    path("api/", include("api.v1.urls.documentation")),
    # Last: what nobody knows is answered in this API's own shape.
    re_path(r"^api/v1(/|$)", Nothing.as_view(), name="v1-nothing"),
]
