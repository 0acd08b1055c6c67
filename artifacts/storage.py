"""Where artifacts lie: written in place while they arrive, locked until their row is committed.

A writer holds an `flock` on its file, and the kernel drops it with the process: a file without
a row whose lock can be taken has nobody left who could make the row (`artifacts/sweeping.py`).
"""

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, InterfaceError

from artifacts.hashing import Digests, digests_of_file
from artifacts.models import PendingUpload
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

    `file` is its name in the storage, `size` the bytes so far. It may grow to `limit` bytes
    (by default those of an artifact) and to what the organization has room for; `replacing`
    bytes of that will be free when it has come in.
    """

    def __init__(
        self, organization: Organization, *, limit: int | None = None, replacing: int = 0
    ) -> None:
        self.organization_id = organization.pk
        self.size = 0
        self._limit = settings.ARTIFACT_SIZE_LIMIT if limit is None else limit
        left = storage_left(organization)
        self._left = None if left is None else left + replacing
        self._digests = Digests()
        self._kept = False
        self.file, self._stream = _create_locked(organization)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def sha256(self) -> str:
        return self._digests.sha256

    @property
    def sha1(self) -> str:
        return self._digests.sha1

    @property
    def md5(self) -> str:
        return self._digests.md5

    def require_room(self, size: int) -> None:
        """Raises LimitReached("artifact_too_large" or "storage_quota") if `size` is too much."""
        if size > self._limit:
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
        self._digests.update(chunk)
        self.size += len(chunk)

    def fill(self, writer: Callable[[BinaryIO], None]) -> None:
        """Have `writer` write all of the file, in which it may go back; then hash it.

        Raises what `writer` does and, as `require_room` does, if there comes to be too much.
        """
        try:
            writer(cast("BinaryIO", _Bounded(self._stream, self.require_room)))
        except BaseException:
            self.close()
            raise
        self.size = self._stream.seek(0, os.SEEK_END)
        self._stream.flush()
        self._digests = digests_of_file(path_of(self.file))

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

    @contextmanager
    def kept_with_its_row(self) -> Iterator[None]:
        """Around the transaction that makes its row: the file stays exactly if that succeeds."""
        try:
            yield
        except (DatabaseError, InterfaceError):
            # A connection lost in mid-commit leaves open whether there is a row: the sweep sees.
            self.keep()
            raise
        except BaseException:
            self.close()
            raise
        self.keep()

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


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is in the storage already and has a row that holds it: a pending upload."""

    organization_id: uuid.UUID
    file: str
    size: int
    sha256: str
    sha1: str = ""
    md5: str = ""

    @classmethod
    def of(cls, upload: PendingUpload) -> "Stored":
        known = {name: upload.facts.get(name, "") for name in ("sha256", "sha1", "md5")}
        return cls(upload.organization_id, upload.file, upload.size, **known)

    def open(self) -> BinaryIO:
        return path_of(self.file).open("rb")

    def sync(self) -> None:
        """It was, before its row was committed."""

    def kept_with_its_row(self) -> nullcontext[None]:
        """It stays in any case: whoever drops the row deletes it."""
        return nullcontext()


class _Bounded:
    """A file that says before each write how large it is about to be."""

    def __init__(self, stream: BinaryIO, check: Callable[[int], None]) -> None:
        self._stream = stream
        self._check = check
        self.seek, self.tell = stream.seek, stream.tell

    def write(self, data: bytes) -> int:
        self._check(self._stream.tell() + len(data))
        return self._stream.write(data)


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
