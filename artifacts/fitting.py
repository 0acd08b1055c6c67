"""Which devices an artifact fits, as rows: none of a release may fit the same as another."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import product
from math import prod

from artifacts.models import Artifact, Fit, Release
from fleet.errors import Conflict, Invalid

MAX_FITS = 1000
DEVICE_TYPE = "device_type"

# Device type and digest, and the combination they stand for: {"device_type": …, key: value …}.
Fits = dict[tuple[str, str], dict[str, str]]


def fits_of(device_types: Iterable[str], depends: Mapping[str, list[str]]) -> Fits:
    """Every combination of one accepted value for each thing that is depended on.

    Raises Invalid("too_many_fits") above 1000.
    """
    choices = {key: sorted(set(values)) for key, values in depends.items() if key != DEVICE_TYPE}
    types = sorted(set(device_types))
    if len(types) * prod(len(values) for values in choices.values()) > MAX_FITS:
        raise Invalid(
            "too_many_fits",
            f"The artifact fits more than {MAX_FITS} combinations of what it depends on.",
            field="artifact",
        )
    combinations = [
        dict(zip(choices, values, strict=True)) for values in product(*choices.values())
    ]
    return {
        (device_type, _digest(combination)): {DEVICE_TYPE: device_type, **combination}
        for device_type in types
        for combination in combinations
    }


def claim_fits(artifact: Artifact, release: Release, fits: Fits) -> None:
    """Write the rows; the release must be locked. Raises Conflict("artifact_conflict")."""
    rows = Fit.objects.filter(release=release).values_list("device_type", "depends_digest")
    taken = set(rows)
    if conflict := [combination for key, combination in fits.items() if key in taken]:
        raise Conflict(
            "artifact_conflict",
            "An artifact with the same name has conflicting dependencies",
            details={"conflict": conflict},
        )
    Fit.objects.bulk_create(
        Fit(artifact=artifact, release=release, device_type=device_type, depends_digest=digest)
        for device_type, digest in fits
    )


def _digest(combination: dict[str, str]) -> str:
    return sha256(json.dumps(combination, sort_keys=True).encode()).hexdigest()
