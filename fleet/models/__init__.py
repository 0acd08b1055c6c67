from fleet.models.authored import Authored
from fleet.models.device import AuthSet, Contact, Device, Inventory, Language, SavedFilter
from fleet.models.organization import (
    AccessToken,
    CustomRole,
    Membership,
    Organization,
    Role,
    User,
)
from fleet.models.targets import AutoConfirmation, SecurityToken, Tag, TargetType
from fleet.models.upkeep import Alert, Configuration, MonitorConfiguration

__all__ = [
    "AccessToken",
    "Alert",
    "AuthSet",
    "Authored",
    "AutoConfirmation",
    "Configuration",
    "Contact",
    "CustomRole",
    "Device",
    "Inventory",
    "Language",
    "Membership",
    "MonitorConfiguration",
    "Organization",
    "Role",
    "SavedFilter",
    "SecurityToken",
    "Tag",
    "TargetType",
    "User",
]
