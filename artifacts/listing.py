"""Releases and artifacts, as lists, filters, tables and exports know them."""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Func, Q, TextField
from django.db.models.sql.compiler import SQLCompiler

from artifacts.models import Artifact, Fit, Release, ReleaseTag
from query.aggregates import Gathered, counted, summed
from query.columns import SetColumn, TextValue
from query.compiling import Target
from query.declaring import boolean, identifier, json, mapping, moment, names, number, text
from query.json_fields import JsonField
from query.listing import Column, Kind, Listing
from query.searching import search


class PayloadType(Func):
    """The type of the first payload, empty where it has none: Django would make it a "null"."""

    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Any:
        template = "COALESCE(%(expressions)s #>> '{0,type}', '')"
        return super().as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Any:
        template = "COALESCE(json_extract(%(expressions)s, '$[0].type'), '')"
        return super().as_sql(compiler, connection, template=template)


PAYLOAD_TYPE = PayloadType("payloads")
IS_SIGNED = ExpressionWrapper(~Q(signature=""), output_field=BooleanField())


def _in(document: str) -> Callable[[tuple[str, ...]], Target]:
    def target_at(path: tuple[str, ...]) -> Target:
        return JsonField(document, path, is_plain=True)

    return target_at


RELEASES = Listing(
    "releases",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "Name: that of all its artifacts", is_indexed=True, example="gateway-2.4.1"),
        text("notes", "What people say of it"),
        names(
            "tags",
            "Words on it, lower case",
            read=Gathered(ReleaseTag.objects.all(), "release", "name"),
            target=SetColumn(ReleaseTag.objects.all(), "release", "name"),
            example="stable",
        ),
        number(
            "artifact_count",
            "How many artifacts it has",
            read=counted(Artifact.objects.all(), "release"),
        ),
        number(
            "size",
            "Bytes of all its artifacts",
            read=summed(Artifact.objects.all(), "release", "size"),
        ),
        names(
            "device_types",
            "Types of devices that it has an artifact for",
            read=Gathered(Fit.objects.all(), "release", "device_type"),
            target=SetColumn(Fit.objects.all(), "release", "device_type"),
            example="raspberrypi4",
        ),
        text("version", "Version of it: that of the set, or its name", example="2.4.1"),
        text(
            "type",
            "Key of its type, which says what modules it is made of",
            path="type__key",
            is_nullable=True,
            example="os_app",
        ),
        number(
            "module_count",
            "How many software modules it has, of which each artifact is one",
            read=counted(Release.modules.through.objects.all(), "release"),
        ),
        moment("created_at", "When it was made, or its first artifact came"),
        moment(
            "updated_at",
            "When something about it changed last",
            read="modified_at",
            is_indexed=True,
        ),
    ),
    sort=("-updated_at",),
    asked=(
        search(
            "Name, notes and descriptions in small letters, to find a word in",
            *("name", "notes", Gathered(Artifact.objects.all(), "release", "description")),
        ),
    ),
)

ARTIFACTS = Listing(
    "artifacts",
    (
        identifier("id", "Identifier", is_indexed=True),
        identifier("release.id", "Release that it belongs to", path="release__id"),
        text("release.name", "Name of that", path="release__name", example="gateway-2.4.1"),
        text("description", "What people say of it"),
        names(
            "device_types",
            "Types of devices that it fits",
            read=Gathered(Fit.objects.all(), "artifact", "device_type"),
            target=SetColumn(Fit.objects.all(), "artifact", "device_type"),
            example="raspberrypi4",
        ),
        number("size", "Bytes of its file"),
        text("sha256", "Digest of its file, in hexadecimal"),
        text("format", "Format of its file", example="mender"),
        number("format_version", "Version of that"),
        boolean("is_signed", "Whether its file carries a signature", read=IS_SIGNED),
        Column(
            name="payload_type",
            kind=Kind.TEXT,
            help="Update module that installs it",
            read=PAYLOAD_TYPE,
            target=TextValue(PAYLOAD_TYPE),
            example="single-file",
        ),
        mapping(
            "provides",
            "What a device says of itself once it is installed, by name",
            read="provides",
            target_at=_in("provides"),
            example="rootfs-image.version",
        ),
        mapping(
            "depends",
            "What a device must say of itself, by name: one of the values",
            read="depends",
            target_at=_in("depends"),
            example="device_type",
        ),
        json("clears", "What a device must no longer say of itself", is_shown=False),
        json("payloads", "Its parts, each with type, files and metadata", is_shown=False),
        json("scripts", "Names of the scripts around the installation", is_shown=False),
        moment("created_at", "When it came"),
        moment(
            "updated_at",
            "When something about it changed last",
            read="modified_at",
            is_indexed=True,
        ),
    ),
    sort=("-updated_at",),
)
