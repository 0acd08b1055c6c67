"""docs/mender-answers.md: each answer of each call, and the test that provokes it.

    .venv/bin/python -m tests.api.mender.answers

runs the tests of this folder, writes the page anew and names what no test provokes. A test that
is named already stays where it still provokes the answer; else the one that provokes the least
besides is taken. The run takes a minute or two; failing tests are left out and told of.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/mender-answers.md"
TESTS = Path(__file__).resolve().parent
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| `([^`]+)` \|$", re.MULTILINE)
WRITABLE = re.compile(r"[^|`\\\s]+( [^|`\\\s]+)*")
# What they provoke differs from run to run, or needs the page to be written.
BESIDE = ("test_fuzz", "test_query_fuzz", "test_answers", "test_documentation")
HEAD = """\
# Every answer of the Mender API, and the test that provokes it

One line for each answer that the [OpenAPI document](mender.md#everywhere) names. The tests lie in \
`tests/api/mender`; each of them fails when it no longer provokes what it is named for. The page \
is written by `.venv/bin/python -m tests.api.mender.answers`.

## By rule

What follows from who calls and what is sent is tried with every call that it holds for.

| status | when | test |
|---|---|---|
| 400 | a NUL character in the query | `test_common_answers::test_a_nul_in_the_query` |
| 401 | no token, or none that stands | `test_common_answers::test_nobody_calls` |
| 403 | a role without the permission | `test_common_answers::test_no_role_allows_it` |
| 413 | a JSON body over 1 MiB | `test_common_answers::test_a_body_too_large` |
| 415 | a body that does not call itself JSON | `test_common_answers::test_a_body_of_another_kind` |
| 429 | more calls than allowed | `test_common_answers::test_too_many_calls` |
| 500 | a failure of ours | `test_common_answers::test_a_failure_of_ours` |
"""


class Key(NamedTuple):
    """One answer of one call."""

    method: str
    path: str
    status: int


def written() -> dict[Key, str]:
    """The test for each answer, as the page has it."""
    if not PAGE.exists():
        return {}
    return {
        Key(method, path, int(status)): test
        for method, path, status, test in ROW.findall(PAGE.read_text())
    }


def claims() -> dict[str, set[Key]]:
    """What each test that the page names must provoke."""
    found: dict[str, set[Key]] = {}
    for key, test in written().items():
        found.setdefault(test, set()).add(key)
    return found


def wanted() -> dict[str, list[Key]]:
    """The answers that each area of the document names, but for those that hold by rule."""
    from api.mender.openapi.document import AREAS  # noqa: PLC0415  wants Django set up

    return {
        title: [
            Key(operation.method, operation.path, status)
            for operation in area.OPERATIONS
            for status in sorted(operation.own_statuses)
        ]
        for title, area in AREAS.items()
    }


def page(chosen: dict[Key, str]) -> str:
    return HEAD + "".join(_section(title, keys, chosen) for title, keys in wanted().items() if keys)


def _section(title: str, keys: list[Key], chosen: dict[Key, str]) -> str:
    rows = "".join(
        f"| {key.method} | `{key.path}` | {key.status} | `{chosen[key]}` |\n"
        for key in keys
        if key in chosen
    )
    return f"\n## {title}\n\n| method | path | status | test |\n|---|---|---|---|\n{rows}"


def choose(provoked: dict[str, set[Key]], before: dict[Key, str]) -> dict[Key, str]:
    """For each answer the test named before, else the one that provokes the least besides."""
    chosen: dict[Key, str] = {}
    writable = [test for test in provoked if WRITABLE.fullmatch(test)]
    for test in sorted(writable, key=lambda test: ("[" in test, len(provoked[test]), test)):
        for key in provoked[test]:
            chosen.setdefault(key, test)
    kept = {key: test for key, test in before.items() if key in provoked.get(test, set())}
    return chosen | kept


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="slipway-answers-") as folder:
        code = _run(folder)
        provoked = dict(_read(Path(folder)))
    _set_up()
    chosen = choose(provoked, written())
    PAGE.write_text(page(chosen))
    missing = [key for keys in wanted().values() for key in keys if key not in chosen]
    for key in missing:
        print(f"No test provokes {key.method} {key.path} {key.status}")
    if code:
        print("Some tests failed: what only they provoke is missing.")
    return 1 if missing or code else 0


def _run(folder: str) -> int:
    environment = os.environ | {"SLIPWAY_TEST_ANSWERS": folder}
    ignored = [f"--ignore={TESTS / name}.py" for name in BESIDE]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *ignored, str(TESTS)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _read(folder: Path) -> Iterator[tuple[str, set[Key]]]:
    for file in folder.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            noted = json.loads(line)
            yield noted["test"], {Key(*answer) for answer in noted["answers"]}


def _set_up() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
