"""What the lists of rollouts can be asked for, by hawkBit's names."""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf

from api.hawkbit.listing.declaring import authored, choice, number, text
from deployments.rollouts.states import ROLLOUT_STATE, RolloutState
from query.columns import TextValue
from query.listing import Column, Listing

STATUSES = tuple(RolloutState.values)
# Who has never been changed was as it is when it was made.
MODIFIED_AT = Coalesce("modified_at", "created_at")


def _of_set(name: str, field: str) -> Column:
    path = Coalesce(NullIf(F(f"release__{field}"), Value("")), F("release__name"))
    return text(f"distributionset.{name}", path=path, is_nullable=True)


ROLLOUTS = Listing(
    "rollouts",
    (
        number("id", read="number"),
        text("name"),
        text("description"),
        choice("status", STATUSES, TextValue(ROLLOUT_STATE), sort_by=ROLLOUT_STATE),
        *authored(modified_at=MODIFIED_AT),
        number("weight", is_nullable=True),
        number("distributionset.id", read="release_id", is_nullable=True),
        _of_set("name", "title"),
        _of_set("version", "version"),
        text("distributionset.type", path="release__type__key", is_nullable=True),
    ),
)

DEPLOY_GROUPS = Listing(
    "deploy-groups",
    (
        number("id", read="number"),
        text("name"),
        text("description"),
        *authored(
            "deployment__created_at",
            "deployment__created_by",
            "deployment__modified_at",
            "deployment__modified_by",
        ),
    ),
)
