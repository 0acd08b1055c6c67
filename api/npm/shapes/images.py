"""Update images as Riverbed's API tells them. Source: the seed, resources image and images."""

from collections.abc import Iterable
from typing import Any

from artifacts.images import Image


def image(image: Image) -> dict[str, Any]:
    """What is not known is left out, but for the id and the progress, which clients need."""
    known = {"checksum": image.sha256, "version": image.version}
    return {
        "id": image.number,
        "state": image.state.upper(),
        "state_description": image.description,
        "progress": image.progress,
        **{name: value for name, value in known.items() if value},
    }


def images(found: Iterable[Image]) -> dict[str, Any]:
    return {"items": [image(each) for each in found]}
