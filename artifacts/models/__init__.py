from artifacts.models.images import IncomingImage
from artifacts.models.releases import (
    Artifact,
    ArtifactQuerySet,
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

__all__ = [
    "Artifact",
    "ArtifactQuerySet",
    "Fit",
    "IncomingImage",
    "ModuleFile",
    "ModuleType",
    "PendingUpload",
    "Release",
    "ReleaseQuerySet",
    "ReleaseTag",
    "ReleaseType",
    "SoftwareModule",
]
