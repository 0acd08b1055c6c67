from django.urls import path

from api.v1.openapi.document import show_document
from api.v1.views import documentation

urlpatterns = [
    path("v1/openapi.json", show_document, name="v1-openapi"),
    path("docs/", documentation.show_reference, name="api-reference"),
    path("docs/errors", documentation.show_errors, name="api-errors"),
    path("docs/fields", documentation.show_fields, name="api-fields"),
]
