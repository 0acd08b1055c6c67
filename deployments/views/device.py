"""One device: who it is, what it says of itself, and why it gets a deployment or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import groupby
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from auditlog.actor import Actor
from deployments.explaining import Explanation, explain
from deployments.joining import ahead_of
from deployments.listing import DEVICE_DEPLOYMENTS
from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment
from deployments.parts import parts_of
from deployments.reach import VIEW, deployments_within
from fleet.attributes import Attribute
from fleet.configuration import settings_of
from fleet.fragments import Context, answer
from fleet.inventory import attributes_of
from fleet.listing.upkeep import ALERTS as ALERTED
from fleet.models import Configuration, Device
from fleet.pages import PageRequest, page
from fleet.reach import require_for
from query.selecting import Selection, equal

HISTORY = 10
EXPLAINED = 5
MONITORS = 50
ALERTS = 20
SPARE = 5
ONLINE = timedelta(hours=1)
SCOPES = {"inventory": "Inventory", "tags": "Tags", "monitor": "Monitor"}


@dataclass(frozen=True, slots=True)
class Why:
    """One open deployment of the device, and why it is or is not offered."""

    row: DeviceDeployment
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Draft:
    """A configuration that was refused: its keys with their values, and why."""

    rows: Sequence[tuple[str, str]]
    problem: str


@require_safe
@page("fleet.view_device", within_bounds=True)
def device(request: PageRequest, device_id: UUID) -> HttpResponse:
    """The page; why it is offered what, and when it called, stay true by themselves."""
    devices = Device.objects.of(request.organization).select_related(
        *("contact", "inventory", "configuration", "target_type"),
        *("security_token", "auto_confirmation"),
    )
    device = get_object_or_404(devices, id=device_id)
    require_for(request.actor, "fleet.view_device", device)
    return shown(request, device)


def shown(request: PageRequest, device: Device, draft: Draft | None = None) -> HttpResponse:
    """The page of a device; wants its contact, inventory and configuration selected."""
    parts = Parts(request.actor, device, draft)
    return answer(
        request,
        "deployments/device.html",
        {
            "why": parts.why,
            "history": parts.history,
            "connection": parts.connection,
            "identity": parts.identity,
            "keys": parts.keys,
            "inventory": parts.inventory,
            "alerts": parts.alerts,
            "configuration": parts.configuration,
        },
        frame={"here": "devices", "device": parts.device},
    )


class Parts:
    """What the parts of the page show; of deployments those that the actor may see."""

    def __init__(self, actor: Actor, device: Device, draft: Draft | None = None) -> None:
        self.device = device
        self.draft = draft
        rows = device.device_deployments.filter(deployment__archived_at__isnull=True)
        rows = rows.select_related("deployment", "phase")
        self.seen = None if actor.may(VIEW) else _seen(actor, device)
        self.all_rows = rows if self.seen is None else rows.filter(deployment__in=self.seen)

    @cached_property
    def attributes(self) -> list[Attribute]:
        return attributes_of(self.device)

    def why(self) -> Context:
        running = self.all_rows.open().filter(deployment__finished_at__isnull=True)
        rows = list(running.order_by("deployment_id")[: EXPLAINED + 1]) + self._coming()
        rows.sort(key=lambda row: row.deployment_id)
        explained = [
            Why(row, explain(self.device, row.deployment, among=self.seen))
            for row in rows[:EXPLAINED]
        ]
        return {"whys": explained, "is_more": len(rows) > EXPLAINED}

    def _coming(self) -> list[DeviceDeployment]:
        """Parts it would have in dynamic deployments that it matches now."""
        numbers = ahead_of(self.device)
        if self.seen is not None:
            seen = self.seen.filter(number__in=numbers).order_by("number")
            numbers = list(seen.values_list("number", flat=True))
        parts = parts_of(self.device, numbers[: EXPLAINED + 1])
        prefetch_related_objects(parts, "deployment")
        return parts

    def history(self) -> Context:
        rows = self.all_rows.with_effective_state().order_by("-number")
        parts = Selection(DEVICE_DEPLOYMENTS, (equal("device.id", str(self.device.id)),))
        return {"rows": rows[:HISTORY], "row_count": self.all_rows.count(), "parts": parts}

    def connection(self) -> Context:
        contact = getattr(self.device, "contact", None)
        recent = timezone.now() - ONLINE
        return {"seen_at": contact and contact.seen_at, "recent": recent}

    def identity(self) -> Context:
        return {
            "identity": [each for each in self.attributes if each.scope == "identity"],
            "confirms_itself": getattr(self.device, "auto_confirmation", None),
        }

    def keys(self) -> Context:
        return {
            "keys": self.device.auth_sets.order_by("-number"),
            "token": getattr(self.device, "security_token", None),
        }

    def inventory(self) -> Context:
        told = sorted(
            (each for each in self.attributes if each.scope in SCOPES),
            key=lambda each: (list(SCOPES).index(each.scope), each.name),
        )
        scopes = groupby(told, key=lambda each: each.scope)
        kept = getattr(self.device, "inventory", None)
        metadata = kept.attributes.get("metadata", {}) if kept else {}
        return {
            "scopes": [(SCOPES[scope], list(group)) for scope, group in scopes],
            "metadata": sorted(metadata.items()),
        }

    def alerts(self) -> Context:
        """The last word of each monitor, alarms first, and what was said before."""
        latest = self.device.alerts.filter(is_latest=True).order_by("level", "-raised_at")
        found = list(latest[:MONITORS])
        if not found:
            return {"monitors": [], "alert_count": 0}
        said = self.device.alerts.order_by("-number")
        raised = Selection(ALERTED, (equal("device.id", str(self.device.id)),))
        facts: Context = {"monitors": found, "said": said[:ALERTS], "raised": raised}
        return facts | {"alert_count": said.count()}

    def configuration(self) -> Context:
        kept = getattr(self.device, "configuration", None) or Configuration(device=self.device)
        rows = self.draft.rows if self.draft else sorted(kept.configured.items())
        return {
            "kept": kept,
            "settings": settings_of(kept),
            "drafted": [*rows, *[("", "")] * SPARE],
            "problem": self.draft and self.draft.problem,
        }


def _seen(actor: Actor, device: Device) -> DeploymentQuerySet:
    if not actor.may_somewhere(VIEW):
        return Deployment.objects.none()
    return deployments_within(actor, VIEW, device.organization)
