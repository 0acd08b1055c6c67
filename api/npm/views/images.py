"""The update images of an appliance. Source: the seed, images; SteelScript, SystemUpdateService."""

import re
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

from api.bodies import announced_length
from api.endpoints import EXECUTE, READ, Call
from api.npm.errors import invalid_input, not_found
from api.npm.resources import Resource, Verb, answered, body_of, nothing
from api.npm.shapes import images as shapes
from artifacts.fetching_images import request_fetch
from artifacts.images import Image, image_numbered, image_of, images_of
from artifacts.models import Artifact, IncomingImage
from artifacts.receiving import CHUNK, expect_image, hear_out, received_file
from artifacts.receiving_images import IncomingFile, announce, begin, delete_image, settle, watched
from fleet.models import Device
from fleet.texts import storable

VERSION = "HTTP_X_IMAGE_VERSION"
_NUMBER = re.compile(r"[0-9]{1,10}")


class Images(Resource):
    needs: ClassVar = {"GET": READ}

    def get(self, _call: Call) -> HttpResponse:
        return answered(shapes.images(images_of(self.device)))


class OneImage(Resource):
    needs: ClassVar = {"GET": READ, "DELETE": EXECUTE}

    def get(self, _call: Call, image_id: str) -> HttpResponse:
        return answered(shapes.image(image_of(_found(self.device, image_id))))

    def delete(self, call: Call, image_id: str) -> HttpResponse:
        delete_image(actor=call.actor, image=_found(self.device, image_id))
        return nothing()


class Fetch(Verb):
    def post(self, call: Call) -> HttpResponse:
        url = body_of(call, is_required=True).get("url")
        if not isinstance(url, str):
            raise invalid_input("url: the address to fetch the image from, a string")
        version = _version(call)
        image = request_fetch(actor=call.actor, device=self.device, url=url, version=version)
        return answered(shapes.image(Image.of_incoming(image)))


class Upload(Verb):
    """The image is the body as it is, whatever it calls itself, or the part `file` of a form."""

    is_atomic = False

    def post(self, call: Call) -> HttpResponse:
        is_form = call.content_type == "multipart/form-data"
        image = _receive_form(call, self.device) if is_form else _receive_body(call, self.device)
        return answered(shapes.image(image_of(image_numbered(self.device, image.pk))))


def _receive_body(call: Call, device: Device) -> IncomingImage:
    chunk = call.read(CHUNK)
    if not chunk:
        raise invalid_input("There is no image in the body.")
    filename = _file_name(call.META.get("HTTP_CONTENT_DISPOSITION", ""))
    expected = announced_length(call.META)
    image = announce(
        actor=call.actor,
        device=device,
        filename=filename,
        version=_version(call),
        expected=expected,
    )
    with begin(image) as incoming, watched(image):
        incoming.says_its_end = expected is not None
        incoming.require_room(expected or 0)
        while chunk:
            incoming.write(chunk)
            chunk = call.read(CHUNK)
        settle(actor=call.actor, incoming=incoming)
    if chunk:
        hear_out(call)
    return image


def _receive_form(call: Call, device: Device) -> IncomingImage:
    begun: list[IncomingFile] = []

    def begin_file(filename: str) -> IncomingFile:
        expected = announced_length(call.META)
        version = _version(call)
        image = announce(
            actor=call.actor, device=device, filename=filename, version=version, expected=expected
        )
        begun.append(begin(image))
        # By its closing boundary.
        begun[0].says_its_end = True
        return begun[0]

    expect_image(call, begin_file)
    # Django reads the forms of this method only.
    call.method = "POST"
    try:
        received_file(call)
    except Exception:
        if not begun:
            raise
        with begun[0] as incoming, watched(incoming.image):
            raise
    else:
        settle(actor=call.actor, incoming=begun[0])
    return begun[0].image


def _version(request: HttpRequest) -> str:
    return str(request.META.get(VERSION, "")).strip()


def _file_name(disposition: str) -> str:
    """What the sender calls the file, without folders; "" where that cannot be read."""
    try:
        name = str(parse_header_parameters(disposition)[1].get("filename", ""))
    # Its charset may be any codec of Python's, some of which fail in ways of their own.
    except Exception:  # noqa: BLE001
        return ""
    return storable(name).replace("\\", "/").rpartition("/")[2]


def _found(device: Device, text: str) -> IncomingImage | Artifact:
    """An id is a number; nothing else is any image's."""
    if not _NUMBER.fullmatch(text):
        raise not_found("There is no such image.")
    return image_numbered(device, int(text))
