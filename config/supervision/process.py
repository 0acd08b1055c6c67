"""A program that runs in a process group of its own, and what it prints."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator

from django.conf import settings

from config.supervision.programs import Program


class Process:
    """Started by being made. `group` is the id of its process group, `output` a descriptor."""

    def __init__(self, program: Program) -> None:
        self.name = program.name
        self.output, theirs = os.pipe()
        os.set_blocking(self.output, False)
        self._popen = subprocess.Popen(  # noqa: S603 our own commands
            program.command,
            cwd=settings.ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            process_group=0,
        )
        os.close(theirs)
        self.group = self._popen.pid
        self._started_at = time.monotonic()
        self._rest = b""

    @property
    def age(self) -> float:
        return time.monotonic() - self._started_at

    def has_ended(self) -> bool:
        return self._popen.poll() is not None

    def lines(self) -> Iterator[str]:
        """The whole lines it has printed since the last call."""
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self.output, 65536):
                *whole, self._rest = (self._rest + piece).split(b"\n")
                yield from (line.decode(errors="replace") for line in whole)

    def ask_to_stop(self) -> None:
        self._popen.terminate()

    def kill(self) -> None:
        """Kill what is there of its group, its children too."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)

    def close(self) -> str:
        """Leave nothing behind; how it ended, in words."""
        self.kill()
        code = self._popen.wait()
        os.close(self.output)
        if code < 0:
            return f"{self.name} was killed by {signal.Signals(-code).name}"
        return f"{self.name} ended with code {code}"
