"""The supervisor with small programs of our own in place of the real ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.server

SUPERVISE = """
import sys
import django
django.setup()
from config.supervision.programs import Program
from config.supervision.supervisor import Supervisor
programs = [Program("one", (sys.executable, "-u", "-c", sys.argv[1]))]
Supervisor(programs, is_up=lambda: True, when_up=lambda: print("UP", flush=True)).run()
"""
SLEEPER = "import os, time; print('I am', os.getpid()); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, lambda *a: print('no')); " + SLEEPER
PARENT = (
    "import subprocess, sys; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print('child', child.pid); " + SLEEPER
)


class Supervised:
    def __init__(self, program: str, log: Path) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SUPERVISE, program],
                cwd=settings.ROOT,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
                stdout=output,
                stderr=output,
            )

    def numbers(self, before: str) -> list[int]:
        """The process ids that its programs have printed after a word."""
        lines = self.log.read_text().splitlines()
        return [int(line.split()[-1]) for line in lines if f"| {before} " in line]

    def wait_for(self, before: str, count: int = 1) -> int:
        wait_until(lambda: len(self.numbers(before)) >= count)
        return self.numbers(before)[-1]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], Supervised]]:
    started: list[Supervised] = []

    def start(program: str) -> Supervised:
        started.append(Supervised(program, tmp_path / "log"))
        return started[-1]

    yield start
    for supervised in started:
        supervised.process.kill()
        supervised.process.wait()


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


Supervise = Callable[[str], Supervised]


def test_a_killed_program_is_started_again(supervise: Supervise) -> None:
    supervised = supervise(SLEEPER)
    first = supervised.wait_for("I am")
    os.kill(first, signal.SIGKILL)
    assert supervised.wait_for("I am", 2) != first
    assert "one was killed by SIGKILL; starting it again" in supervised.log.read_text()


def test_it_waits_longer_after_each_failure_and_never_gives_up(supervise: Supervise) -> None:
    supervised = supervise("import os; print('try', os.getpid()); raise SystemExit(3)")
    supervised.wait_for("try", 4)
    text = supervised.log.read_text()
    pauses = [line.split()[-2] for line in text.splitlines() if "one ended with code 3" in line]
    assert pauses[:3] == ["0.2", "0.4", "0.8"]


def test_what_a_program_leaves_behind_goes_with_it(supervise: Supervise) -> None:
    supervised = supervise(PARENT)
    child, parent = supervised.wait_for("child"), supervised.wait_for("I am")
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: is_gone(child))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_everything_when_asked(supervise: Supervise, number: signal.Signals) -> None:
    supervised = supervise(PARENT)
    child, parent = supervised.wait_for("child"), supervised.wait_for("I am")
    supervised.process.send_signal(number)
    assert supervised.process.wait(10) == 0
    wait_until(lambda: is_gone(child) and is_gone(parent))


def test_who_does_not_stop_is_killed_at_the_second_signal(supervise: Supervise) -> None:
    supervised = supervise(STUBBORN)
    stubborn = supervised.wait_for("I am")
    supervised.process.terminate()
    wait_until(lambda: "| no" in supervised.log.read_text())
    assert supervised.process.poll() is None
    supervised.process.terminate()
    assert supervised.process.wait(5) == 0
    assert is_gone(stubborn)


def test_nothing_outlives_a_killed_supervisor(supervise: Supervise) -> None:
    supervised = supervise(PARENT)
    child, parent = supervised.wait_for("child"), supervised.wait_for("I am")
    supervised.process.kill()
    wait_until(lambda: is_gone(child) and is_gone(parent))


def test_it_tells_once_that_all_is_up(supervise: Supervise) -> None:
    supervised = supervise(SLEEPER)
    os.kill(supervised.wait_for("I am"), signal.SIGKILL)
    supervised.wait_for("I am", 2)
    assert supervised.log.read_text().count("UP") == 1
