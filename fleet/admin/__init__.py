"""The fleet in Django's admin. What changes something calls the operation that does it."""

from fleet.admin.devices import AuthSetAdmin, DeviceAdmin
from fleet.admin.organizations import OrganizationAdmin
from fleet.admin.people import AccessTokenAdmin, MembershipAdmin, UserAdmin

__all__ = [
    "AccessTokenAdmin",
    "AuthSetAdmin",
    "DeviceAdmin",
    "MembershipAdmin",
    "OrganizationAdmin",
    "UserAdmin",
]
