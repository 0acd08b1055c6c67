"""Work put off that is done as the person who asked for it, with the rights they have then."""

from typing import Any
from uuid import UUID

from auditlog.actor import Actor, ActorKind, system
from fleet import api_keys
from fleet.errors import NotFound
from fleet.models import Membership
from fleet.people import actor_of


def noted(actor: Actor) -> dict[str, Any]:
    """What to keep of the actor among the arguments of a job."""
    return {
        "kind": str(actor.kind),
        "id": actor.id,
        "organization": str(actor.organization_id),
        "address": actor.address,
        "via": actor.via,
        "token": actor.token,
    }


def actor_again(kept: dict[str, Any]) -> Actor:
    """The person or the API key as they are now; raises NotFound("member_unknown") if they are no
    member now, or the key does not stand."""
    organization_id = UUID(kept["organization"])
    if kept["kind"] == ActorKind.SYSTEM:
        return system(organization_id, via=kept["via"])
    if key := api_keys.standing_keys(organization_id).filter(pk=UUID(kept["id"])).first():
        return api_keys.actor_of(key, address=kept["address"], via=kept["via"])
    rows = Membership.objects.select_related("user", "organization")
    known = rows.filter(user_id=UUID(kept["id"]), organization_id=organization_id)
    membership = known.filter(user__is_active=True).first()
    if membership is None:
        text = "Whoever asked for this is no member of the organization any more."
        raise NotFound("member_unknown", text)
    return actor_of(membership, address=kept["address"], via=kept["via"], token=kept["token"])
