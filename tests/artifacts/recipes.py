"""Asking for a raw file to be wrapped."""

from typing import Any

from artifacts.generating import request_generation
from artifacts.models import PendingUpload
from artifacts.recipes import Recipe
from auditlog.actor import Actor
from fleet.models import Organization
from tests.make import make_actor, make_incoming

RAW = b"brightness=7\n" * 100


def recipe(**facts: Any) -> Recipe:
    """For two types of devices, unless told otherwise."""
    return Recipe(
        **{
            "name": "panel-1",
            "device_types": ["board", "rspi"],
            "filename": "panel.conf",
            "dest_dir": "/etc",
            **facts,
        }
    )


def ask(
    organization: Organization, *, content: bytes = RAW, actor: Actor | None = None, **facts: Any
) -> PendingUpload:
    """What a job will make an artifact of."""
    return request_generation(
        actor=actor or make_actor(organization),
        incoming=make_incoming(organization, content),
        recipe=recipe(**facts),
    )
