"""The caller's organization, those they are in, and themself."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.people import MeTold
from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Endpoint, Item, Need, told
from artifacts.models import Artifact, PendingUpload
from fleet.listing.organizations import OF_ONE, ORGANIZATIONS
from fleet.listing.people import MEMBERS
from fleet.models import Membership, Organization
from fleet.organizations import rename, replace_tenant_token
from fleet.people import membership_of
from fleet.preferences import keep_for_organization
from query.aggregates import summed
from query.declaring import json, number
from query.listing import Listing

CHANGE = "fleet.change_organization"


ORGANIZATION = Listing(
    "organization",
    (
        *ORGANIZATIONS.columns,
        *OF_ONE,
        number(
            "storage_used",
            "Bytes that artifacts take, and what has come in to become some",
            read=summed(Artifact.objects.all(), "organization", "size")
            + summed(PendingUpload.objects.all(), "organization", "size"),
            is_observed=True,
        ),
        json("tenant_token", "What devices name it by, told to who may change it, else null"),
    ),
    key="id",
)


class OrganizationChange(Body):
    """`settings` takes the place of all that is there: tools keep what they like in it."""

    name = serializers.CharField(required=False)
    settings = serializers.DictField(required=False)


class OrganizationItem(Item):
    """The organization that the caller acts in, with what it uses of its limits."""

    listing = ORGANIZATION
    needs = {"GET": Need("fleet.view_organization"), "PATCH": Need(CHANGE)}

    def rows(self) -> QuerySet[Organization]:
        return Organization.objects.filter(pk=self.organization.pk)

    def find(self, **_names: Any) -> Organization:
        return self.rows().get()

    def told(self, row: Any) -> dict[str, Any]:
        told = super().told(row)
        return told if self.actor.may(CHANGE) else {**told, "tenant_token": None}

    @extend_schema(responses={200: ORGANIZATION})
    def get(self, request: Request, **names: Any) -> Response:
        return super().get(request, **names)

    def patch(self, request: Request) -> Response:
        """Change its name and settings; limits are set by whoever runs the server."""
        body = read(OrganizationChange, request, partial=True)
        with self.changing() as row:
            if "name" in body:
                rename(actor=self.actor, organization=row, name=body["name"])
            if "settings" in body:
                keep_for_organization(actor=self.actor, organization=row, values=body["settings"])
        return Response(self.told(self.find()))


class TenantTokenRotation(OrganizationItem):
    """A new tenant token in the place of the one that may have leaked."""

    needs = {"POST": Need(CHANGE)}

    def post(self, request: Request) -> Response:
        """New devices must name the new one from now on; those that are known do not need it."""
        with self.changing() as row:
            replace_tenant_token(actor=self.actor, organization=row)
        return Response(self.told(self.find()))


class OrganizationCollection(Collection):
    """Those that the caller is a member of; a token acts in one of them."""

    listing = ORGANIZATIONS
    needs = {"GET": Need(None)}

    def rows(self) -> QuerySet[Organization]:
        return Organization.objects.filter(memberships__user=UUID(self.actor.id))


class Me(Endpoint):
    """Who calls, where, and what they may do there."""

    needs = {"GET": Need(None)}

    @extend_schema(responses={200: MeTold})
    def get(self, request: Request) -> Response:
        """`permissions` hold everywhere, `permissions_within` for the groups or tags named."""
        membership = membership_of(self.actor)
        rows = Membership.objects.filter(pk=membership.pk)
        scoped = {name: sorted(names) for name, names in sorted(self.actor.scoped.items())}
        organization = {name: getattr(self.organization, name) for name in ("id", "key", "name")}
        return Response(
            {
                **told(rows, MEMBERS.columns)[0],
                "token": self.actor.token,
                "organization": organization,
                "permissions": sorted(self.actor.permissions),
                "permissions_within": scoped,
            }
        )
