"""The update of an appliance: how far it is, and what can be done with it."""

from typing import Any, ClassVar

from django.http import HttpResponse

from api.endpoints import READ, Call
from api.npm.errors import invalid_input
from api.npm.resources import Resource, Verb, answered, body_of
from api.npm.shapes import update as shape
from deployments.device_update.changing import initialize, reset, start
from deployments.device_update.deriving import update_of
from deployments.device_update.installed import installations_of
from fleet.models import Device


class Update(Resource):
    needs: ClassVar = {"GET": READ}

    def get(self, _call: Call) -> HttpResponse:
        return _told(self.device)


class Init(Verb):
    def post(self, call: Call) -> HttpResponse:
        image = _image_in(body_of(call, is_required=False))
        initialize(actor=call.actor, device=self.device, image=image)
        return _told(self.device)


class Start(Verb):
    def post(self, call: Call) -> HttpResponse:
        start(actor=call.actor, device=self.device)
        return _told(self.device)


class Reset(Verb):
    def post(self, call: Call) -> HttpResponse:
        reset(actor=call.actor, device=self.device)
        return _told(self.device)


def _told(device: Device) -> HttpResponse:
    return answered(shape.update(update_of(device), installations_of(device)))


def _image_in(body: dict[str, Any]) -> int | None:
    """The number of the image that is asked for; null is none."""
    image = body.get("image")
    if image is None:
        return None
    if isinstance(image, bool) or not isinstance(image, int):
        raise invalid_input("image: the id of an image is an integer")
    return image
