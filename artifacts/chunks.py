"""What a release is made of, as devices are told of it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

from artifacts.digests import digests_of
from artifacts.links import artifact_filename
from artifacts.models import Artifact, ModuleFile, Release, SoftwareModule


@dataclass(frozen=True, slots=True)
class File:
    """One file to be downloaded: `file` is its name in the storage, `filename` that for devices.

    `number` is one of `ModuleFile` or, in a module that is a Mender artifact, of `Artifact`.
    """

    number: int
    filename: str
    file: str
    size: int
    sha256: str
    sha1: str
    md5: str
    created_at: datetime
    created_by: str

    @classmethod
    def of(cls, kept: ModuleFile) -> Self:
        names = {field.name for field in fields(cls)} - {"number"}
        return cls(number=kept.pk, **{name: getattr(kept, name) for name in names})


@dataclass(frozen=True, slots=True)
class Chunk:
    """One module; `metadata` has only what devices are told.

    `device_types` are those that a Mender artifact fits, empty for any other module.
    """

    number: int
    type: str
    name: str
    version: str
    is_encrypted: bool
    files: tuple[File, ...]
    metadata: tuple[tuple[str, str], ...]
    device_types: tuple[str, ...] = ()


def chunks_of(release: Release | int) -> tuple[Chunk, ...]:
    """The modules of a release with their files, by their numbers, in two queries.

    One query more, once, for each Mender artifact that came before SHA-1 and MD5 were computed.
    """
    number = release if isinstance(release, int) else release.pk
    modules = SoftwareModule.objects.filter(releases=number).select_related("type", "artifact")
    rows = modules.prefetch_related("files").order_by("number")
    return tuple(chunk_of(module) for module in rows)


def chunk_of(module: SoftwareModule) -> Chunk:
    """One module, read with its type, its artifact and its files."""
    artifact = module.artifact
    shown = sorted(
        (key, kept["value"]) for key, kept in module.metadata.items() if kept["is_visible"]
    )
    return Chunk(
        number=module.pk,
        type=module.type.key,
        name=module.name,
        version=module.version,
        is_encrypted=module.is_encrypted,
        files=files_of(module),
        metadata=tuple(shown),
        device_types=tuple(artifact.device_types) if artifact else (),
    )


def files_of(module: SoftwareModule) -> tuple[File, ...]:
    """The files of a module, read with its artifact and its files."""
    if module.artifact is not None:
        return (_of_artifact(module.artifact, module),)
    return tuple(File.of(each) for each in module.files.all())


def _of_artifact(artifact: Artifact, module: SoftwareModule) -> File:
    sha1, md5 = digests_of(artifact)
    return File(
        number=artifact.pk,
        filename=artifact_filename(artifact, module.name),
        file=artifact.file,
        size=artifact.size,
        sha256=artifact.sha256,
        sha1=sha1,
        md5=md5,
        created_at=artifact.created_at,
        created_by=module.created_by,
    )
