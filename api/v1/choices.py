"""Which devices a call means, as its body or its address says it."""

from typing import Any

from rest_framework import serializers

from api.v1.bodies import Body
from fleet.bulk.changing import MOST_IDS
from fleet.bulk.choosing import Choice, chosen
from fleet.models import Organization


class Chosen(Body):
    """Either `ids`, or `q`, a condition in FIQL as the list of devices takes it."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, allow_empty=False)
    q = serializers.CharField(required=False)


def choice_of(organization: Organization, body: dict[str, Any]) -> Choice:
    """What the body names; raises Invalid("choice_invalid")."""
    return chosen(organization, ids=body.get("ids"), q=body.get("q"), most=MOST_IDS)
