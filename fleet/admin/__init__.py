"""The fleet in Django's admin. What changes something calls the operation that does it."""

from fleet.admin.devices import AuthSetAdmin, DeviceAdmin
from fleet.admin.organizations import OrganizationAdmin
from fleet.admin.people import AccessTokenAdmin, MembershipAdmin, UserAdmin
from fleet.admin.records import AuditEntryAdmin, JobAdmin
from fleet.admin.roles import RoleAdmin

__all__ = [
    "AccessTokenAdmin",
    "AuditEntryAdmin",
    "AuthSetAdmin",
    "DeviceAdmin",
    "JobAdmin",
    "MembershipAdmin",
    "OrganizationAdmin",
    "RoleAdmin",
    "UserAdmin",
]
