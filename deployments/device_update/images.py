"""Which image a device is updated to: one that its own release would give it."""

from artifacts.completeness import is_deployable
from artifacts.images import image_numbered, valid_images
from artifacts.models import Artifact, IncomingImage
from artifacts.versions import version_of
from deployments.candidates import Verdict, candidate_for
from deployments.device_update.installed import release_version
from deployments.models import Deployment
from deployments.next_call import judgement_of
from fleet.errors import Conflict
from fleet.models import Device


def newest_image(device: Device) -> Artifact:
    """The newest of the device's images that brings it another version.

    Raises Conflict "no_valid_image".
    """
    has = version_of(device)
    for image in valid_images(device).order_by("-number"):
        is_new = image.release.name != device.software and release_version(image.release) != has
        if is_new and _would_get(device, image):
            return image
    raise _none_valid("There is no valid image of another version than the device has")


def image_for(device: Device, number: int) -> Artifact:
    """The image of this number, be it of the version that the device has.

    Raises NotFound "image_not_found", Conflict "no_valid_image" where it is not valid (yet), or
    the device would be given another one of its release.
    """
    image = image_numbered(device, number)
    if isinstance(image, IncomingImage):
        raise _none_valid(f"The image {number} is {image.state.upper()}")
    if not _would_get(device, image):
        raise _none_valid(f"The image {number} does not fit the device as it is now")
    return image


def _would_get(device: Device, image: Artifact) -> bool:
    """Whether the image is what the device gets where the image's release is deployed to it."""
    if not is_deployable(image.release):
        return False
    deployment = Deployment(
        organization=device.organization,
        release=image.release,
        release_name=image.release.name,
        force_installation=True,
        size=1,
    )
    judgement = judgement_of(device, candidate_for(deployment))
    return judgement.verdict is Verdict.FITS and judgement.artifact_number == image.number


def _none_valid(message: str) -> Conflict:
    return Conflict("no_valid_image", message)
