"""Imports run one way, and the linter would notice if one did not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

LINT = [sys.executable, str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
PACKAGES = [
    "api",
    "artifacts",
    "auditlog",
    "config",
    "deployments",
    "fleet",
    "jobs",
    "query",
    "webhooks",
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(settings.ROOT / package, tmp_path / package, ignore=ignore)
    shutil.copy(settings.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_run_one_way(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "wrong"),
    [
        ("fleet/errors.py", "import deployments.models"),
        ("auditlog/record.py", "import fleet.errors"),
        ("jobs/queue.py", "def enqueue_wrongly():\n    from auditlog import record"),
    ],
)
def test_an_import_that_runs_the_wrong_way_is_noticed(copy: Path, module: str, wrong: str) -> None:
    with (copy / module).open("a") as file:
        file.write(f"\n{wrong}\n")
    result = lint(copy)
    assert result.returncode == 1
    assert "Dependencies point one way BROKEN" in result.stdout
