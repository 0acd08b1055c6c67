"""Personal access tokens: one's own, and for who may change people those of all members."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.people import TokenMade
from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Item, Need, told
from fleet.access_tokens import (
    LONGEST,
    issue_personal,
    personal_tokens,
    revoke_personal,
    tokens_within,
)
from fleet.listing.people import TOKENS
from fleet.models import AccessToken, Membership

LONGEST_SECONDS = int(LONGEST.total_seconds())


class NewToken(Body):
    """`expires_in` is in seconds, null for never; `member` is whose it will be, or one's own."""

    name = serializers.CharField(max_length=128, trim_whitespace=False)
    expires_in = serializers.IntegerField(
        min_value=1, max_value=LONGEST_SECONDS, required=False, allow_null=True
    )
    member = serializers.UUIDField(required=False)


class TokenCollection(Collection):
    listing = TOKENS
    needs = {"GET": Need(None), "POST": Need("fleet.add_accesstoken")}

    def rows(self) -> QuerySet[AccessToken]:
        return tokens_within(self.actor, self.organization)

    @extend_schema(responses={201: TokenMade})
    def post(self, request: Request) -> Response:
        """Make a token. `token` is in this answer alone."""
        body = read(NewToken, request)
        membership = self._membership(str(body.get("member", self.actor.id)))
        seconds = body.get("expires_in")
        token = issue_personal(
            actor=self.actor,
            membership=membership,
            name=body["name"],
            expires_in=None if seconds is None else timedelta(seconds=seconds),
        )
        row = personal_tokens(membership).get(name=body["name"])
        made = told(AccessToken.objects.filter(pk=row.pk), TOKENS.columns)[0]
        headers = {"Location": f"/api/v1/tokens/{row.pk}", "Cache-Control": "no-store"}
        return Response({**made, "token": token}, 201, headers=headers)

    def _membership(self, user_id: str) -> Membership:
        members = Membership.objects.of(self.organization).select_related("user", "organization")
        found = members.filter(user_id=user_id).first()
        if found is None:
            raise Http404
        return found


class TokenItem(Item):
    listing = TOKENS
    needs = {"GET": Need(None), "DELETE": Need(None)}

    def rows(self) -> QuerySet[AccessToken]:
        return tokens_within(self.actor, self.organization)

    def delete(self, request: Request, **names: Any) -> Response:
        """Revoke it: it is void at once."""
        with self.changing(**names) as row:
            revoke_personal(actor=self.actor, membership=row.membership, token_id=row.pk)
        return Response(status=204)
