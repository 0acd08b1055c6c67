"""Members and their tokens, as lists and filters know them."""

from django.db.models import F

from fleet.listing.roles_held import Joined, RolesHeld
from fleet.models import CustomRole, User
from query.aggregates import Gathered
from query.declaring import boolean, choice, identifier, moment, names, text
from query.listing import Listing

ROLES = Joined(
    F("role"), F("further_roles"), Gathered(CustomRole.objects.all(), "memberships", "name")
)

MEMBERS = Listing(
    "members",
    (
        identifier("id", "Identifier of the person", path="user__id", is_indexed=True),
        text("email", "E-mail address", path="user__email", example="ada@example.com"),
        text("name", "What they are called", path="user__name", example="Ada"),
        names(
            "roles",
            "Names of their roles: built-in ones, then the organization's own",
            read=ROLES,
            target=RolesHeld(),
            example="operator",
        ),
        boolean("is_active", "Whether they may sign in", read="user__is_active"),
        choice(
            "two_factor",
            "Their second factor",
            User.TwoFactor.values,
            path="user__two_factor",
            example="enabled",
        ),
        moment(
            "last_sign_in_at",
            "When they signed in last",
            read="user__last_login",
            is_nullable=True,
            is_observed=True,
        ),
        moment("created_at", "When they became a member"),
    ),
    key="pk",
    sort=("email",),
)

TOKENS = Listing(
    "tokens",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What its owner calls it", example="ci"),
        identifier("member.id", "Person it acts for", path="membership__user__id"),
        text("member.email", "E-mail of that", path="membership__user__email"),
        moment("created_at", "When it was made"),
        moment("expires_at", "When it ends, null for never", is_nullable=True),
        moment(
            "last_used_at",
            "When it was used last, give or take minutes",
            is_nullable=True,
            is_observed=True,
        ),
    ),
    key="id",
    sort=("-created_at",),
)
