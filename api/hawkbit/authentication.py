"""Who calls: HTTP Basic with an e-mail address, which may have the tenant in front, and a
password or a personal access token; or such a token as a bearer."""

import binascii
from base64 import b64decode

from django.http import HttpRequest

from api.hawkbit.errors import Failure, Refused
from api.hawkbit.requests import Call
from auditlog.actor import Actor
from fleet import access_tokens, passwords
from fleet.addresses import client_address
from fleet.grants import has_own_roles
from fleet.models import Membership, Organization
from fleet.people import actor_of
from fleet.tenants import tenant_of
from fleet.throttling import throttle_user

VIA = "hawkBit API"
REALM = 'Basic realm="hawkBit"'


def identify(request: Call) -> None:
    """Set who acts, and where; raises Refused (401) and TooMany."""
    scheme, _, rest = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    match scheme.lower():
        case "basic":
            known = _by_password(request, rest.strip())
        case "bearer":
            known = _by_token(request, rest.strip())
        case _:
            known = None
    if known is None:
        throttle_user(f"stranger {client_address(request)}")
        raise Refused(Failure(401, headers={"WWW-Authenticate": REALM}))
    request.actor, request.organization = known
    throttle_user(request.actor.id)


def _by_token(
    request: HttpRequest, token: str, tenant: str = ""
) -> tuple[Actor, Organization] | None:
    actor = access_tokens.authenticate(token, address=client_address(request), via=VIA)
    if actor is None or actor.organization_id is None:
        return None
    organization = Organization.objects.get(pk=actor.organization_id)
    if tenant and tenant_of(tenant) != organization:
        return None
    return actor, organization


def _by_password(request: HttpRequest, text: str) -> tuple[Actor, Organization] | None:
    try:
        login, separator, secret = b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    if not separator or "\0" in login or "\0" in secret:
        return None
    tenant, _, email = login.rpartition("\\")
    if known := _by_token(request, secret, tenant):
        return known if known[0].name.casefold() == email.casefold() else None
    try:
        user = passwords.verified(email, secret, address=client_address(request))
    except passwords.TokenNeeded:
        return None
    rows = Membership.objects.filter(user=user).select_related("organization", "user")
    rows = rows.annotate(has_own=has_own_roles())
    if tenant:
        rows = rows.filter(organization=tenant_of(tenant))
    membership = rows.order_by("created_at").first() if user else None
    if membership is None:
        return None
    actor = actor_of(membership, address=client_address(request), via=VIA)
    return actor, membership.organization
