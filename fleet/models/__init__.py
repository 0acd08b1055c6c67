from fleet.models.device import (
    Alert,
    AuthSet,
    Configuration,
    Contact,
    Device,
    Inventory,
    MonitorConfiguration,
    SavedFilter,
)
from fleet.models.organization import (
    AccessToken,
    CustomRole,
    Membership,
    Organization,
    Role,
    User,
)

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
