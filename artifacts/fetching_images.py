"""An image that the server fetches for a device: a job, as the person who asked for it.

It is no way into the house: only public addresses are called, also after a redirect.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import httpx
from django.conf import settings
from django.db import transaction

from artifacts.models import IncomingImage
from artifacts.receiving_images import (
    IncomingFile,
    State,
    announce,
    begin,
    fail,
    note,
    settle,
    watched,
)
from auditlog.actor import Actor
from fleet.acting_later import actor_again, noted
from fleet.errors import NotFound
from fleet.models import Device
from fleet.outgoing.deadline import Deadline
from fleet.outgoing.resolving import Refused, public_only, unique
from fleet.outgoing.transport import CheckedTransport
from fleet.outgoing.urls import parsed
from jobs.models import Job
from jobs.queue import enqueue

FETCH = "artifacts.fetch_image"
# Seconds: for the connection, and between two pieces of an answer.
CONNECT, READ = 10.0, 30.0
MOST_REDIRECTS = 5
USER_AGENT = "Slipway (images)"
_PRIVATE = (
    "The name {host} leads into a private network ({address}). Only where "
    "SLIPWAY_FETCH_PRIVATE_NETWORKS is true may images be fetched from there."
)


class BadAnswer(Exception):
    """The server has answered, and not with a file; the text says what, to people."""


@transaction.atomic
def request_fetch(*, actor: Actor, device: Device, url: str, version: str = "") -> IncomingImage:
    """Have the file at the address fetched for the device.

    Raises Forbidden, Invalid("url_invalid", "image_version_invalid").
    """
    parts = parsed(url)
    name = unquote(parts.path.rpartition("/")[2], errors="replace").replace("\0", "")
    image = announce(actor=actor, device=device, filename=name, version=version, url=url)
    arguments = {"image": image.pk, "actor": noted(actor)}
    enqueue(FETCH, arguments, organization_id=device.organization_id, asked_by=actor.id)
    return image


def fetch(job: Job) -> None:
    """Fetch and check it, from the beginning if an earlier attempt died; nothing where the image
    was deleted or is settled already."""
    rows = IncomingImage.objects.select_related("device", "organization")
    image = rows.filter(pk=job.arguments["image"], ended_at__isnull=True).first()
    if image is None:
        return
    try:
        actor = actor_again(job.arguments["actor"])
    except NotFound as gone:
        fail(image, State.UPLOAD_ERROR, gone.message)
        return
    try:
        incoming = begin(image)
        with incoming, watched(image), _told(image):
            _transfer(incoming)
            settle(actor=actor, incoming=incoming)
    except NotFound:
        return  # somebody has deleted it meanwhile


def _transfer(incoming: IncomingFile) -> None:
    with Deadline(settings.FETCH_SECONDS) as deadline:
        try:
            _read(incoming, deadline)
        except httpx.HTTPError:
            if not deadline.is_over:
                raise
    if deadline.is_over:
        raise BadAnswer(f"It was not there after {settings.FETCH_SECONDS} s.")


def _read(incoming: IncomingFile, deadline: Deadline) -> None:
    url, extensions = incoming.image.url, {"trace": deadline.opened}
    with _client() as client, client.stream("GET", url, extensions=extensions) as answer:
        if answer.status_code != 200:
            raise BadAnswer(f"It answered {answer.status_code}.")
        length = answer.headers.get("Content-Length", "")
        # One that ends with its connection only may have been cut off.
        incoming.says_its_end = bool(length) or "Transfer-Encoding" in answer.headers
        if length.isascii() and length.isdigit() and len(length) < 19:
            incoming.require_room(int(length))
            note(incoming.image, expected=int(length))
        for chunk in answer.iter_raw():
            incoming.write(chunk)


def allowed(host: str, addresses: list[str]) -> list[str]:
    """The addresses, unless one of them is private and may not be; raises Refused."""
    if settings.FETCH_PRIVATE_NETWORKS:
        return unique(addresses)
    return public_only(host, addresses, _PRIVATE)


def _client() -> httpx.Client:
    """What fetches: directly, to checked addresses only, the file as it is."""
    return httpx.Client(
        transport=CheckedTransport(allowed),
        timeout=httpx.Timeout(READ, connect=CONNECT),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        trust_env=False,
        headers={"Accept-Encoding": "identity", "User-Agent": USER_AGENT},
    )


@contextmanager
def _told(image: IncomingImage) -> Iterator[None]:
    """What goes wrong out there is no failure of ours: it becomes a state of the image."""
    try:
        yield
    except (Refused, BadAnswer) as refusal:
        fail(image, State.UPLOAD_ERROR, str(refusal))
    except httpx.TooManyRedirects:
        fail(image, State.UPLOAD_ERROR, f"It led on more than {MOST_REDIRECTS} times.")
    except httpx.TimeoutException:
        fail(image, State.UPLOAD_ERROR, "It took too long to answer.")
    # The last is a name of a server that IDNA cannot read.
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as broken:
        text = f"The connection failed: {broken or type(broken).__name__}"
        fail(image, State.UPLOAD_ERROR, text.replace("\0", ""))
