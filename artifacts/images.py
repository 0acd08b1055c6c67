"""The update images of a device: artifacts that fit its type, and files on their way to it.

Source: Riverbed NPM, resource images.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.db.models import Exists, OuterRef, TextChoices

from artifacts.file_formats import FileFormat
from artifacts.models import Artifact, ArtifactQuerySet, Fit, IncomingImage
from artifacts.raw_files import takes_raw
from fleet.errors import NotFound
from fleet.models import Device

BEYOND = 2**31


class ImageState(TextChoices):
    """Those of what is coming in, and what has become an artifact."""

    UPLOADING = "uploading"
    VALIDATING = "validating"
    UPLOAD_ERROR = "upload_error"
    VALID = "valid"
    INVALID = "invalid"


_DESCRIPTIONS = {
    ImageState.UPLOADING: "The image is being transferred",
    ImageState.VALIDATING: "The image is being checked",
}


@dataclass(frozen=True, slots=True)
class Image:
    """One image; `sha256` and `version` are "" while they are unknown, `progress` is percent."""

    number: int
    state: ImageState
    description: str
    sha256: str
    version: str
    progress: int

    @classmethod
    def of_artifact(cls, artifact: Artifact) -> Self:
        """Of one read with its release."""
        is_valid = artifact.release.invalidated_at is None
        return cls(
            artifact.pk,
            ImageState.VALID if is_valid else ImageState.INVALID,
            "The image is valid" if is_valid else "The release has been invalidated",
            artifact.sha256,
            artifact.release.version or _version_of(artifact),
            100,
        )

    @classmethod
    def of_incoming(cls, row: IncomingImage) -> Self:
        state = ImageState(row.state)
        described = row.description or _DESCRIPTIONS.get(state, "")
        return cls(row.pk, state, described, row.sha256, row.version, _progress(row))


def images_of(device: Device) -> Iterator[Image]:
    """All images of the device, by their numbers."""
    # In this order: one may become an artifact in between.
    coming = {row.pk: row for row in IncomingImage.objects.filter(device=device)}
    made = {artifact.pk: artifact for artifact in artifacts_for(device)}
    for number in sorted(coming.keys() | made.keys()):
        if number in made:
            yield Image.of_artifact(made[number])
        else:
            yield Image.of_incoming(coming[number])


def image_numbered(device: Device, number: int) -> IncomingImage | Artifact:
    """What the image of this number is now; raises NotFound."""
    if 0 < number < BEYOND:
        coming = IncomingImage.objects.select_related("device").filter(device=device, pk=number)
        artifacts = artifacts_for(device).filter(pk=number)
        if found := coming.first() or artifacts.first():
            return found
    raise NotFound("image_not_found", "There is no such image.")


def valid_images(device: Device) -> ArtifactQuerySet:
    """The artifacts that the device may be updated with, read with their releases, by number."""
    return artifacts_for(device).filter(release__invalidated_at__isnull=True)


def artifacts_for(device: Device) -> ArtifactQuerySet:
    """The artifacts that are for its type, also of invalidated releases.

    Files that were kept raw are for devices that take any.
    """
    fits = Fit.objects.filter(artifact=OuterRef("pk"), device_type=device.device_type)
    artifacts = Artifact.objects.of(device.organization_id).filter(Exists(fits))
    if not takes_raw(device):
        artifacts = artifacts.exclude(format=FileFormat.RAW)
    there = artifacts.filter(release__deleted_at__isnull=True).select_related("release")
    return there.defer("payloads", "scripts", "signature").order_by("number")


def image_of(found: IncomingImage | Artifact) -> Image:
    if isinstance(found, Artifact):
        return Image.of_artifact(found)
    return Image.of_incoming(found)


def _version_of(artifact: Artifact) -> str:
    """A Mender artifact has no version but its name; a raw file without one has none."""
    return "" if artifact.format == FileFormat.RAW else artifact.release.name


def _progress(row: IncomingImage) -> int:
    """100 once there is nothing more to come, also where that is because the transfer failed:
    clients wait for that before they look at the state."""
    if row.state != IncomingImage.State.UPLOADING:
        return 100
    return min(99, row.received * 100 // row.expected) if row.expected else 0
