"""Where artifacts lie: written in place while they arrive, locked until their row is committed.

A writer holds an `flock` on its file, and the kernel drops it with the process: a file without
a row whose lock can be taken has nobody left who could make the row.
"""

import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from artifacts.models import Artifact
from artifacts.quotas import storage_left, storage_quota_reached
from fleet.errors import LimitReached
from fleet.models import Organization


def path_of(file: str) -> Path:
    """The path of an artifact's file, given its name in the storage."""
    return Path(_storage().path(file))


def remove(file: str) -> None:
    path_of(file).unlink(missing_ok=True)


class Incoming:
    """A file on its way in: hashed as it is written, deleted by `close` unless kept.

    `file` is its name in the storage, `size` the bytes so far.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization_id = organization.pk
        self.size = 0
        self._left = storage_left(organization)
        self._digest = hashlib.sha256()
        self._kept = False
        self.file, self._stream = _create_locked(organization)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def require_room(self, size: int) -> None:
        """Raises LimitReached("artifact_too_large" or "storage_quota") if `size` is too much."""
        if size > settings.ARTIFACT_SIZE_LIMIT:
            raise LimitReached("artifact_too_large", "Artifact file too large")
        if self._left is not None and size > self._left:
            raise storage_quota_reached()

    def write(self, chunk: bytes) -> None:
        """Raises, and deletes the file, as `require_room` does or if the disk is full."""
        try:
            self.require_room(self.size + len(chunk))
            self._stream.write(chunk)
        except (LimitReached, OSError):
            self.close()
            raise
        self._digest.update(chunk)
        self.size += len(chunk)

    def open(self) -> BinaryIO:
        """What has been written so far, to read from the start."""
        self._stream.flush()
        return path_of(self.file).open("rb")

    def sync(self) -> None:
        """Return when the file and its name would survive a power cut."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        folder = os.open(path_of(self.file).parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def keep(self) -> None:
        """Leave the file where it is and unlock it: from now on its row must hold it."""
        self._kept = True
        self.close()

    def close(self) -> None:
        """Any number of times."""
        if self._stream.closed:
            return
        if not self._kept:
            remove(self.file)
        # What a full disk has no room for need not be written: the file is gone.
        with nullcontext() if self._kept else suppress(OSError):
            self._stream.close()


def sweep_abandoned() -> int:
    """Delete each file that has no row and no living writer; how many there were.

    Call it outside a transaction, at any time and from any process.
    """
    names = _stored_names()
    abandoned = 0
    while batch := list(islice(names, 500)):
        known = set(Artifact.objects.filter(file__in=batch).values_list("file", flat=True))
        abandoned += sum(_delete_if_abandoned(name) for name in batch if name not in known)
    return abandoned


def _storage() -> FileSystemStorage:
    return cast("FileSystemStorage", storages["artifacts"])


def _create_locked(organization: Organization) -> tuple[str, BinaryIO]:
    mode = _storage().file_permissions_mode or 0o600
    while True:
        name = f"{organization.pk}/{uuid.uuid4()}.mender"
        path = path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
        fcntl.flock(stream, fcntl.LOCK_EX)
        # A sweep may have come between the creation and the lock.
        if os.fstat(stream.fileno()).st_nlink:
            return name, stream
        stream.close()


def _stored_names() -> Iterator[str]:
    root = Path(_storage().location)
    return (path.relative_to(root).as_posix() for path in root.glob("*/*") if path.is_file())


def _delete_if_abandoned(name: str) -> bool:
    with suppress(FileNotFoundError, BlockingIOError), path_of(name).open("rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Asked again under the lock: the writer may have committed since the first look.
        if not Artifact.objects.filter(file=name).exists():
            remove(name)
            return True
    return False
