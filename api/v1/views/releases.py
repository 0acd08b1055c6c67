"""Releases: what there is to install, and what people say of it."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Item, Need
from artifacts.listing import RELEASES
from artifacts.models import ReleaseQuerySet
from artifacts.operations import delete_release
from artifacts.reach import releases_within
from artifacts.releases import set_notes
from artifacts.tags import set_tags

VIEW = "artifacts.view_release"


class ReleaseChange(Body):
    """What is left out stays as it is; tags are replaced by those given."""

    notes = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)


class ReleaseCollection(Collection):
    listing = RELEASES
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> ReleaseQuerySet:
        return releases_within(self.actor, VIEW, self.organization)


class ReleaseItem(Item):
    listing = RELEASES
    needs = {
        "GET": Need(VIEW, within_bounds=True),
        "PATCH": Need("artifacts.change_release", within_bounds=True),
        "DELETE": Need("artifacts.delete_release", within_bounds=True),
    }

    def rows(self) -> ReleaseQuerySet:
        return releases_within(self.actor, VIEW, self.organization)

    def patch(self, request: Request, **names: Any) -> Response:
        """Change notes and tags; only who may change every release may change tags."""
        body = read(ReleaseChange, request, partial=True)
        with self.changing(**names) as release:
            if "tags" in body:
                set_tags(actor=self.actor, release=release, tags=body["tags"])
            if "notes" in body:
                set_notes(actor=self.actor, release=release, notes=body["notes"])
        return Response(self.told(release))

    def delete(self, request: Request, **names: Any) -> Response:
        """Delete a release with all its artifacts; not while a deployment uses it."""
        with self.changing(**names) as release:
            delete_release(actor=self.actor, release=release)
        return Response(status=204)
