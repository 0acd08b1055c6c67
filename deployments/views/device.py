"""One device: who it is, what it says of itself, and why it gets a deployment or not."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from deployments.explaining import Explanation, explain
from deployments.models import DeviceDeployment
from fleet.attributes import Attribute
from fleet.fragments import Context, answer
from fleet.inventory import attributes_of
from fleet.models import Device
from fleet.pages import PageRequest, page

HISTORY = 10
EXPLAINED = 5
ONLINE = timedelta(hours=1)
SCOPES = {"inventory": "Inventory", "tags": "Tags", "monitor": "Monitor"}


@dataclass(frozen=True, slots=True)
class Why:
    """One open deployment of the device, and why it is or is not offered."""

    row: DeviceDeployment
    explanation: Explanation


@require_safe
@page("fleet.view_device")
def device(request: PageRequest, device_id: UUID) -> HttpResponse:
    """The page; why it is offered what, and when it called, stay true by themselves."""
    devices = Device.objects.of(request.organization).select_related("contact", "inventory")
    parts = Parts(get_object_or_404(devices, id=device_id))
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
        },
        frame={"here": "devices", "device": parts.device},
    )


class Parts:
    """What the parts of the page show."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.all_rows = device.device_deployments.select_related("deployment", "phase")

    @cached_property
    def attributes(self) -> list[Attribute]:
        return attributes_of(self.device)

    def why(self) -> Context:
        running = self.all_rows.open().filter(deployment__finished_at__isnull=True)
        rows = list(running.order_by("number")[: EXPLAINED + 1])
        explained = [Why(row, explain(self.device, row.deployment)) for row in rows[:EXPLAINED]]
        return {"whys": explained, "is_more": len(rows) > EXPLAINED}

    def history(self) -> Context:
        rows = self.all_rows.with_effective_state().order_by("-number")
        return {"rows": rows[:HISTORY], "row_count": self.all_rows.count()}

    def connection(self) -> Context:
        contact = getattr(self.device, "contact", None)
        recent = timezone.now() - ONLINE
        return {"seen_at": contact and contact.seen_at, "recent": recent}

    def identity(self) -> Context:
        return {"identity": [each for each in self.attributes if each.scope == "identity"]}

    def keys(self) -> Context:
        return {"keys": self.device.auth_sets.order_by("-number")}

    def inventory(self) -> Context:
        told = sorted(
            (each for each in self.attributes if each.scope in SCOPES),
            key=lambda each: (list(SCOPES).index(each.scope), each.name),
        )
        scopes = groupby(told, key=lambda each: each.scope)
        return {"scopes": [(SCOPES[scope], list(group)) for scope, group in scopes]}
