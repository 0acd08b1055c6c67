"""Settings of the organization and of oneself, which are whatever a tool wants to keep.

Source: Mender API, User administration, settings.
"""

from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.requests import UserRequest, json_object, json_response
from fleet import preferences
from fleet.people import membership_of
from fleet.preferences import Preferences


@for_user()
def show_settings(request: UserRequest) -> HttpResponse:
    return _shown(preferences.preferences_of(request.organization))


@for_user("fleet.change_organization")
def keep_settings(request: UserRequest) -> HttpResponse:
    kept = preferences.keep_for_organization(
        actor=request.actor,
        organization=request.organization,
        values=json_object(request),
        expected=_expected(request),
    )
    return _tagged(HttpResponse(status=201), kept)


@for_user()
def show_my_settings(request: UserRequest) -> HttpResponse:
    return _shown(preferences.preferences_of(membership_of(request.actor)))


@for_user()
def keep_my_settings(request: UserRequest) -> HttpResponse:
    kept = preferences.keep_for_member(
        membership=membership_of(request.actor),
        values=json_object(request),
        expected=_expected(request),
    )
    return _tagged(HttpResponse(status=201), kept)


def _expected(request: UserRequest) -> str | None:
    """The tag in If-Match, with or without its quotes; None if anything will do."""
    header = request.headers.get("If-Match", "").strip()
    return None if header in {"", "*"} else header.removeprefix("W/").strip('"')


def _shown(kept: Preferences) -> HttpResponse:
    return _tagged(json_response(kept.values), kept)


def _tagged(response: HttpResponse, kept: Preferences) -> HttpResponse:
    response.headers["ETag"] = f'"{kept.tag}"'
    return response
