"""Which files a device may fetch: those of what it has taken up, and of what it has installed."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.lookups import In

from artifacts.chunks import Chunk, File, chunks_of
from artifacts.models import Artifact, ModuleFile, Release
from artifacts.serving import Content
from deployments.models import DeviceDeployment
from deployments.parts import RELEASE, RELEASE_NAME
from deployments.retrieving import is_for
from deployments.states import State
from fleet.models import Device

_HAS_IT = Q(
    state__in=[State.SUCCESS, State.ALREADY_INSTALLED],
    brought=F("device__software"),
)
_TAKEN_UP = Q(
    is_open=True,
    is_instructed=True,
    cancel_requested_at__isnull=True,
    deployment__finished_at__isnull=True,
)


@dataclass(frozen=True, slots=True)
class Fetchable:
    """A module, and the device's part for which it may have that."""

    chunk: Chunk
    row: DeviceDeployment


def fetchable(device: Device, module: int) -> Fetchable | None:
    """The module of that number for the device, what it is to do before what it has done."""
    rows = DeviceDeployment.objects.select_related("deployment", "release")
    releases = Release.objects.filter(modules=module).values("number")
    named = rows.filter(In(RELEASE, releases), device=device).annotate(brought=RELEASE_NAME)
    for row in named.filter(_TAKEN_UP | _HAS_IT).order_by("-is_open", "-deployment_id")[:10]:
        found = [chunk for chunk in _chunks(row) if chunk.number == module and is_for(chunk, row)]
        if found:
            return Fetchable(found[0], row)
    return None


def _chunks(row: DeviceDeployment) -> tuple[Chunk, ...]:
    release, _ = row.brings
    return () if release is None else chunks_of(release)


def content_of(found: Fetchable, file: File) -> Content:
    """The file as it is sent: hawkBit's entity tag is the SHA-1."""
    kept = (
        Artifact.objects.values_list("created_at", flat=True)
        if found.chunk.device_types
        else ModuleFile.objects.values_list("created_at", flat=True)
    )
    return Content(
        file=file.file,
        filename=file.filename,
        size=file.size,
        digest=file.sha1,
        created_at=kept.get(pk=file.number),
    )
