import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

VARIABLE = re.compile(r"SLIPWAY_[A-Z_]+")
SHOW = "from config import settings as s; print({k: v for k, v in vars(s).items() if k.isupper()})"


def documented() -> dict[str, str]:
    lines = (settings.ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if VARIABLE.match(line))


def test_the_example_names_every_variable_and_no_other() -> None:
    source = (settings.ROOT / "config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(SLIPWAY_[A-Z_]+)"', source))
    assert set(documented()) == read == set(VARIABLE.findall(source))


def test_the_example_shows_the_defaults(tmp_path: Path) -> None:
    where = {"SLIPWAY_DATA": str(tmp_path)}
    assert show(documented() | where) == show(where)


def show(variables: dict[str, str]) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SLIPWAY_")}
    command = [sys.executable, "-c", SHOW]
    done = subprocess.run(
        command, cwd=settings.ROOT, env=clean | variables, capture_output=True, check=True
    )
    return done.stdout.decode()
