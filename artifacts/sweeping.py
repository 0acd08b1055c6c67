"""What nobody waits for any more goes: files without a row, uploads that never became artifacts."""

import fcntl
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from artifacts.models import Artifact, ModuleFile, PendingUpload
from artifacts.pending import discard
from artifacts.storage import path_of, remove
from jobs.models import Job


def sweep_abandoned() -> int:
    """Delete each file that has no row and no living writer; how many there were.

    Call it outside a transaction, at any time and from any process.
    """
    names = _stored_names()
    abandoned = 0
    while batch := list(islice(names, 500)):
        held = _held(batch)
        abandoned += sum(_delete_if_abandoned(name) for name in batch if name not in held)
    return abandoned


def sweep_pending() -> int:
    """Delete the uploads that expired, and those whose job has failed; how many there were."""
    over = Q(expires_at__lte=timezone.now()) | Q(facts__has_key="job")
    uploads = PendingUpload.objects.filter(over)
    return sum(discard(upload) for upload in list(uploads) if not _is_at_work(upload))


def _is_at_work(upload: PendingUpload) -> bool:
    unfinished = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    job = upload.facts.get("job")
    return job is not None and unfinished.filter(id=UUID(job)).exists()


def _stored_names() -> Iterator[str]:
    root = path_of(".")
    return (path.relative_to(root).as_posix() for path in root.glob("*/*") if path.is_file())


def _held(names: list[str]) -> set[str]:
    """Those that have a row. In this order: a pending upload may become an artifact in between."""
    pending = PendingUpload.objects.filter(file__in=names).values_list("file", flat=True)
    held = set(pending)
    held.update(ModuleFile.objects.filter(file__in=names).values_list("file", flat=True))
    return held.union(Artifact.objects.filter(file__in=names).values_list("file", flat=True))


def has_writer(name: str) -> bool:
    """Whether somebody is at work on this file."""
    try:
        with path_of(name).open("rb+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _delete_if_abandoned(name: str) -> bool:
    with suppress(FileNotFoundError, BlockingIOError), path_of(name).open("rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Asked again under the lock: the writer may have committed since the first look.
        if not _held([name]):
            remove(name)
            return True
    return False
