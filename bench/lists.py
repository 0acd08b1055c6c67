"""Milliseconds for a page of the devices' list, the first and the thousandth, beside its floor.

    python bench/lists.py [--database URL] [--devices N] [--rounds N]

Ours is everything from the parameters of the address to the JSON of the answer; the floor is the
statement of the same page through a bare cursor of the driver. Rounds are interleaved: only
ratios of one run mean anything. The database is made and dropped; `--database sqlite` takes the
embedded one.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.create import close
from bench.fleet import make_fleet
from bench.poll import installation

SIZE = 50
DEEP = 1_000
CASES = [
    "",
    "sort=-created_at",
    "sort=-seen_at",
    "q=status==accepted",
    "q=status==accepted&sort=-created_at",
    "q=name==bench-*",
    "q=name==bench-77",
    "q=name==bench-777*",
    "q=attribute.color==red",
]


@dataclass(frozen=True)
class Page:
    """One page: made by us, and by the statement that we make it with."""

    ours: Callable[[], int]
    floor: Callable[[], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with installation(options.database):
        import django

        django.setup()
        try:
            home = make_fleet(options.devices)
            for case in CASES:
                report(case, pages_of(case, home), options.rounds)
        finally:
            close()


def pages_of(case: str, home: Any) -> dict[str, Page]:
    """Page 1 and, where there are so many, page 1,000."""
    from query.cursors import Place

    asked = asked_of(case, home)
    keys = {f"key_{index}": order.key for index, order in enumerate(asked.ordering)}
    rows = asked.rows.order_by(*(order.spelt() for order in asked.ordering)).annotate(**keys)
    last = list(rows.values_list(*keys)[DEEP * SIZE - SIZE - 1 : DEEP * SIZE - SIZE])
    pages = {"page 1": page_at(case, home, None)}
    if last:
        pages[f"page {DEEP}"] = page_at(case, home, Place(last[0]))
    return pages


def asked_of(case: str, home: Any) -> Any:
    from django.http import QueryDict

    from api.v1.asking import read_asked
    from fleet.listing.devices import DEVICES
    from fleet.models import Device

    return read_asked(QueryDict(case), DEVICES, Device.objects.of(home), home)


def page_at(case: str, home: Any, place: Any) -> Page:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from api.json_bodies import encode
    from query.paging import page_of
    from query.planning import planned_for_its_values
    from query.showing import told

    def ours() -> int:
        asked = asked_of(case, home)
        read = [each.expression for each in asked.shown]
        with planned_for_its_values():
            page = page_of(asked.rows, asked.ordering, read, limit=SIZE, place=place)
        return len(encode([told(values, asked.shown) for values in page.rows]))

    with CaptureQueriesContext(connection) as captured:
        ours()
    sql = [query["sql"] for query in captured if '"column_0"' in query["sql"]]

    def floor() -> int:
        cursor = connection.connection.cursor()
        return sum(len(cursor.execute(each).fetchall()) for each in sql)

    return Page(ours, floor)


def report(case: str, pages: dict[str, Page], rounds: int) -> None:
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, page in pages.items():
            taken.setdefault(name, []).append(milliseconds(page.ours))
            taken.setdefault(f"{name} floor", []).append(milliseconds(page.floor))
    told = [f"{name} {statistics.median(each):6.1f} ms" for name, each in taken.items()]
    first, *others = pages
    for other in others:
        told.append(f"{other} / {first} {told_ratio(taken[other], taken[first])}")
    for name in pages:
        told.append(f"{name} / floor {told_ratio(taken[name], taken[f'{name} floor'])}")
    print(f"{case or 'as it begins':38}", *told, sep="  ", flush=True)


def milliseconds(work: Callable[[], int]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def told_ratio(some: list[float], others: list[float]) -> str:
    ratios = sorted(one / other for one, other in zip(some, others, strict=True))
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


if __name__ == "__main__":
    main()
