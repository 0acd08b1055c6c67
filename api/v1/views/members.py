"""The people of an organization."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Need, told
from api.v1.locking import LockedWithOrganization
from fleet import people
from fleet.listing.people import MEMBERS
from fleet.models import Membership
from fleet.permissions import require
from fleet.roles import roles_named

VIEW = Need("fleet.view_user")
LONGEST = 4096


class NewMember(Body):
    """Somebody without an account needs a password; somebody with one must not be given any.

    `roles` are names of built-in roles and of the organization's own.
    """

    email = serializers.CharField(max_length=LONGEST)
    roles = serializers.ListField(child=serializers.CharField(), max_length=100)
    password = serializers.CharField(required=False, max_length=LONGEST, trim_whitespace=False)
    name = serializers.CharField(required=False, max_length=128)


class MemberChange(Body):
    """What is left out stays; one's own e-mail and password take `current_password` too."""

    roles = serializers.ListField(child=serializers.CharField(), max_length=100, required=False)
    email = serializers.CharField(required=False, max_length=LONGEST)
    password = serializers.CharField(required=False, max_length=LONGEST, trim_whitespace=False)
    current_password = serializers.CharField(
        required=False, max_length=LONGEST, trim_whitespace=False
    )


class MemberCollection(Collection):
    listing = MEMBERS
    needs = {"GET": VIEW, "POST": Need("fleet.add_user")}

    def rows(self) -> QuerySet[Membership]:
        return Membership.objects.of(self.organization)

    def post(self, request: Request) -> Response:
        """Make a person a member with these roles."""
        body = read(NewMember, request)
        built_in, own = roles_named(self.organization, body["roles"])
        membership = people.add_member(
            actor=self.actor,
            organization=self.organization,
            email=body["email"],
            further_roles=built_in,
            own_roles=own,
            password=body.get("password"),
            name=body.get("name", ""),
        )
        made = told(self.rows().filter(pk=membership.pk), MEMBERS.columns)[0]
        location = f"/api/v1/members/{membership.user_id}"
        return Response(made, 201, headers={"Location": location})


class MemberItem(LockedWithOrganization):
    """By the id of the person."""

    listing = MEMBERS
    id_field = "user_id"
    needs = {
        "GET": VIEW,
        "PATCH": Need(None),
        "DELETE": Need("fleet.delete_user"),
    }

    def rows(self) -> QuerySet[Membership]:
        return Membership.objects.of(self.organization).select_related("user", "organization")

    def patch(self, request: Request, **names: Any) -> Response:
        """Change roles, e-mail or password: of another person with the right to, or one's own."""
        body = read(MemberChange, request, partial=True)
        if str(names["id"]) != self.actor.id:
            require(self.actor, "fleet.change_user")
        with self.changing(**names) as membership:
            roles = body.get("roles")
            people.change_member(
                actor=self.actor,
                membership=membership,
                email=body.get("email"),
                password=body.get("password"),
                current_password=body.get("current_password", ""),
                roles=None if roles is None else roles_named(self.organization, roles),
                keep=self.caller.credential,
            )
        return Response(self.told(membership))

    def delete(self, request: Request, **names: Any) -> Response:
        """End the membership and its tokens, and the account if it was the person's only one."""
        with self.changing(**names) as membership:
            people.remove_member(actor=self.actor, membership=membership)
        return Response(status=204)
