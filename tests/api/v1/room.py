"""A small API of the tests' own: what is common to all endpoints, tried on views that do little."""

from typing import Any
from uuid import uuid4

from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Endpoint, Item, Need
from fleet.errors import Conflict
from fleet.listing.devices import DEVICES
from fleet.models import Device, SavedFilter
from fleet.models.device import DeviceQuerySet


class Term(Body):
    attribute = serializers.CharField(max_length=16)


class Named(Body):
    name = serializers.CharField(max_length=64)
    terms = Term(many=True, required=False)


class Filters(Endpoint):
    """Each POST makes a filter; one that is called "taken" is refused once it is made."""

    needs = {"POST": Need("fleet.add_savedfilter"), "GET": Need(None)}

    def get(self, request: Request) -> Response:
        raise RuntimeError("the secret reason")

    def post(self, request: Request) -> Response:
        body = read(Named, request)
        name = f"{body['name']} {uuid4()}"
        made = SavedFilter.objects.create(organization=self.organization, name=name)
        if body["name"] == "taken":
            raise Conflict("filter_exists", "There is one already.", field="name")
        headers = {"Location": f"/api/v1/filters/{made.id}"}
        return Response({"id": str(made.id), "name": made.name}, 201, headers=headers)


class Renamed(Item):
    """A device, to be renamed."""

    listing = DEVICES
    needs = {"GET": Need(None), "PATCH": Need("fleet.change_device"), "DELETE": Need(None)}

    def rows(self) -> DeviceQuerySet:
        return Device.objects.of(self.organization)

    def patch(self, request: Request, **names: Any) -> Response:
        body = read(Named, request)
        with self.changing(**names) as row:
            row.name = body["name"]
            row.save()
            if row.name == "refused":
                raise Conflict("device_leaving", "It is being removed.")
        return Response(self.told(row))

    def delete(self, request: Request, **names: Any) -> Response:
        with self.changing(**names) as row:
            row.delete()
        return Response(status=204)


urlpatterns = [
    path("api/v1/filters", Filters.as_view()),
    path("api/v1/renamed/<uuid:id>", Renamed.as_view()),
    path("", include("config.urls")),
]
