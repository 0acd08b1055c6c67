from fleet.models.authored import Authored
from fleet.models.device import AuthSet, Contact, Device, Inventory, Language, SavedFilter
from fleet.models.kits import KitType, SensorKit
from fleet.models.organization import (
    AccessToken,
    ApiKey,
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
    "ApiKey",
    "AuthSet",
    "Authored",
    "AutoConfirmation",
    "Configuration",
    "Contact",
    "CustomRole",
    "Device",
    "Inventory",
    "KitType",
    "Language",
    "Membership",
    "MonitorConfiguration",
    "Organization",
    "Role",
    "SavedFilter",
    "SecurityToken",
    "SensorKit",
    "Tag",
    "TargetType",
    "User",
]
