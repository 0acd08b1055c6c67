"""Everything a change must pass, in one go: `make test`."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.tools import install_tools

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "error", "manage.py"]
MODULE = [sys.executable, "-m"]
POSTGRES = os.environ.get("SLIPWAY_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/slipway")
PRODUCTION = {
    "SLIPWAY_PUBLIC_URL": "https://slipway.example",
    "SLIPWAY_ALLOWED_HOSTS": "slipway.example",
    "SLIPWAY_TRUSTED_PROXIES": "1",
}


@dataclass(frozen=True)
class Step:
    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def passes(self, environment: dict[str, str]) -> bool:
        together = environment | self.environment
        return subprocess.run(self.command, cwd=ROOT, env=together, check=False).returncode == 0


def checks() -> list[Step]:
    templates = [str(path) for path in sorted(ROOT.glob("templates/**/*.html"))]
    return [
        Step("Format", [*MODULE, "ruff", "format", "--check", "."]),
        Step("Lint", [*MODULE, "ruff", "check", "."]),
        Step("Templates", [str(SCRIPTS / "djade"), "--check", *templates]),
        Step("Types", [*MODULE, "mypy"]),
        Step("Import direction", [sys.executable, str(SCRIPTS / "lint-imports")]),
        Step("Migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        Step("Settings", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def suites() -> list[Step]:
    distribution = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    pytest = [*MODULE, "pytest", "-q", *distribution, "-p", "tests.skips"]
    if not _postgres_answers():
        return [Step("Tests on SQLite", pytest)]
    # PostgreSQL refuses more than SQLite does: whoever asks for everything there is asks it alone.
    # What a browser shows and a tool prints, and how processes are watched over, does not depend on
    # the database.
    on_sqlite = Step("Tests on SQLite", [*pytest, "-m", "not document"])
    without = ["-m", "not browser and not client", "--ignore=tests/config"]
    on_postgres = Step(
        "Tests on PostgreSQL",
        [*pytest, "-p", "tests.with_a_database", *without],
        {"SLIPWAY_DATABASE_URL": POSTGRES},
    )
    return [on_sqlite, on_postgres]


def main() -> int:
    started = time.monotonic()
    install_tools()
    with tempfile.TemporaryDirectory(prefix="slipway-test-") as data:
        skips = Path(data, "skips")
        environment = _environment() | {"SLIPWAY_DATA": data, "SLIPWAY_TEST_SKIPS": str(skips)}
        steps = checks() + suites()
        results = [_timed(step, environment) for step in steps]
        skipped = skips.read_text().splitlines() if skips.exists() else []
    if steps[-1].title != "Tests on PostgreSQL":
        skipped.append("all tests on PostgreSQL: no server answers at SLIPWAY_TEST_POSTGRES")
    _heading("Result")
    for step, (passed, seconds) in zip(steps, results, strict=True):
        print(f"{'ok' if passed else 'FAILED':6} {seconds:6.1f} s  {step.title}")
    print(f"{'':6} {time.monotonic() - started:6.1f} s  in all")
    print("\nSkipped:" if skipped else "\nNothing was skipped.")
    for line in dict.fromkeys(skipped):
        print(f"  {line}")
    return 0 if all(passed for passed, _ in results) else 1


def _timed(step: Step, environment: dict[str, str]) -> tuple[bool, float]:
    _heading(step.title)
    started = time.monotonic()
    return step.passes(environment), time.monotonic() - started


def _heading(title: str) -> None:
    print(f"\n── {title} {'─' * (70 - len(title))}", flush=True)


def _environment() -> dict[str, str]:
    """Ours without the settings of whoever calls us."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SLIPWAY_")}


def _postgres_answers() -> bool:
    try:
        with psycopg.connect(POSTGRES, dbname="postgres", connect_timeout=3):
            return True
    except psycopg.Error:
        return False


if __name__ == "__main__":
    sys.exit(main())
