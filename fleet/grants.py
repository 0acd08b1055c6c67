"""What a person's roles come to: permissions without bounds, and those within some names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from auditlog.actor import Actor, ActorKind
from fleet.errors import Forbidden
from fleet.models import CustomRole, Membership, Role
from fleet.permission_sets import PERMISSION_SETS
from fleet.permissions import ROLE_PERMISSIONS, SUPERUSER, built_in_of

Sets = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Grants:
    """`permissions` hold for everything, `scoped` only for the groups or tags that are named."""

    permissions: frozenset[str] = frozenset()
    scoped: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def cover(self, others: "Grants") -> bool:
        """Whether these allow at least what the others do."""
        return others.permissions <= self.permissions and all(
            name in self.permissions or names <= self.scoped.get(name, frozenset())
            for name, names in others.scoped.items()
        )


NOTHING = Grants()


def has_own_roles(membership: str = "pk") -> Exists:
    """To annotate: whether the membership at that path has roles beside the built-in ones."""
    links = Membership.custom_roles.through.objects
    return Exists(links.filter(membership_id=OuterRef(membership)))


def grants_of(membership: Membership, *, has_own: bool = True) -> Grants:
    """What this person may do in this organization; a superuser everything.

    Costs a query unless `has_own` says that there are no roles beside the built-in ones.
    """
    if not membership.user.is_active:
        return NOTHING
    if membership.user.is_superuser:
        return Grants(SUPERUSER)
    return grants_of_roles(membership, has_own=has_own)


def grants_of_roles(membership: Membership, *, has_own: bool = True) -> Grants:
    """What the roles allow by themselves, be the person switched off or a superuser."""
    own = membership.custom_roles.all() if has_own else ()
    return united(built_in_of(membership), own)


def most_of(membership: Membership) -> Grants:
    """What this person could ever do here as things stand: once they are switched on again."""
    return Grants(SUPERUSER) if membership.user.is_superuser else grants_of_roles(membership)


def united(built_in: Iterable[Role], own: Iterable[CustomRole]) -> Grants:
    """The union of what roles allow."""
    sets = [each for role in own for each in role.permission_sets]
    from_sets = grants_of_sets(sets)
    held = from_sets.permissions.union(*(ROLE_PERMISSIONS[role] for role in built_in))
    return Grants(held, from_sets.scoped)


def grants_of_sets(sets: Sets) -> Grants:
    """What `{name, scope?}` items allow; a set that is not known any more allows nothing."""
    held: set[str] = set()
    scoped: dict[str, frozenset[str]] = {}
    for item in sets:
        known = PERMISSION_SETS.get(item["name"])
        if known is None:
            continue
        if "scope" not in item:
            held |= known.permissions
            continue
        names = frozenset(item["scope"]["value"])
        for permission in known.permissions:
            scoped[permission] = scoped.get(permission, frozenset()) | names
    return Grants(frozenset(held), scoped)


def require_no_less(actor: Actor, others: Grants, what: str) -> None:
    """Raise Forbidden("beyond_own_rights") unless the actor may all that `others` allow.

    Whoever manages people must not make themself, or a friend, more than they are.
    """
    if actor.kind == ActorKind.SYSTEM:
        return
    if not Grants(actor.permissions, actor.scoped).cover(others):
        text = f"{actor.name or 'This caller'} may not {what}: it goes beyond their own rights."
        raise Forbidden("beyond_own_rights", text)
