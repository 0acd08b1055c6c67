"""Senders beside the jobs of a worker: a thread that looks for what is due, and some that send.

They are threads of their own because receivers hang: the worker's threads are for jobs.
"""

import logging
import threading
import time
from typing import Any

from celery.signals import worker_ready, worker_shutdown
from django.db import close_old_connections, connection

from webhooks.delivering import deliver, ready

# Webhooks that are sent for at the same time; those that fail have at most so many of them.
SENDERS = 32
PROBES = 16
PAUSE = 0.5  # seconds

log = logging.getLogger(__name__)


class Pump:
    """Looks for webhooks with something due, and has each sent for by a thread of its own."""

    def __init__(self) -> None:
        self._busy: dict[int, bool] = {}  # the numbers of webhooks, and whether they fail
        self._lock = threading.Lock()
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, patience: float = 3.0) -> None:
        """Begin nothing more; what a receiver holds up longer is sent again by the next worker."""
        self._left.set()
        end = time.monotonic() + patience
        self._thread.join(patience)
        while self._busy and time.monotonic() < end:
            time.sleep(0.05)

    def turn(self) -> None:
        """Begin to send for what is ready, as far as there are senders left."""
        with self._lock:
            busy = dict(self._busy)
        free = ready().exclude(pk__in=list(busy)).order_by("next_attempt_at", "pk")
        for failing in (False, True):
            room = SENDERS - len(busy)
            if failing:
                room = min(room, PROBES - sum(busy.values()))
            some = free.filter(failures__gt=0) if failing else free.filter(failures=0)
            for number in list(some.values_list("pk", flat=True)[: max(room, 0)]):
                busy[number] = failing
                self._begin(number, is_failing=failing)

    def _begin(self, number: int, *, is_failing: bool) -> None:
        with self._lock:
            self._busy[number] = is_failing
        threading.Thread(target=self._send, args=(number,), name="sender", daemon=True).start()

    def _send(self, number: int) -> None:
        try:
            deliver(number, is_over=self._left.is_set)
        except Exception:
            # The next turn tries again, after the lease at the latest.
            log.exception("sending for webhook %s broke off", number)
        finally:
            connection.close()
            with self._lock:
                del self._busy[number]

    def _run(self) -> None:
        while not self._left.wait(PAUSE):
            try:
                close_old_connections()
                self.turn()
            except Exception:
                log.exception("what is due for webhooks could not be looked for")
                connection.close()
        connection.close()


_pump: list[Pump] = []


@worker_ready.connect
def start(**_: Any) -> None:
    """Send from every worker that does jobs."""
    _pump.append(Pump())
    _pump[-1].start()


@worker_shutdown.connect
def stop(**_: Any) -> None:
    while _pump:
        _pump.pop().stop()
