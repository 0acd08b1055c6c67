"""When devices last called: kept in memory for a moment and written in one go.

A write for each poll would cost the poll half its speed; a crash loses two seconds of this.
"""

import atexit
import logging
import os
import threading
import time
from datetime import datetime

from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.utils import timezone

from fleet.models import Contact, Device

INTERVAL = 2.0
BATCH = 500

log = logging.getLogger(__name__)
_seen: dict[int, datetime] = {}
_lock = threading.Lock()
_flusher: threading.Thread | None = None


def seen(device_number: int) -> None:
    """Note that the device has just called; cheap enough for every poll."""
    _seen[device_number] = timezone.now()
    if _flusher is None:
        _start_flushing()


def flush() -> None:
    """Write what has been noted; devices that are gone meanwhile are left out."""
    with _lock:
        noted = sorted((number, _seen.pop(number)) for number in list(_seen))
        try:
            for start in range(0, len(noted), BATCH):
                _write(dict(noted[start : start + BATCH]))
        except (DatabaseError, InterfaceError):
            for number, at in noted:
                _seen.setdefault(number, at)
            raise


def forget() -> None:
    """Drop what has been noted and not written."""
    _seen.clear()


def _write(noted: dict[int, datetime]) -> None:
    for _attempt in range(3):
        try:
            with transaction.atomic():
                known = Device.objects.filter(pk__in=noted).values_list("pk", flat=True)
                Contact.objects.bulk_create(
                    [Contact(device_id=pk, seen_at=noted[pk]) for pk in sorted(known)],
                    update_conflicts=True,
                    unique_fields=["device"],
                    update_fields=["seen_at"],
                )
        except IntegrityError:
            continue  # a device was decommissioned in between: look again who is left
        return


def _start_flushing() -> None:
    global _flusher  # noqa: PLW0603 - one thread a process, begun by its first call
    with _lock:
        if _flusher is None:
            _flusher = threading.Thread(target=_flush_forever, name="presence", daemon=True)
            _flusher.start()
            atexit.register(_flush_quietly)


def _flush_forever() -> None:
    """Until another thread, or none, is the one that flushes."""
    while _flusher is threading.current_thread():
        _flush_quietly()
        time.sleep(INTERVAL)
    connection.close()


def _flush_quietly() -> None:
    try:
        flush()
    except (DatabaseError, InterfaceError):
        log.exception("the devices' last calls could not be written")
        connection.close()


def _start_over_in_a_child() -> None:
    """A forked child has neither the thread nor a lock that anyone would release."""
    global _flusher, _lock
    _flusher, _lock = None, threading.Lock()
    _seen.clear()


os.register_at_fork(after_in_child=_start_over_in_a_child)
