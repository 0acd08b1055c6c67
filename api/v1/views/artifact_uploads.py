"""Artifacts that a job makes: of a raw file, or of what was sent by a link of its own."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import base_url
from api.v1.bodies import Body
from api.v1.endpoints import Endpoint, Need
from api.v1.jobs import begun
from api.v1.uploads import FormEndpoint, UploadedFile
from artifacts.direct import LINK_LIFETIME, announce, complete
from artifacts.generating import request_generation
from artifacts.links import signed_upload_url
from artifacts.receiving import (
    expect_raw_file,
    file_name,
    form_values,
    received_file,
)
from artifacts.recipes import Recipe
from fleet.errors import Invalid
from jobs.models import Job

ADD = Need("artifacts.add_artifact", within_bounds=True)
TEXTS = (
    *("name", "description", "filename", "dest_dir"),
    *("software_filesystem", "software_name", "software_version"),
)
# Recipes speak of their fields as Mender's form has them.
RENAMED = {"device_types_compatible": "device_types", "args": "filename"}


class GenerationForm(Body):
    """`device_types` may come several times, or once with commas."""

    file = UploadedFile(help_text="The raw file.")
    name = serializers.CharField(help_text="Name of the release.")
    device_types = serializers.CharField(help_text="Types of devices that it fits, by commas.")
    dest_dir = serializers.CharField(help_text="Where it goes on the device, absolute.")
    filename = serializers.CharField(required=False, help_text="By default its own name.")
    description = serializers.CharField(required=False)
    software_filesystem = serializers.CharField(required=False, default="rootfs-image")
    software_name = serializers.CharField(required=False, default="single-file")
    software_version = serializers.CharField(required=False, help_text="By default `name`.")


class DirectUpload(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="That which the artifact will have.")
    url = serializers.URLField(help_text="Where to PUT the file, once.")
    expires_at = serializers.DateTimeField(help_text="Until when.")


class Generation(FormEndpoint):
    needs = {"POST": ADD}

    @extend_schema(
        summary="Make an artifact of a raw file", request={"multipart/form-data": GenerationForm}
    )
    def post(self, request: Request) -> Response:
        """A job wraps the file for the update module `single-file`, which puts it in its place.

        The job's `result` names the `artifact` and its `release`.
        """
        expect_raw_file(self.form, self.organization)
        incoming = received_file(self.form)
        recipe = _recipe(self.form, self.fields(GenerationForm))
        try:
            upload = request_generation(actor=self.actor, incoming=incoming, recipe=recipe)
        except Invalid as error:
            raise _renamed(error) from error
        return begun(Job.objects.get(id=upload.facts["job"]))


class DirectUploads(Endpoint):
    needs = {"POST": ADD}

    @extend_schema(
        summary="Announce a file that comes by a link of its own",
        request=None,
        responses={201: DirectUpload},
    )
    def post(self, request: Request) -> Response:
        """The link takes the file as the body of one PUT, without any token."""
        upload = announce(actor=self.actor, organization=self.organization)
        base = base_url(request._request)
        link = signed_upload_url(upload.id, base=base, lifetime=LINK_LIFETIME)
        return Response({"id": upload.id, "url": link.uri, "expires_at": link.expires_at}, 201)


class DirectUploadCompletion(Endpoint):
    needs = {"POST": ADD}

    @extend_schema(summary="Have a file that was sent by its link read", request=None)
    def post(self, request: Request, **names: Any) -> Response:
        """A job reads and verifies it; its `result` names the `artifact` and its `release`."""
        job = complete(actor=self.actor, organization=self.organization, upload_id=names["id"])
        return begun(job)


def _recipe(form: HttpRequest, fields: dict[str, str]) -> Recipe:
    given = {name: fields.get(name, "") for name in TEXTS}
    given["filename"] = given["filename"] or file_name(form)
    lists = form_values(form, "device_types")
    named = [name.strip() for names in lists for name in names.split(",")]
    return Recipe(**given, device_types=list(dict.fromkeys(name for name in named if name)))


def _renamed(error: Invalid) -> Invalid:
    field = RENAMED.get(error.field, error.field)
    return Invalid(error.code, error.message.replace(error.field, field, 1), field=field)
