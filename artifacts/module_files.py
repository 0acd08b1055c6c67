"""The files of a software module: they come in, and they go."""

import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from artifacts.models import ModuleFile, SoftwareModule
from artifacts.module_reach import require_for_module
from artifacts.modules import (
    lock_module,
    remove_after_commit,
    require_own_files,
    subject,
    touch,
)
from artifacts.quotas import require_storage
from artifacts.storage import Incoming
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.declared import check_text
from fleet.errors import Conflict, Invalid, LimitReached, NotFound

MOST_FILES = 50
LONGEST_NAME = 256
# It is a segment of an address, and a line of what md5sum reads.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the sender says of the digests of a file; empty is nothing."""

    sha256: str = ""
    sha1: str = ""
    md5: str = ""


def add_file(
    *,
    actor: Actor,
    module: SoftwareModule,
    incoming: Incoming,
    filename: str,
    promise: Promise,
) -> ModuleFile:
    """Keep the file that has come in as one of the module's.

    Not inside a transaction. The file is deleted, whatever is raised: Invalid ("file_empty",
    "text_invalid", "sha256_differs", "sha1_differs", "md5_differs"), NotFound, Conflict
    ("file_exists", "module_locked", "module_fixed"), LimitReached("too_many_files",
    "storage_quota").
    """
    with incoming.kept_with_its_row():
        require_for_module(actor, "artifacts.add_artifact", module)
        _check(incoming, filename, promise)
        incoming.sync()
        with transaction.atomic(durable=True):
            require_storage(incoming.organization_id, incoming.size)
            current = _changeable(module)
            if current.files.count() >= MOST_FILES:
                message = f"A module has at most {MOST_FILES} files"
                raise LimitReached("too_many_files", message, field="file")
            kept = _insert(actor, current, incoming, filename)
            touch(current, actor)
            change = {"file": filename, "sha256": kept.sha256}
            record(actor, Action.UPLOAD, subject(current), change)
    return kept


@transaction.atomic
def delete_file(*, actor: Actor, file: ModuleFile) -> None:
    """Delete it, its bytes once that is committed.

    Raises NotFound, Conflict ("module_locked").
    """
    require_for_module(actor, "artifacts.delete_artifact", file.module)
    current = _changeable(file.module)
    deleted, _ = ModuleFile.objects.filter(pk=file.pk).delete()
    if not deleted:
        raise NotFound("artifact_not_found", f"There is no file {file.filename} any more.")
    remove_after_commit([file.file])
    touch(current, actor)
    record(actor, Action.DELETE, subject(current), {"file": file.filename})


def _check(incoming: Incoming, filename: str, promise: Promise) -> None:
    if not incoming.size:
        raise Invalid("file_empty", "The file is empty.", field="file")
    check_text("filename", filename, LONGEST_NAME, least=1)
    if filename in {".", ".."} or _NO_NAME.search(filename):
        message = "filename has no slashes and no control characters"
        raise Invalid("text_invalid", message, field="filename")
    for name in Promise.__slots__:
        said = getattr(promise, name)
        if said and said.lower() != getattr(incoming, name):
            message = f"The {name} of what came is {getattr(incoming, name)}, not {said}"
            raise Invalid(f"{name}_differs", message, field=name)


def _changeable(module: SoftwareModule) -> SoftwareModule:
    current = lock_module(module.pk)
    require_own_files(current)
    if current.is_locked:
        raise Conflict("module_locked", "The module is locked: it has been assigned.")
    return current


def _insert(actor: Actor, module: SoftwareModule, incoming: Incoming, filename: str) -> ModuleFile:
    now, by = timezone.now(), actor.name[:512]
    try:
        with transaction.atomic():
            return ModuleFile.objects.create(
                organization_id=incoming.organization_id,
                module=module,
                filename=filename,
                file=incoming.file,
                size=incoming.size,
                sha256=incoming.sha256,
                sha1=incoming.sha1,
                md5=incoming.md5,
                created_at=now,
                created_by=by,
                modified_at=now,
                modified_by=by,
            )
    except IntegrityError as error:
        message = f"The module has a file {filename} already."
        raise Conflict("file_exists", message, field="filename") from error
