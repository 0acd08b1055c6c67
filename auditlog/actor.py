"""Who acts: a person, a device or Slipway itself, seen through one organization."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import TextChoices


class ActorKind(TextChoices):
    USER = "user"
    DEVICE = "device"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, where from, and what they may do.

    `name` is the e-mail of a person or the identity of a device; `via` the dialect or surface
    they came through; `permissions` are Django permissions ("fleet.change_device") held without
    bounds, `scoped` those held only within the groups or release tags it names.
    """

    kind: ActorKind
    id: str
    name: str
    organization_id: UUID | None
    address: str = ""
    via: str = ""
    token: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    scoped: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may(self, permission: str) -> bool:
        """Whether the permission is held for everything."""
        return permission in self.permissions

    def may_somewhere(self, permission: str) -> bool:
        """Whether it is held at all, be it within bounds."""
        return permission in self.permissions or bool(self.scoped.get(permission))


def system(organization_id: UUID | None = None, *, via: str = "") -> Actor:
    """Slipway acting by itself."""
    return Actor(ActorKind.SYSTEM, "slipway", "Slipway", organization_id, via=via)
