"""Who calls: a person by access token, a device by its token, a new device by tenant token."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponseBase

from api.mender.errors import Refused, Unauthorized
from api.mender.requests import DeviceRequest, UserRequest
from api.mender.tokens import DEVICE_REALM, MISSING, USER_REALM, bearer
from fleet import access_tokens, device_tokens
from fleet.addresses import client_address
from fleet.models import Organization
from fleet.tenants import default_tenant
from fleet.throttling import throttle_device, throttle_user

P = ParamSpec("P")
Plain = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

VIA = "Mender API"


def for_user(
    permission: str | None = None, *, within_bounds: bool = False
) -> Callable[[Callable[Concatenate[UserRequest, P], HttpResponseBase]], Plain[P]]:
    """The view asks for a person, and for `permission` if it names one.

    One that is `within_bounds` is enough to hold for some groups or tags: the view itself keeps
    to those, by `fleet.reach` and `artifacts.reach`.
    """

    def decorate(view: Callable[Concatenate[UserRequest, P], HttpResponseBase]) -> Plain[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **arguments: P.kwargs
        ) -> HttpResponseBase:
            known = cast("UserRequest", request)
            identify_user(known)
            may = known.actor.may_somewhere if within_bounds else known.actor.may
            if permission is not None and not may(permission):
                raise Refused(403, "forbidden")
            return view(known, *args, **arguments)

        return guarded

    return decorate


def for_device(
    view: Callable[Concatenate[DeviceRequest, P], HttpResponseBase],
) -> Plain[P]:
    """The view asks for an accepted device."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **arguments: P.kwargs) -> HttpResponseBase:
        token = bearer(request.META.get("HTTP_AUTHORIZATION", ""))
        claims = device_tokens.read(token) if token else None
        if claims is not None:
            throttle_device(claims.credential)
        device = device_tokens.authenticate(token) if claims else None
        if device is None:
            raise Unauthorized(DEVICE_REALM, "unauthorized" if token else MISSING)
        known = cast("DeviceRequest", request)
        known.device = device
        return view(known, *args, **arguments)

    return guarded


def identify_user(request: UserRequest) -> None:
    """Set who acts, and where; raises Unauthorized, TooMany."""
    token = token_of(request)
    if not token:
        raise Unauthorized(USER_REALM, MISSING)
    actor = access_tokens.authenticate(token, address=client_address(request), via=VIA)
    if actor is None or actor.organization_id is None:
        raise Unauthorized(USER_REALM)
    throttle_user(actor.id)
    request.actor = actor
    request.organization = Organization.objects.get(id=actor.organization_id)


def token_of(request: HttpRequest) -> str:
    """The caller's token, empty if there is none; the cookie counts where nothing is changed."""
    token = bearer(request.META.get("HTTP_AUTHORIZATION", ""))
    if not token and request.method in {"GET", "HEAD"}:
        token = request.COOKIES.get("JWT", "")
    return token


def organization_of(tenant_token: str) -> Organization:
    """Whose device it is; without a token, the only organization's or the default one's.

    Raises Unauthorized.
    """
    if tenant_token:
        found = Organization.objects.filter(tenant_token=tenant_token).first()
    else:
        found = default_tenant()
    if found is None:
        raise Unauthorized(DEVICE_REALM, "dev auth: unauthorized")
    return found
