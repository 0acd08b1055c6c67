from fleet.models.device import AuthSet, Contact, Device, Inventory
from fleet.models.organization import AccessToken, Membership, Organization, Role, User

__all__ = [
    "AccessToken",
    "AuthSet",
    "Contact",
    "Device",
    "Inventory",
    "Membership",
    "Organization",
    "Role",
    "User",
]
