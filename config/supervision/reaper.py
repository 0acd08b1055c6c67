"""Outlives the supervisor by a moment, to kill what a killed supervisor leaves behind."""

import contextlib
import os
import signal
import subprocess
import sys


class Reaper:
    """The supervisor's end: told of every group that starts and ends.

    Its process learns by the end of a pipe that the supervisor is gone, whatever ended it.
    """

    def __init__(self) -> None:
        theirs, self._pipe = os.pipe()
        self._popen = subprocess.Popen(  # noqa: S603 our own command
            [sys.executable, "-I", "-S", __file__], stdin=theirs, start_new_session=True
        )
        os.close(theirs)

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def watch(self, group: int) -> None:
        self._tell("+", group)

    def forget(self, group: int) -> None:
        self._tell("-", group)

    def close(self) -> None:
        os.close(self._pipe)
        self._popen.wait()

    def _tell(self, sign: str, group: int) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, f"{sign} {group}\n".encode())


def reap() -> None:
    """Read "+ <group>" and "- <group>" until the end; kill the groups that are left then."""
    groups: set[int] = set()
    for line in sys.stdin:
        sign, group = line.split()
        (groups.add if sign == "+" else groups.discard)(int(group))
    for left in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(left, signal.SIGKILL)


if __name__ == "__main__":
    reap()
