"""Saved filters: conditions on devices with a name, shared in the organization."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Need, told
from api.v1.locking import LockedWithOrganization
from fleet.conditions import devices_of
from fleet.listing.devices import DEVICES
from fleet.listing.saved_filters import SAVED_FILTERS
from fleet.models import SavedFilter
from fleet.models.device import DeviceQuerySet
from fleet.permissions import require
from fleet.reach import devices_within
from fleet.saved_filters import NAME_LENGTH, change_filter, delete_filter, save_query

VIEW = Need("fleet.view_savedfilter")


class NewFilter(Body):
    """`query` is a condition in FIQL, as `q` of the list of devices takes it."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    query = serializers.CharField(trim_whitespace=False)


class SavedFilterCollection(Collection):
    listing = SAVED_FILTERS
    needs = {"GET": VIEW, "POST": Need("fleet.add_savedfilter")}

    def rows(self) -> QuerySet[SavedFilter]:
        return SavedFilter.objects.filter(organization=self.organization)

    def post(self, request: Request) -> Response:
        """Keep a condition under a name; nothing keeps which devices it selects today."""
        body = read(NewFilter, request)
        saved = save_query(actor=self.actor, organization=self.organization, **body)
        made = told(self.rows().filter(pk=saved.pk), SAVED_FILTERS.columns)[0]
        headers = {"Location": f"/api/v1/saved-filters/{saved.id}"}
        return Response(made, 201, headers=headers)


class SavedFilterItem(LockedWithOrganization):
    listing = SAVED_FILTERS
    needs = {
        "GET": VIEW,
        "PATCH": Need("fleet.change_savedfilter"),
        "DELETE": Need("fleet.delete_savedfilter"),
    }

    def rows(self) -> QuerySet[SavedFilter]:
        return SavedFilter.objects.filter(organization=self.organization)

    def patch(self, request: Request, **names: Any) -> Response:
        """Give it another name or another condition; deployments made by it have a copy."""
        body = read(NewFilter, request, partial=True)
        with self.changing(**names) as saved:
            change_filter(actor=self.actor, saved=saved, **body)
        return Response(self.told(saved))

    def delete(self, request: Request, **names: Any) -> Response:
        """Forget it, unless others refer to it; deployments made by it have a copy."""
        with self.changing(**names) as saved:
            if not delete_filter(actor=self.actor, saved=saved):
                raise Http404
        return Response(status=204)


class SavedFilterDevices(Collection):
    """The devices that match at this moment, to be filtered further as all devices are."""

    listing = DEVICES
    needs = {"GET": Need("fleet.view_device", within_bounds=True)}

    def rows(self) -> DeviceQuerySet:
        require(self.actor, "fleet.view_savedfilter")
        filters = SavedFilter.objects.filter(organization=self.organization)
        saved = filters.filter(id=self.kwargs["id"]).first()
        if saved is None:
            raise Http404
        within = devices_within(self.actor, "fleet.view_device", self.organization)
        return within & devices_of(self.organization, saved)
