"""The second factor: begun, shown as a QR code, verified, ended.

Source: Mender API, User administration, 2FA.
"""

from base64 import b64encode
from io import BytesIO

import segno
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.requests import UserRequest, json_object, json_response, text_member
from api.mender.views.users import ME, member_of, require_own_or
from fleet import two_factor

PIXELS = 6  # of a module of the code


@for_user()
def enable(request: UserRequest, user_id: str) -> HttpResponse:
    """Only for oneself: whoever begins it sees the secret."""
    require_own_or(request, user_id, "fleet.change_user")
    two_factor.begin(actor=request.actor, user=member_of(request, user_id).user)
    return HttpResponse(status=200)


@for_user()
def disable(request: UserRequest, user_id: str) -> HttpResponse:
    require_own_or(request, user_id, "fleet.change_user")
    two_factor.disable(actor=request.actor, user=member_of(request, user_id).user)
    return HttpResponse(status=200)


@for_user()
def show_code(request: UserRequest) -> HttpResponse:
    """A PNG in base64, while it waits for its first code."""
    address = two_factor.address_of(member_of(request, ME).user)
    image = BytesIO()
    segno.make(address).save(image, kind="png", scale=PIXELS)
    return json_response({"qr": b64encode(image.getvalue()).decode()})


@for_user()
def verify(request: UserRequest) -> HttpResponse:
    code = text_member(json_object(request), "token2fa", longest=64, shortest=1)
    two_factor.verify(actor=request.actor, user=member_of(request, ME).user, code=code)
    return HttpResponse(status=202)
