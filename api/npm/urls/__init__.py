"""Where Riverbed's system update is mounted: below the host of an appliance, and below
`/npm/<appliance>` for who has no DNS for that."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.npm.resources import Nowhere
from api.npm.views.openapi import Document

BASE = "npm.system_update/2.0/"

of_an_appliance: list[URLPattern | URLResolver] = [
    path("api/", include("api.npm.urls.common")),
    path(f"api/{BASE}", include("api.npm.urls.images")),
    path(f"api/{BASE}", include("api.npm.urls.update")),
]
urlpatterns: list[URLPattern | URLResolver] = [
    *of_an_appliance,
    path("npm/<str:appliance>/", include(of_an_appliance)),
    path("api/npm/openapi.json", Document.as_view(), name="npm-openapi"),
    re_path(r"^api/(?:npm\.system_update|common|npm)(?:/|$)", Nowhere.as_view()),
    re_path(r"^npm(?:/|$)", Nowhere.as_view(), name="npm-nowhere"),
]
