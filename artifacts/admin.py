"""Releases and artifacts: what can be edited is edited by the operations."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from artifacts.models import (
    Artifact,
    Fit,
    ModuleFile,
    ModuleType,
    PendingUpload,
    Release,
    ReleaseQuerySet,
    ReleaseTag,
    ReleaseType,
    SoftwareModule,
)
from artifacts.operations import delete_artifact, delete_release, describe
from artifacts.releases import set_notes
from fleet.admin_scope import (
    ByOrganization,
    OrganizationScopedAdmin,
    ScopedInline,
    actor_in,
    read_only,
)


class ArtifactInline(ScopedInline):
    model = Artifact
    fields = ("id", "device_types", "size", "format", "created_at")
    readonly_fields = fields


class FitInline(ScopedInline):
    model = Fit
    fields = ("device_type", "depends_digest")
    readonly_fields = fields
    show_change_link = False


class TagInline(ScopedInline):
    model = ReleaseTag
    fields = ("name",)
    readonly_fields = fields
    show_change_link = False


@admin.register(Release)
class ReleaseAdmin(OrganizationScopedAdmin):
    list_display = ["name", "artifact_count", "notes", "modified_at", "organization"]
    list_filter = ["modified_at", ("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["name", "id", "notes", "tags__name"]
    ordering = ["-modified_at"]
    fields = read_only(Release)
    readonly_fields = read_only(Release, hidden=["notes"])
    inlines = [TagInline, ArtifactInline]

    def get_queryset(self, request: HttpRequest) -> ReleaseQuerySet:
        return cast("ReleaseQuerySet", super().get_queryset(request)).counted()

    @admin.display(description="artifacts", ordering="artifact_count")
    def artifact_count(self, release: Release) -> int:
        return release.artifact_count

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("artifacts.change_release")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("artifacts.delete_release")

    def save_model(self, request: HttpRequest, obj: Release, form: Any, change: bool) -> None:
        set_notes(actor=actor_in(request, obj.organization), release=obj, notes=obj.notes)

    def delete_model(self, request: HttpRequest, obj: Release) -> None:
        delete_release(actor=actor_in(request, obj.organization), release=obj)


@admin.register(Artifact)
class ArtifactAdmin(OrganizationScopedAdmin):
    list_display = [
        *("release", "device_types", "readable_size", "kind", "is_signed", "created_at"),
        "organization",
    ]
    list_filter = ["format", "created_at", ("organization", ByOrganization)]
    list_select_related = ["release", "organization"]
    search_fields = ["release__name", "description", "id", "sha256", "fits__device_type"]
    ordering = ["-number"]
    fields = read_only(Artifact)
    readonly_fields = read_only(Artifact, hidden=["description"])
    inlines = [FitInline]

    @admin.display(description="size", ordering="size")
    def readable_size(self, artifact: Artifact) -> str:
        return filesizeformat(artifact.size)

    @admin.display(description="format", ordering="format_version")
    def kind(self, artifact: Artifact) -> str:
        return f"{artifact.format} {artifact.format_version}"

    @admin.display(description="signed", boolean=True)
    def is_signed(self, artifact: Artifact) -> bool:
        return bool(artifact.signature)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("artifacts.change_artifact")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("artifacts.delete_artifact")

    def save_model(self, request: HttpRequest, obj: Artifact, form: Any, change: bool) -> None:
        actor = actor_in(request, obj.organization)
        describe(actor=actor, artifact=obj, description=obj.description)

    def delete_model(self, request: HttpRequest, obj: Artifact) -> None:
        delete_artifact(actor=actor_in(request, obj.organization), artifact=obj)


class FileInline(ScopedInline):
    model = ModuleFile
    fields = ("filename", "size", "sha256", "created_at", "created_by")
    readonly_fields = fields
    show_change_link = False


@admin.register(SoftwareModule)
class SoftwareModuleAdmin(OrganizationScopedAdmin):
    list_display = ["name", "version", "type", "vendor", "modified_at", "deleted_at"]
    list_display += ["organization"]
    list_filter = ["modified_at", ("organization", ByOrganization)]
    list_select_related = ["type", "organization"]
    search_fields = ["name", "version", "vendor", "files__filename", "files__sha256"]
    ordering = ["-modified_at"]
    fields = read_only(SoftwareModule)
    readonly_fields = fields
    inlines = [FileInline]


class TypeAdmin(OrganizationScopedAdmin):
    """Of modules and of releases alike."""

    list_display = ["name", "key", "description", "deleted_at", "organization"]
    list_filter = [("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["name", "key"]


@admin.register(ModuleType)
class ModuleTypeAdmin(TypeAdmin):
    fields = read_only(ModuleType)
    readonly_fields = fields


@admin.register(ReleaseType)
class ReleaseTypeAdmin(TypeAdmin):
    fields = read_only(ReleaseType)
    readonly_fields = fields


@admin.register(PendingUpload)
class PendingUploadAdmin(OrganizationScopedAdmin):
    list_display = ["id", "purpose", "size", "created_at", "expires_at", "organization"]
    list_filter = ["purpose", "created_at", ("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["id", "file"]
    fields = read_only(PendingUpload)
    readonly_fields = fields
