"""People and their tokens as Mender's user administration shows them."""

from typing import Any

from api.mender.times import stamp
from fleet.models import AccessToken, User


def user_shape(user: User) -> dict[str, Any]:
    return {
        "id": str(user.id),
        "email": user.email,
        "created_ts": stamp(user.created_at),
        "updated_ts": stamp(user.updated_at),
    }


def token_shape(token: AccessToken) -> dict[str, Any]:
    shape = {"id": str(token.id), "name": token.name, "created_ts": stamp(token.created_at)}
    if token.last_used_at:
        shape["last_used"] = stamp(token.last_used_at)
    if token.expires_at:
        shape["expiration_date"] = stamp(token.expires_at)
    return shape
