from fleet.models.device import AuthSet, Contact, Device, Inventory, SavedFilter
from fleet.models.organization import (
    AccessToken,
    CustomRole,
    Membership,
    Organization,
    Role,
    User,
)
from fleet.models.upkeep import Alert, Configuration, MonitorConfiguration

__all__ = [
    "AccessToken",
    "Alert",
    "AuthSet",
    "Configuration",
    "Contact",
    "CustomRole",
    "Device",
    "Inventory",
    "Membership",
    "MonitorConfiguration",
    "Organization",
    "Role",
    "SavedFilter",
    "User",
]
