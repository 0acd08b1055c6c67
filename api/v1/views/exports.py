"""Exports: lists written to a file by a job, to be fetched by a link that expires."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Collection, Item, Need, told
from api.v1.exports.listing import EXPORTS
from api.v1.exports.operations import EXPORT, begin_export, delete_export
from fleet.errors import Invalid
from fleet.reach import jobs_within
from jobs.models import JobQuerySet

OWN = ("q", "sort", "fields", "limit")


class ExportBody(Body):
    """Which list, and what of it, as its address would say; `parameters` are the others."""

    resource = serializers.CharField(max_length=64)
    q = serializers.CharField(max_length=4096, default="", allow_blank=True)
    sort = serializers.CharField(max_length=1024, default="", allow_blank=True)
    fields = serializers.CharField(  # type: ignore[assignment]
        max_length=8192, default="", allow_blank=True
    )
    limit = serializers.IntegerField(min_value=1, max_value=10**12, required=False)
    parameters = serializers.DictField(child=serializers.CharField(max_length=4096), default=dict)
    gzip = serializers.BooleanField(default=False)


class ExportCollection(Collection):
    """One's own, and for administrators all of the organization."""

    listing = EXPORTS
    needs = {"GET": Need(None), "POST": Need(None)}

    def rows(self) -> JobQuerySet:
        return jobs_within(self.actor, self.organization).filter(kind=EXPORT)

    @extend_schema(request=ExportBody, responses={202: EXPORTS}, summary="Begin an export")
    def post(self, request: Request, **_names: Any) -> Response:
        body = read(ExportBody, request)
        job = begin_export(
            caller=self.caller,
            resource=body["resource"],
            query=_query(body),
            is_gzipped=body["gzip"],
        )
        headers = {"Location": f"/api/v1/exports/{job.id}"}
        return Response(
            told(self.rows().filter(pk=job.pk), EXPORTS.columns)[0], 202, headers=headers
        )


class ExportItem(Item):
    listing = EXPORTS
    needs = {"GET": Need(None), "DELETE": Need(None)}

    def rows(self) -> JobQuerySet:
        return jobs_within(self.actor, self.organization).filter(kind=EXPORT)

    @extend_schema(summary="Forget an export and its file")
    def delete(self, _request: Request, **names: Any) -> Response:
        with self.changing(**names) as job:
            delete_export(actor=self.actor, job=job)
        return Response(status=204)


def _query(body: dict[str, Any]) -> dict[str, list[str]]:
    clash = next((name for name in OWN if name in body["parameters"]), None)
    if clash:
        text = f"{clash} is a member of the body itself."
        raise Invalid("invalid_body", text, field=f"parameters.{clash}")
    own = {name: str(body[name]) for name in OWN if body.get(name)}
    return {name: [value] for name, value in (own | body["parameters"]).items()}
