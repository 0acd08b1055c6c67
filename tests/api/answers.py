"""Each answer of each call of a dialect, and the test that provokes it, as a page has them.

The page is written by running the tests of the dialect. A test that is named already stays where
it still provokes the answer; else the one that provokes the least besides is taken. A run takes a
minute or two; failing tests are left out and told of.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from api.openapi.operations import Operation

ROOT = Path(__file__).resolve().parents[2]
# Where a run writes what each test has provoked.
FOLDER = "SLIPWAY_TEST_ANSWERS"
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| `([^`]+)` \|", re.MULTILINE)
WRITABLE = re.compile(r"[^|`\\\s]+( [^|`\\\s]+)*")


class Key(NamedTuple):
    """One answer of one call."""

    method: str
    path: str
    status: int


@dataclass(frozen=True)
class Book:
    """The page of one dialect.

    `head` is what stands above the tables, `areas` the calls by the titles of the tables. Beside
    the tests of `tests` are the files that provoke other things in each run, or read the page.
    """

    page: Path
    tests: Path
    head: Callable[[], str]
    areas: Callable[[], Mapping[str, Sequence[Operation]]]
    beside: Sequence[str]

    def written(self) -> dict[Key, str]:
        """The test for each answer, as the page has it."""
        if not self.page.exists():
            return {}
        return {
            Key(method, path, int(status)): test
            for method, path, status, test in ROW.findall(self.page.read_text())
        }

    def claims(self) -> dict[str, set[Key]]:
        """What each test that the page names must provoke."""
        found: dict[str, set[Key]] = {}
        for key, test in self.written().items():
            found.setdefault(test, set()).add(key)
        return found

    def wanted(self) -> dict[str, list[Key]]:
        """The answers that each area of the document names, but for those that hold by rule."""
        return {
            title: [
                Key(operation.method, operation.path, status)
                for operation in operations
                for status in sorted(operation.own_statuses)
            ]
            for title, operations in self.areas().items()
        }

    def text(self, chosen: Mapping[Key, str]) -> str:
        tables = (_section(title, keys, chosen) for title, keys in self.wanted().items() if keys)
        return self.head() + "".join(tables)

    def write(self) -> int:
        """Run the tests and write the page anew; 1 if something is missing."""
        with tempfile.TemporaryDirectory(prefix="slipway-answers-") as folder:
            code = self._run(folder)
            provoked = dict(_read(Path(folder)))
        _set_up()
        chosen = choose(provoked, self.written())
        self.page.write_text(self.text(chosen))
        missing = [key for keys in self.wanted().values() for key in keys if key not in chosen]
        for key in missing:
            print(f"No test provokes {key.method} {key.path} {key.status}")
        if code:
            print("Some tests failed: what only they provoke is missing.")
        return 1 if missing or code else 0

    def _run(self, folder: str) -> int:
        environment = os.environ | {FOLDER: folder}
        ignored = [f"--ignore={self.tests / name}.py" for name in self.beside]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *ignored, str(self.tests)]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def choose(provoked: Mapping[str, set[Key]], before: Mapping[Key, str]) -> dict[Key, str]:
    """For each answer the test named before, else the one that provokes the least besides."""
    chosen: dict[Key, str] = {}
    writable = [test for test in provoked if WRITABLE.fullmatch(test)]
    for test in sorted(writable, key=lambda test: ("[" in test, len(provoked[test]), test)):
        for key in provoked[test]:
            chosen.setdefault(key, test)
    kept = {key: test for key, test in before.items() if key in provoked.get(test, set())}
    return chosen | kept


@cache
def functions_of(folder: Path, file: str) -> set[str]:
    """The functions of a test file, in the folder or below it."""
    found = next(folder.rglob(f"{file}.py"))
    tree = ast.parse(found.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _section(title: str, keys: Sequence[Key], chosen: Mapping[Key, str]) -> str:
    rows = "".join(
        f"| {key.method} | `{key.path}` | {key.status} | `{chosen[key]}` |\n"
        for key in keys
        if key in chosen
    )
    return f"\n## {title}\n\n| method | path | status | test |\n|---|---|---|---|\n{rows}"


def _read(folder: Path) -> Iterator[tuple[str, set[Key]]]:
    for file in folder.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            noted = json.loads(line)
            yield noted["test"], {Key(*answer) for answer in noted["answers"]}


def _set_up() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
