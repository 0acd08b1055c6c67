"""Who calls, by what came with the call: the ways that several dialects share.

Each gives the actor and the organization, or None where these are nobody's.
"""

import binascii
from base64 import b64decode

from django.http import HttpRequest

from auditlog.actor import Actor
from fleet import access_tokens, api_keys, passwords
from fleet.addresses import client_address
from fleet.grants import has_own_roles
from fleet.models import Membership, Organization
from fleet.people import actor_of
from fleet.tenants import tenant_of

Known = tuple[Actor, Organization]


def by_token(request: HttpRequest, token: str, *, via: str, tenant: str = "") -> Known | None:
    """Of somebody's session or personal access token, in the organization that it is for."""
    actor = access_tokens.authenticate(token, address=client_address(request), via=via)
    if actor is None or actor.organization_id is None:
        return None
    organization = Organization.objects.get(pk=actor.organization_id)
    if tenant and tenant_of(tenant) != organization:
        return None
    return actor, organization


def by_api_key(request: HttpRequest, key_id: str, secret: str, *, via: str) -> Known | None:
    """Of an API key."""
    return api_keys.authenticate(key_id, secret, address=client_address(request), via=via)


def by_basic(request: HttpRequest, text: str, *, via: str) -> Known | None:
    """Of HTTP Basic, of which `text` is what follows the scheme: an e-mail address, which may have
    the tenant in front, and a password or a personal access token.

    Without a tenant it is the organization that the person joined first. Raises TooMany.
    """
    pair = basic_pair(text)
    if pair is None:
        return None
    tenant, _, email = pair[0].rpartition("\\")
    if known := by_token(request, pair[1], via=via, tenant=tenant):
        return known if known[0].name.casefold() == email.casefold() else None
    return _by_password(request, tenant, email, pair[1], via=via)


def basic_pair(text: str) -> tuple[str, str] | None:
    """The name and the secret of HTTP Basic; None if it spells none."""
    try:
        login, separator, secret = b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    if not separator or "\0" in login or "\0" in secret:
        return None
    return login, secret


def _by_password(
    request: HttpRequest, tenant: str, email: str, password: str, *, via: str
) -> Known | None:
    try:
        user = passwords.verified(email, password, address=client_address(request))
    except passwords.TokenNeeded:
        return None
    rows = Membership.objects.filter(user=user).select_related("organization", "user")
    rows = rows.annotate(has_own=has_own_roles())
    if tenant:
        rows = rows.filter(organization=tenant_of(tenant))
    membership = rows.order_by("created_at").first() if user else None
    if membership is None:
        return None
    actor = actor_of(membership, address=client_address(request), via=via)
    return actor, membership.organization
