"""What may be done with one device: judge its keys, let it go."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fleet.admission import decommission, dismiss, set_status, set_token_status
from fleet.groups import assign, clear
from fleet.models import AuthSet, Device
from fleet.pages import PageRequest, page
from fleet.reach import require_for
from fleet.views.acts import attempt

SAID = {
    "accepted": "Key accepted. The device may be offered work at its next call.",
    "rejected": "Key rejected. The device is refused from its next call on.",
    "pending": "The key waits for a decision again.",
}

TOKEN_SAID = {
    "accepted": "Token accepted. The device may be offered work at its next call.",
    "rejected": "Token rejected. Calls with it are refused from the next one on.",
}


@require_POST
@page("fleet.change_device", within_bounds=True)
def judge_key(request: PageRequest, device_id: UUID, key_id: UUID) -> HttpResponse:
    """Accept, reject, put back or dismiss one key of a device."""
    keys = AuthSet.objects.of(request.organization).select_related("device__organization")
    key = get_object_or_404(keys, id=key_id, device__id=device_id)
    require_for(request.actor, "fleet.change_device", key.device)
    status = request.POST.get("status", "")
    if status == "dismissed":
        act = partial(dismiss, actor=request.actor, auth_set=key)
        attempt(request, act, "Key dismissed. If the device shows it again, it asks anew.")
    else:
        act = partial(set_status, actor=request.actor, auth_set=key, status=status)
        attempt(request, act, SAID.get(status, ""))
    if not Device.objects.filter(pk=key.device_id).exists():
        return redirect("devices")
    return redirect("device", device_id)


@require_POST
@page("fleet.change_device", within_bounds=True)
def judge_token(request: PageRequest, device_id: UUID) -> HttpResponse:
    """Accept or reject the security token of a device."""
    device = _device(request, device_id, "fleet.change_device")
    status = request.POST.get("status", "")
    act = partial(set_token_status, actor=request.actor, device=device, status=status)
    attempt(request, act, TOKEN_SAID.get(status, ""))
    return redirect("device", device_id)


@require_POST
@page("fleet.change_device", within_bounds=True)
def move(request: PageRequest, device_id: UUID) -> HttpResponse:
    """Put a device into a group; an empty name takes it out of its own."""
    device = _device(request, device_id, "fleet.change_device")
    name = request.POST.get("group", "").strip()
    put: Callable[..., object] = partial(assign, name=name) if name else clear
    act = partial(put, actor=request.actor, organization=request.organization, devices=[device.id])
    attempt(request, act, f"It is in group {name} now." if name else "It is in no group now.")
    return redirect("device", device_id)


@require_http_methods(["GET", "HEAD", "POST"])
@page("fleet.delete_device", within_bounds=True)
def remove(request: PageRequest, device_id: UUID) -> HttpResponse:
    """Ask, then decommission a device."""
    device = _device(request, device_id, "fleet.delete_device")
    if request.method == "POST":
        act = partial(decommission, actor=request.actor, device=device)
        attempt(request, act, f"{device.name} is decommissioned.")
        return redirect("devices")
    return render(request, "fleet/decommission.html", {"here": "devices", "device": device})


def _device(request: PageRequest, device_id: UUID, permission: str) -> Device:
    """404 if there is none, 403 if it is out of the person's bounds."""
    device = get_object_or_404(Device.objects.of(request.organization), id=device_id)
    require_for(request.actor, permission, device)
    return device
