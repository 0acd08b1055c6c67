"""Authentication sets, as lists and filters know them."""

from django.db.models import BooleanField, ExpressionWrapper, Q

from fleet.states import Admission
from query.declaring import boolean, choice, identifier, moment, text
from query.listing import Listing

HAS_TOKEN = ExpressionWrapper(Q(token_issued_at__isnull=False), output_field=BooleanField())

AUTH_SETS = Listing(
    "auth-sets",
    (
        identifier("id", "Identifier", is_indexed=True),
        identifier("device.id", "Device whose identity it claims", path="device__id"),
        text("device.name", "Name of that", path="device__name", example="edge-0042"),
        text("device.group", "Static group of that", path="device__group", example="lab"),
        choice(
            "status",
            "What was decided of it",
            [status for status in Admission.values if status != Admission.NOAUTH],
            example="pending",
        ),
        text("key_digest", "SHA-256 of the public key, in hexadecimal"),
        text("tier", "Tier that the device claimed, empty for the standard one", example="micro"),
        boolean("has_token", "Whether a token of it stands", read=HAS_TOKEN, is_observed=True),
        moment("created_at", "When the key was first shown or preauthorized"),
        text("public_key", "The public key, in PEM", is_shown=False),
    ),
    sort=("-created_at",),
)
