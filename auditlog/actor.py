"""Who acts: a person, a device or Slipway itself, seen through one organization."""

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
    they came through; `permissions` are Django permissions ("fleet.change_device").
    """

    kind: ActorKind
    id: str
    name: str
    organization_id: UUID | None
    address: str = ""
    via: str = ""
    token: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        return permission in self.permissions


def system(organization_id: UUID | None = None, *, via: str = "") -> Actor:
    """Slipway acting by itself."""
    return Actor(ActorKind.SYSTEM, "slipway", "Slipway", organization_id, via=via)
