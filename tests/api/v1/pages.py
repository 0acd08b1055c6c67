"""docs/api-errors.md and the tables of docs/api.md: made of the tables of codes and listings.

    .venv/bin/python -m tests.api.v1.pages

writes them anew; a test holds them to what there is.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BEGIN = "<!-- What follows is written by `.venv/bin/python -m tests.api.v1.pages`. -->\n"
ERRORS = """\
# Every error of Slipway's own API

A failure is `application/problem+json` (RFC 9457): `type` leads to the code's line on the \
server's own page `/api/docs/errors`, `title` and `status` belong to the code, `detail` is a \
sentence for people, and further members say more where they can: `field`, `errors`, `position`, \
`found`, `expected`, `request_id`. Codes stay the same; sentences may change.

"""


@dataclass(frozen=True)
class Page:
    path: Path
    text: Callable[[], str]


def errors() -> str:
    from api.v1.codes import AREAS  # noqa: PLC0415  wants Django set up
    from api.v1.codes.wire import MEMBERS  # noqa: PLC0415

    areas = "\n".join(
        f"## {area}\n\n| code | status | meaning |\n|---|---|---|\n"
        + "".join(f"| `{name}` | {it.status} | {it.explanation} |\n" for name, it in codes.items())
        for area, codes in AREAS.items()
    )
    members = "".join(f"| `{name}` | {meaning} |\n" for name, meaning in MEMBERS.items())
    within = f"\n## Within a body\n\n| code in `errors` | meaning |\n|---|---|\n{members}"
    return f"{ERRORS}{BEGIN}\n{areas}{within}"


def overview() -> str:
    """What people wrote at the head of the page, and the columns of each list."""
    head = (ROOT / "docs/api.md").read_text().partition(BEGIN)[0]
    return f"{head}{BEGIN}\n" + "\n".join(_resources())


def _resources() -> Iterator[str]:
    from api.v1.openapi.listings import kind_of, resources, uses  # noqa: PLC0415

    for resource in resources():
        head = f"### {resource.title}\n\n`GET {resource.path}`\n\n"
        rows = (
            f"| `{column.name}` | {kind_of(column)} | {', '.join(uses(column))} | "
            f"{_meaning(column.help, column.choices)} |\n"
            for column in resource.fields
        )
        yield f"{head}| field | type | use | meaning |\n|---|---|---|---|\n{''.join(rows)}"


def _meaning(text: str, choices: tuple[str, ...]) -> str:
    listed = f" ({', '.join(f'`{choice}`' for choice in choices)})" if choices else ""
    return re.sub(r"\|", r"\\|", f"{text}{listed}")


PAGES = [
    Page(ROOT / "docs/api-errors.md", errors),
    Page(ROOT / "docs/api.md", overview),
]


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for page in PAGES:
        page.path.write_text(page.text())


if __name__ == "__main__":
    sys.exit(main())
