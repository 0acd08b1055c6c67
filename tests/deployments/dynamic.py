"""Dynamic deployments, and devices that come to them."""

import itertools
from collections.abc import Sequence
from typing import Any

from deployments.creating import create_deployment
from deployments.models import Deployment
from deployments.offers import Offer, poll
from deployments.planning import PhasePlan, Plan
from fleet.models import Device, Organization, SavedFilter
from tests.make import make_actor, make_artifact, make_claims, make_device, make_release

RED = {"scope": "inventory", "attribute": "color", "type": "$eq", "value": "red"}
_serial = itertools.count(1)


def make_filter(organization: Organization, *terms: dict[str, Any]) -> SavedFilter:
    """For red devices unless told otherwise."""
    name = f"filter {next(_serial)}"
    return SavedFilter.objects.create(
        organization=organization, name=name, terms=list(terms or [RED])
    )


def make_dynamic(
    organization: Organization,
    *,
    saved: SavedFilter | None = None,
    phases: Sequence[PhasePlan] = (),
    **facts: Any,
) -> Deployment:
    """For red devices of type "board" unless told otherwise; `facts` go to the plan."""
    release_name = facts.pop("release_name", "")
    if not release_name:
        release_name = make_artifact(make_release(organization)).release.name
    plan = Plan(
        name=facts.pop("name", f"dynamic {next(_serial)}"),
        release_name=release_name,
        target=Deployment.Target.FILTER,
        filter_id=(saved or make_filter(organization)).id,
        phases=tuple(phases),
        **facts,
    )
    return create_deployment(actor=make_actor(organization), organization=organization, plan=plan)


def red(organization: Organization, **facts: Any) -> Device:
    return make_device(organization, device_type="board", inventory={"color": "red"}, **facts)


def blue(organization: Organization, **facts: Any) -> Device:
    return make_device(organization, device_type="board", inventory={"color": "blue"}, **facts)


def call(device: Device, software: str = "old", device_type: str = "board") -> Offer | None:
    return poll(make_claims(device), {"device_type": device_type, "artifact_name": software})
