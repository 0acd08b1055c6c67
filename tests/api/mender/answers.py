"""docs/mender-answers.md: each answer of each call, and the test that provokes it.

    .venv/bin/python -m tests.api.mender.answers

runs the tests of this folder and writes the page anew: `tests/api/answers.py`.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.openapi.operations import Operation
from tests.api.answers import ROOT, Book

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


def areas() -> Mapping[str, Sequence[Operation]]:
    from api.mender.openapi.document import AREAS  # noqa: PLC0415  wants Django set up

    return {title: area.OPERATIONS for title, area in AREAS.items()}


BOOK = Book(
    page=ROOT / "docs/mender-answers.md",
    tests=Path(__file__).resolve().parent,
    head=lambda: HEAD,
    areas=areas,
    beside=("test_fuzz", "test_query_fuzz", "test_answers", "test_documentation"),
)

if __name__ == "__main__":
    sys.exit(BOOK.write())
