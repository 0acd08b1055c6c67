"""A page of the documentation as one script: what it tells to type, and what it says comes out."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"


@dataclass(frozen=True)
class Step:
    """A block of shell and, where the page shows it, the output."""

    line: int
    script: str
    output: str | None


def steps_of(page: str) -> Iterator[Step]:
    """In the order of the page; `output` follows the block that it belongs to."""
    blocks = list(FENCE.finditer(page))
    for number, block in enumerate(blocks):
        if block[1] != "sh":
            continue
        follower = blocks[number + 1] if number + 1 < len(blocks) else None
        shown = follower[2] if follower and follower[1] == "output" else None
        yield Step(page.count("\n", 0, block.start()) + 2, block[2], shown)


def run(steps: list[Step], folder: Path, environment: dict[str, str], root: Path) -> list[str]:
    """What each step wrote, all of them typed into one shell; ends at the first that fails."""
    lines = ["set -euo pipefail"]
    for number, step in enumerate(steps):
        lines += [f"exec > {folder}/{number}", step.script]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=root,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
        timeout=90,
        check=False,
    )
    written = [path.read_text() for path in sorted(folder.iterdir(), key=lambda p: int(p.name))]
    last = steps[len(written) - 1]
    assert done.returncode == 0, f"line {last.line}: {last.script}\n{written[-1]}\n{done.stderr}"
    return written


def is_as_shown(written: str, shown: str) -> bool:
    """`…` stands for anything within a line, and alone in a line for any lines."""
    pattern = ""
    for line in shown.splitlines():
        any_text = re.escape(line).replace(ANYTHING, "[^\n]*")
        pattern += r"(?:[^\n]*\n)*?" if line.strip() == ANYTHING else f"{any_text}\n"
    ended = written if written.endswith("\n") or not written else f"{written}\n"
    return re.fullmatch(pattern, ended) is not None
