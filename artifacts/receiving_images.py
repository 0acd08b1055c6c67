"""An image that comes in for a device: seen by everybody from its first byte on.

Whatever goes wrong with it stays to be seen, until somebody deletes it or a day has passed.
Source: Riverbed NPM, images: upload, fetch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import UnreadablePostError
from django.utils import timezone

from artifacts.contents import Facts, facts_of
from artifacts.formats.errors import Code
from artifacts.models import Artifact, IncomingImage
from artifacts.numbers import reserve_number
from artifacts.operations import Row, delete_artifact, insert
from artifacts.raw_files import check_version, raw_facts, takes_raw, version_in
from artifacts.storage import Incoming
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, DomainError, Invalid, LimitReached, NotFound
from fleet.models import Device
from fleet.permissions import require

State = IncomingImage.State
ADD, DELETE = "artifacts.add_artifact", "artifacts.delete_artifact"
TOLD_EVERY = 1.0  # seconds
MAX_FILENAME = IncomingImage._meta.get_field("filename").max_length or 0
MAX_TEXT = IncomingImage._meta.get_field("description").max_length or 0


class IncomingFile(Incoming):
    """The file of an image; each second it is noted how much there is.

    `says_its_end` where it cannot break off unnoticed: a body in chunks can, as servers hand it
    over. Its writing raises NotFound("image_not_found") once somebody has deleted the image.
    """

    def __init__(self, image: IncomingImage) -> None:
        super().__init__(image.organization)
        self.image = image
        self.says_its_end = False
        self._told_at = monotonic()

    def write(self, chunk: bytes) -> None:
        super().write(chunk)
        if monotonic() - self._told_at >= TOLD_EVERY:
            self._told_at = monotonic()
            note(self.image, received=self.size)


def announce(
    *,
    actor: Actor,
    device: Device,
    filename: str = "",
    version: str = "",
    expected: int | None = None,
    url: str = "",
) -> IncomingImage:
    """Begin with an image, whose number its artifact will have; `expected` are its bytes.

    Without a version it is that which the name of the file has in it. Raises Forbidden, Invalid.
    """
    require(actor, ADD)
    check_version(version)
    return IncomingImage.objects.create(
        number=reserve_number(),
        organization=device.organization,
        device=device,
        filename=filename[:MAX_FILENAME],
        version=version or version_in(filename),
        expected=expected,
        url=url,
    )


def begin(image: IncomingImage) -> IncomingFile:
    """A file for it, to write to; whoever has it must `settle` or `fail`. Raises NotFound."""
    incoming = IncomingFile(image)
    try:
        note(image, file=incoming.file, state=State.UPLOADING, received=0)
    except BaseException:
        incoming.close()
        raise
    return incoming


def note(image: IncomingImage, **facts: Any) -> None:
    """Write down how far it is; raises NotFound("image_not_found") if it was deleted."""
    if not _row(image).update(**facts):
        raise NotFound("image_not_found", "The image has been deleted.")
    for name, value in facts.items():
        setattr(image, name, value)


@contextmanager
def watched(image: IncomingImage) -> Iterator[None]:
    """Around the transfer: what goes wrong becomes a state of the image.

    A limit that is reached and a transfer that breaks off are passed over, all else is raised.
    """
    try:
        yield
    except LimitReached as limit:
        fail(image, State.INVALID, limit.message)
    except UnreadablePostError:
        fail(image, State.UPLOAD_ERROR, "The transfer broke off.")
    except DomainError as refusal:
        fail(image, State.UPLOAD_ERROR, refusal.message)
        raise
    except BaseException:
        fail(image, State.UPLOAD_ERROR, "The image could not be received.")
        raise


def settle(*, actor: Actor, incoming: IncomingFile) -> None:
    """Check the file that is all there, and make it an artifact or note what is wrong with it.

    Not inside a transaction. The file is deleted unless it became an artifact. Raises NotFound
    if the image has been deleted.
    """
    image = incoming.image
    with incoming:
        note(image, state=State.VALIDATING, received=incoming.size, sha256=incoming.sha256)
        try:
            _make(actor, incoming)
        except Conflict as conflict:
            if conflict.code != "artifact_conflict":
                raise
            fail(image, State.INVALID, "There is an image of this name and version already.")
        except DomainError as fault:
            is_there = fault.code != "image_end_unknown"
            fail(image, State.INVALID if is_there else State.UPLOAD_ERROR, fault.message)


def fail(image: IncomingImage, state: IncomingImage.State, text: str) -> None:
    """Keep what was wrong for people to see; of one that was deleted there is nothing to keep."""
    facts = {"state": state, "description": text[:MAX_TEXT], "ended_at": timezone.now(), "file": ""}
    _row(image).exclude(ended_at__isnull=False).update(**facts)


@transaction.atomic
def delete_image(*, actor: Actor, image: IncomingImage | Artifact) -> None:
    """Delete it, for all devices of its type if it is an artifact; what comes in stops coming.

    Raises Forbidden, NotFound, Conflict("image_in_use").
    """
    if isinstance(image, Artifact):
        try:
            delete_artifact(actor=actor, artifact=image)
        except Conflict as use:
            raise Conflict("image_in_use", use.message, details=use.details) from use
        return
    require(actor, DELETE)
    if not _row(image).delete()[0]:
        raise NotFound("image_not_found", "There is no such image.")
    told = image.filename or image.url or str(image)
    record(actor, Action.DELETE, Subject("artifact", image.id, told[:MAX_FILENAME]))


def _make(actor: Actor, incoming: IncomingFile) -> Artifact:
    """The artifact takes the place of the image."""
    image = incoming.image
    with incoming.kept_with_its_row():
        facts = _facts(incoming)
        incoming.sync()
        with transaction.atomic(durable=True):
            if not _row(image).delete()[0]:
                raise NotFound("image_not_found", "The image has been deleted.")
            return insert(actor, incoming, facts, Row(image.id, image.number))


def _facts(incoming: IncomingFile) -> Facts:
    """What a Mender artifact says of itself, or what is to be said of any other file."""
    if not incoming.size:
        raise Invalid("image_empty", "The file is empty.")
    device = incoming.image.device
    try:
        facts = facts_of(incoming)
    except Invalid as fault:
        if fault.code != Code.NOT_AN_ARTIFACT:
            raise
        if takes_raw(device):
            _require_end(incoming)
            return raw_facts(incoming.image, incoming)
        text = f"This device takes Mender artifacts only; this is not a Mender artifact: {fault}"
        raise Invalid("image_not_an_artifact", text) from fault
    if device.device_type not in facts.columns["device_types"]:
        kinds = ", ".join(facts.columns["device_types"])
        text = f"The image is for {kinds}; the device is of type {device.device_type or 'unknown'}."
        raise Invalid("image_not_for_device", text)
    return facts


def _require_end(incoming: IncomingFile) -> None:
    """Half a file that is kept as it comes looks like a whole one, and would be installed."""
    if not incoming.says_its_end:
        text = "Nobody can tell whether all of it came: its length has to be announced."
        raise Invalid("image_end_unknown", text)


def _row(image: IncomingImage) -> QuerySet[IncomingImage]:
    return IncomingImage.objects.filter(pk=image.pk)
