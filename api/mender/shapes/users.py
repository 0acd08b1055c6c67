"""People, their roles and their tokens as Mender's user administration shows them."""

from typing import Any

from api.mender.role_names import NAMES, names_of
from api.mender.times import stamp
from fleet.models import AccessToken, CustomRole, Membership, Role
from fleet.permission_sets import PERMISSION_SETS, PermissionSet
from fleet.permissions import ADMINISTRATOR, ROLE_PERMISSIONS, built_in_of


def user_shape(membership: Membership) -> dict[str, Any]:
    """Wants `user` selected and `custom_roles` prefetched, where there are many."""
    user = membership.user
    shape: dict[str, Any] = {
        "id": str(user.id),
        "email": user.email,
        "roles": names_of(built_in_of(membership), membership.custom_roles.all()),
        "tfa_status": user.two_factor,
        "created_ts": stamp(user.created_at),
        "updated_ts": stamp(user.updated_at),
    }
    return shape | ({"login_ts": stamp(user.last_login)} if user.last_login else {})


def token_shape(token: AccessToken) -> dict[str, Any]:
    shape = {"id": str(token.id), "name": token.name, "created_ts": stamp(token.created_at)}
    if token.last_used_at:
        shape["last_used"] = stamp(token.last_used_at)
    if token.expires_at:
        shape["expiration_date"] = stamp(token.expires_at)
    return shape


def role_shape(role: CustomRole) -> dict[str, Any]:
    return {
        "name": role.name,
        "description": role.description,
        "permission_sets_with_scope": role.permission_sets,
    }


def built_in_role_shape(role: Role) -> dict[str, Any]:
    """With the sets that are wholly within what the role allows; it may allow more."""
    held = ROLE_PERMISSIONS[role]
    within = [each.name for each in PERMISSION_SETS.values() if each.permissions <= held]
    sets = ["SuperUser"] if held >= ADMINISTRATOR else within
    return {
        "name": NAMES[role],
        "description": role.label,
        "permission_sets_with_scope": [{"name": name} for name in sets],
    }


def permission_set_shape(each: PermissionSet) -> dict[str, Any]:
    scopes = {"supported_scope_types": [each.scope]} if each.scope else {}
    return {"name": each.name, "description": each.description, "permissions": [], **scopes}
