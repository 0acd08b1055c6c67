"""The description of the dialect for tools."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import openapi

urlpatterns = [path("api/mender/openapi.json", resource(GET=openapi.show_document))]
