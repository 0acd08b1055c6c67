"""The tables of docs/npm.md: each answer of each call, and the test that provokes it.

    .venv/bin/python -m tests.api.npm.answers

runs the tests of this folder and writes the tables anew: `tests/api/answers.py`.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.openapi.operations import Operation
from tests.api.answers import ROOT, Book

PAGE = ROOT / "docs/npm.md"
MARK = "<!-- From here on the tables are written by the tests. -->\n"


def head() -> str:
    """What people write stands above the mark."""
    text = PAGE.read_text()
    assert MARK in text
    return text.partition(MARK)[0] + MARK


def areas() -> Mapping[str, Sequence[Operation]]:
    from api.npm.openapi.document import AREAS  # noqa: PLC0415  wants Django

    document = "/api/npm/openapi.json"
    return {
        f"Answers: {title[0].lower()}{title[1:]}": [each for each in area if each.path != document]
        for title, area in AREAS.items()
    }


BOOK = Book(
    page=PAGE,
    tests=Path(__file__).resolve().parent,
    head=head,
    areas=areas,
    beside=("test_answers", "test_documentation"),
)

if __name__ == "__main__":
    sys.exit(BOOK.write())
