"""Artifacts: upload, describe, download, delete."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Endpoint, Item, Need, told
from api.v1.uploads import FormEndpoint, UploadedFile
from artifacts.links import signed_url
from artifacts.listing import ARTIFACTS
from artifacts.models import Artifact, ArtifactQuerySet
from artifacts.operations import add_artifact, delete_artifact, describe
from artifacts.reach import artifacts_within
from artifacts.receiving import expect_artifact, received_file

VIEW = "artifacts.view_artifact"
LINK_LIFETIME = timedelta(minutes=15)


class ArtifactForm(Body):
    """The file says itself what it is."""

    artifact = UploadedFile(help_text="The file, as `mender-artifact` writes it.")
    description = serializers.CharField(required=False, help_text="At most 4096 characters.")


class ArtifactChange(Body):
    """What is left out stays as it is."""

    description = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="At most 4096 characters.",
    )


class ArtifactCollection(FormEndpoint, Collection):
    listing = ARTIFACTS
    needs = {
        "GET": Need(VIEW, within_bounds=True),
        "POST": Need("artifacts.add_artifact", within_bounds=True),
    }

    def rows(self) -> ArtifactQuerySet:
        return artifacts_within(self.actor, VIEW, self.organization)

    @extend_schema(
        summary="Upload an artifact",
        request={"multipart/form-data": ArtifactForm},
    )
    def post(self, request: Request) -> Response:
        """The file says which release it belongs to; that is made if there is none.

        The file is written to the storage while it arrives, then read and verified as a whole.
        """
        expect_artifact(self.form, self.organization)
        incoming = received_file(self.form)
        description = self.fields(ArtifactForm).get("description", "")
        made = add_artifact(actor=self.actor, incoming=incoming, description=description)
        # Who may add need not be one who may see.
        shown = told(Artifact.objects.filter(pk=made.pk), ARTIFACTS.columns)[0]
        return Response(shown, 201, headers={"Location": f"/api/v1/artifacts/{made.id}"})


class ArtifactItem(Item):
    listing = ARTIFACTS
    needs = {
        "GET": Need(VIEW, within_bounds=True),
        "PATCH": Need("artifacts.change_artifact", within_bounds=True),
        "DELETE": Need("artifacts.delete_artifact", within_bounds=True),
    }

    def rows(self) -> ArtifactQuerySet:
        return artifacts_within(self.actor, VIEW, self.organization)

    @extend_schema(summary="Describe an artifact", request=ArtifactChange)
    def patch(self, request: Request, **names: Any) -> Response:
        """Refused once a device was given the artifact."""
        body = read(ArtifactChange, request, partial=True)
        with self.changing(**names) as artifact:
            if "description" in body:
                describe(actor=self.actor, artifact=artifact, description=body["description"])
        return Response(self.told(artifact))

    @extend_schema(summary="Delete an artifact")
    def delete(self, request: Request, **names: Any) -> Response:
        """Its release goes with its last one. Refused while an active deployment uses it."""
        with self.changing(**names) as artifact:
            delete_artifact(actor=self.actor, artifact=artifact)
        return Response(status=204)


class ArtifactDownload(Endpoint):
    needs = {"GET": Need(VIEW, within_bounds=True)}

    @extend_schema(summary="Download an artifact", responses={302: None})
    def get(self, request: Request, **names: Any) -> HttpResponseRedirect:
        """On to the file, by a link that works for a quarter of an hour without further proof."""
        artifacts = artifacts_within(self.actor, VIEW, self.organization)
        artifact = get_object_or_404(artifacts.select_related("release"), id=names["id"])
        return HttpResponseRedirect(signed_url(artifact, base="", lifetime=LINK_LIFETIME).uri)
