"""Which artifact of a release a device gets."""

from collections.abc import Mapping

from artifacts.file_formats import FileFormat
from artifacts.models import Artifact, Fit, Release


def choose(
    release_id: int, provides: Mapping[str, str], *, takes_raw: bool = False
) -> Artifact | None:
    """The smallest artifact of a release (by its number) that a device can take.

    `provides` is what the device says of itself, `device_type` included; everything an artifact
    depends on must be there with an accepted value. What is no Mender artifact is for those only
    that take any file (DDI). One query. (Mender API, Next update.)
    """
    fits = Fit.objects.filter(release=release_id, device_type=provides.get("device_type", ""))
    fitting = Artifact.objects.filter(pk__in=fits.values("artifact"))
    if not takes_raw:
        fitting = fitting.exclude(format=FileFormat.RAW)
    light = fitting.defer("payloads", "scripts", "signature")
    takeable = [artifact for artifact in light if is_met(artifact.depends, provides)]
    return min(takeable, key=lambda artifact: (artifact.size, artifact.number), default=None)


def is_met(depends: Mapping[str, list[str]], provides: Mapping[str, str]) -> bool:
    """Whether every key is provided with one of its accepted values."""
    return all(provides.get(key) in accepted for key, accepted in depends.items())


def fits_device_types(release: Release | int) -> set[str]:
    """The device types that a release (or the one of this number) has an artifact for."""
    rows = Fit.objects.filter(release=release)
    return set(rows.values_list("device_type", flat=True).distinct())
