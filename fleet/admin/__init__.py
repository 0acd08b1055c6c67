"""The fleet in Django's admin. What changes something calls the operation that does it."""

from fleet.admin import entrance
from fleet.admin.devices import AuthSetAdmin, DeviceAdmin
from fleet.admin.keys import ApiKeyAdmin, SensorKitAdmin
from fleet.admin.organizations import OrganizationAdmin
from fleet.admin.people import AccessTokenAdmin, MembershipAdmin, UserAdmin
from fleet.admin.records import AuditEntryAdmin, JobAdmin
from fleet.admin.roles import OwnRoleAdmin, RoleAdmin
from fleet.admin.upkeep import AlertAdmin, ConfigurationAdmin, MonitorConfigurationAdmin

__all__ = [
    "AccessTokenAdmin",
    "AlertAdmin",
    "ApiKeyAdmin",
    "AuditEntryAdmin",
    "AuthSetAdmin",
    "ConfigurationAdmin",
    "DeviceAdmin",
    "JobAdmin",
    "MembershipAdmin",
    "MonitorConfigurationAdmin",
    "OrganizationAdmin",
    "OwnRoleAdmin",
    "RoleAdmin",
    "SensorKitAdmin",
    "UserAdmin",
    "entrance",
]
