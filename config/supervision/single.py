"""One supervisor for one data folder, and one server for one port."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InTheWay(Exception):
    """Something that is already there; the message says what and what to do."""


@contextmanager
def alone_on(data: Path) -> Iterator[None]:
    """Hold the data folder; raises InTheWay if another supervisor does."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InTheWay(f"Slipway already runs on {data} (process {lock.read()}).") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def expect_free(host: str, port: int, *, patience: float = 3.0) -> None:
    """Raise InTheWay if the port stays in use; what a killed server left ends in moments."""
    deadline = time.monotonic() + patience
    while not _is_free(host, port):
        if time.monotonic() > deadline:
            raise InTheWay(
                f"Port {port} on {host} is in use. Stop what uses it, or set SLIPWAY_PORT."
            )
        time.sleep(0.1)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise InTheWay(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
        return True
