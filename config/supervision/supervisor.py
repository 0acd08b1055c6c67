"""One process that starts the others, starts them again when they end, and ends with them."""

import contextlib
import selectors
import signal
import time
from collections.abc import Callable
from types import FrameType

from config.supervision.process import Process
from config.supervision.programs import Program
from config.supervision.reaper import Reaper

TICK = 0.2
PATIENCE = 8.0  # seconds between asking and killing
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # before a program is started again
LONG_ENOUGH = 30.0  # a program that lived so long had started well
NAME = "slipway"


class Supervisor:
    """`is_up` is asked until it says True; then `when_up` is called, once."""

    def __init__(
        self, programs: list[Program], *, is_up: Callable[[], bool], when_up: Callable[[], None]
    ) -> None:
        self._programs = {program.name: program for program in programs}
        self._width = max(map(len, (NAME, *self._programs)))
        self._is_up = is_up
        self._when_up = when_up
        self._running: dict[str, Process] = {}
        self._due = dict.fromkeys(self._programs, 0.0)
        self._failures = dict.fromkeys(self._programs, 0)
        self._selector = selectors.DefaultSelector()
        self._reaper = Reaper()
        self._signals = 0

    def run(self) -> None:
        """Supervise until SIGINT, SIGTERM or SIGHUP; returns when every process is gone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        announced = False
        while not self._signals:
            self._start_due()
            self._pass_output()
            self._replace_ended()
            if not announced and self._is_up():
                self._when_up()
                announced = True
        self._stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _start_due(self) -> None:
        if not self._reaper.is_alive():
            self._reaper = Reaper()
            for process in self._running.values():
                self._reaper.watch(process.group)
        for name, due in self._due.items():
            if name not in self._running and due <= time.monotonic():
                process = self._running[name] = Process(self._programs[name])
                self._selector.register(process.output, selectors.EVENT_READ, process)
                self._reaper.watch(process.group)

    def _pass_output(self) -> None:
        for key, _ in self._selector.select(TICK):
            for line in key.data.lines():
                self._say(key.data.name, line)

    def _replace_ended(self) -> None:
        for process in self._ended():
            lived_long = process.age > LONG_ENOUGH
            failures = 0 if lived_long else self._failures[process.name]
            pause = min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE)
            self._failures[process.name] = failures + 1
            self._due[process.name] = time.monotonic() + pause
            self._say(NAME, f"{self._remove(process)}; starting it again in {pause:g} s")

    def _stop(self) -> None:
        self._say(NAME, "stopping")
        for process in self._running.values():
            process.ask_to_stop()
        deadline = time.monotonic() + PATIENCE
        # A second signal comes from somebody who does not want to wait.
        while self._running and time.monotonic() < deadline and self._signals == 1:
            self._pass_output()
            for process in self._ended():
                self._remove(process)
        for process in list(self._running.values()):
            self._say(NAME, f"{process.name} did not stop in time and is killed")
            self._remove(process)
        self._reaper.close()

    def _ended(self) -> list[Process]:
        return [process for process in self._running.values() if process.has_ended()]

    def _remove(self, process: Process) -> str:
        for line in process.lines():
            self._say(process.name, line)
        del self._running[process.name]
        self._selector.unregister(process.output)
        how = process.close()
        self._reaper.forget(process.group)
        return how

    def _say(self, name: str, line: str) -> None:
        # Nobody may be reading any more; that is no reason to stop serving.
        with contextlib.suppress(OSError):
            print(f"{name:{self._width}} | {line}", flush=True)
