"""Attributes as devices send them. Source: Mender API, Device inventory, Attribute."""

from typing import Any

from api.json_bodies import member
from fleet.attributes import Attribute
from fleet.errors import Invalid


def read_attributes(body: Any, *, scope: str = "inventory") -> list[Attribute]:
    """The rules of each are the fleet's to check; raises Invalid("attribute_invalid")."""
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise Invalid("attribute_invalid", "attributes: a list of objects is wanted")
    return [
        Attribute(
            name=member(item, "name"),
            value=member(item, "value"),
            scope=scope,
            description=member(item, "description") or "",
        )
        for item in body
    ]
