"""`manage.py serve`: beginning, going on, stopping, and being killed."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.installation import PROGRAMS, Installation, installation, wait_until

pytestmark = pytest.mark.server
PASSWORD = re.compile(r"with the password (\S+)")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def test_it_begins_goes_on_and_stops(here: Installation) -> None:
    here.start()
    assert here.is_well()
    (password,) = PASSWORD.findall(here.text())
    assert here.stop(signal.SIGINT) == 0

    here.start()
    assert here.is_well()
    assert PASSWORD.findall(here.text()) == [password]
    assert here.stop(signal.SIGTERM) == 0
    assert not here.is_well()
    for file in Path(here.environment["SLIPWAY_DATA"]).rglob("*"):
        assert file.is_dir() or password.encode() not in file.read_bytes()


def test_what_is_killed_comes_back(here: Installation) -> None:
    here.start()
    for name in PROGRAMS:
        here.kill(name)
    wait_until(here.is_well, here.text)


def test_a_killed_supervisor_is_not_in_the_way_of_the_next(here: Installation) -> None:
    here.start()
    here.stop(signal.SIGKILL)
    here.start()
    assert here.is_well()


def test_a_second_one_on_the_same_data_is_refused(here: Installation) -> None:
    here.start()
    second = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.ROOT,
        env=here.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "Slipway already runs on" in second.stderr
    assert "Traceback" not in second.stderr
