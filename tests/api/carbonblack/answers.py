"""The tables of docs/carbonblack.md: each answer of each call, and the test that provokes it.

    .venv/bin/python -m tests.api.carbonblack.answers

runs the tests of this folder and writes the tables anew: `tests/api/answers.py`.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.openapi.operations import Operation
from tests.api.answers import ROOT, Book
from tests.api.carbonblack.documented import is_of_the_seed

PAGE = ROOT / "docs/carbonblack.md"
MARK = "<!-- From here on the tables are written by the tests. -->\n"
FIRST = "Answers of Sensor Update Services"


def head() -> str:
    """What people write stands above the mark."""
    text = PAGE.read_text()
    assert MARK in text
    return text.partition(MARK)[0] + MARK


def areas() -> Mapping[str, Sequence[Operation]]:
    from api.carbonblack.openapi.document import AREAS, OPERATIONS  # noqa: PLC0415  wants Django

    first = [each for each in OPERATIONS if is_of_the_seed(each.method, each.path)]
    beyond = {
        f"Answers beyond it: {title}": [each for each in area.OPERATIONS if each not in first]
        for title, area in AREAS.items()
    }
    return {FIRST: first, **beyond}


BOOK = Book(
    page=PAGE,
    tests=Path(__file__).resolve().parent,
    head=head,
    areas=areas,
    beside=("test_answers", "test_documentation"),
)

if __name__ == "__main__":
    sys.exit(BOOK.write())
